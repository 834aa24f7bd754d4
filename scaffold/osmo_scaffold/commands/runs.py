"""``runs list`` and ``runs show``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osmo_checks.configs import require_toml
from osmo_checks.errors import InputError
from osmo_checks.printable import printable
from osmo_checks.workspace import Workspace, require_workspace
from osmo_runtime.conversation import as_text, messages_of
from osmo_runtime.journal import Entry
from osmo_runtime.model import Failed
from osmo_runtime.runs import Run, all_runs, require_entry, require_run
from osmo_runtime.statistics.plain import statistics_json
from osmo_scaffold.commands.runs_text import as_lines, statistics_lines, table
from osmo_scaffold.output import OutputFormat, emit, emit_json, say

_COLUMNS = ("name", "state", "rollout", "policy", "started_at", "attempts", "failed", "reward_mean")


def list_runs(*, output_format: OutputFormat) -> int:
    """List the workspace's runs, the newest last; what is wrong with one of them is said, and hides no other."""
    found = [_overview_or_state(run) for run in all_runs(require_workspace(Path.cwd()).root)]
    if output_format is OutputFormat.JSON:
        emit_json({"runs": found})
    elif found:
        head = ["run", "state", "rollout", "policy", "attempts", "failed", "reward"]
        emit("\n".join(table([head, *map(_row, found)])))
    else:
        say("There are no runs yet: make one with `osmo-scaffold run`.")
    return 0


def show(name: str, row: int | None, attempt: int | None, *, output_format: OutputFormat) -> int:
    """Show what came out of a run, or one attempt's conversation."""
    workspace = require_workspace(Path.cwd())
    run = require_run(workspace.root, name)
    if row is not None:
        return _show_attempt(run, require_entry(run, row, attempt), output_format)
    statistics = run.statistics(max_response_length(workspace, run.rollout))
    found = statistics_json(statistics)
    if output_format is OutputFormat.JSON:
        emit_json({"run": _overview(run), "statistics": found})
    else:
        head = f"{run.name}: {run.rollout}, policy {run.policy}, {run.state}"
        emit(as_lines([head, "", *statistics_lines(found)]))
    return 0


def max_response_length(workspace: Workspace, rollout: str) -> int | None:
    """Return the smallest limit of the training configs that train this rollout; ``None`` where none says one."""
    limits = []
    for path in workspace.training_configs():
        try:
            data = require_toml(path, workspace.relative(path))
        except InputError:
            continue
        experiment, training = data.get("experiment"), data.get("training")
        if isinstance(experiment, dict) and isinstance(training, dict) and experiment.get("rollout") == rollout:
            limits.append(training.get("max_response_length"))
    return min((limit for limit in limits if isinstance(limit, int)), default=None)


def _overview_or_state(run: Run) -> dict[str, Any]:
    try:
        return _overview(run)
    except InputError as error:
        say(str(error))
        return {**dict.fromkeys(_COLUMNS), "name": run.name, "state": "unreadable"}


def _overview(run: Run) -> dict[str, Any]:
    return {
        "name": run.name,
        "state": run.state,
        "rollout": run.rollout,
        "policy": run.policy,
        "started_at": run.started_at or None,
        "attempts": run.count("total_samples"),
        "failed": run.count("failed"),
        "reward_mean": run.reward_mean,
    }


def _row(found: dict[str, Any]) -> list[str]:
    reward = found["reward_mean"]
    counts = ["" if found[name] is None else f"{found[name]:,}" for name in ("attempts", "failed")]
    texts = [printable(found[name] or "") for name in ("name", "state", "rollout", "policy")]
    return [*texts, *counts, "" if reward is None else f"{reward:.4g}"]


def _show_attempt(run: Run, entry: Entry, output_format: OutputFormat) -> int:
    trajectory = run.trajectory(entry.attempt)
    if trajectory is None:
        raise InputError(f"The run {run.name} has lost trajectories/{entry.attempt}.json.")
    messages = messages_of(trajectory)
    about = trajectory.get("extra", {}).get("osmosis", {})
    if output_format is OutputFormat.JSON:
        emit_json({"attempt": entry.to_json(), "label": about.get("label"), "messages": messages})
    else:
        emit(as_lines([*_head(entry, about.get("label")), "", *as_text(messages)]).rstrip())
    return 0


def _head(entry: Entry, label: object) -> Iterator[str]:
    outcome = entry.outcome
    yield f"row {entry.attempt.row}, attempt {entry.attempt.repeat}: {_in_words(entry)}"
    if label is not None:
        yield f"label: {label}"
    yield (
        f"{entry.calls} model calls, {entry.prompt_tokens} + {entry.completion_tokens} tokens (estimated), "
        f"{entry.duration_ms:,.0f} ms"
    )
    if isinstance(outcome, Failed):
        yield from (outcome.traceback.rstrip() or outcome.message).splitlines()


def _in_words(entry: Entry) -> str:
    outcome = entry.outcome
    if isinstance(outcome, Failed):
        return f"failed ({outcome.boundary.value}): {outcome.message.splitlines()[0] if outcome.message else ''}"
    return "skipped, the rollout removed its sample" if outcome.reward is None else f"reward {outcome.reward:.6g}"
