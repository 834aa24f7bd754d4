"""``runs export``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osmo_checks.datasets.targets import require_target
from osmo_checks.datasets.writing import row_writers
from osmo_checks.workspace import require_workspace
from osmo_runtime import redact
from osmo_runtime.conversation import messages_of
from osmo_runtime.journal import Entry
from osmo_runtime.metrics import summary_line
from osmo_runtime.model import Failed
from osmo_runtime.runs import Run, require_run
from osmo_scaffold.commands.dataset_output import told_if_interrupted
from osmo_scaffold.output import OutputFormat, emit, emit_json


def export(name: str, target: Path, *, min_reward: float | None, overwrite: bool, output_format: OutputFormat) -> int:
    """Write a run's attempts to one file: a table as Parquet or CSV, conversations as JSON Lines."""
    run = require_run(require_workspace(Path.cwd()).root, name)
    place = require_target([run.folder.journal, run.folder.path / "summary.jsonl"], target, overwrite=overwrite)
    rows_of = _conversations if place.ending in (".jsonl", ".json") else _table
    count = 0
    with told_if_interrupted(f"{target} was not written"), row_writers({"to": place}) as writers:
        for row in rows_of(run, _chosen(run, min_reward)):
            writers["to"].write(f"{run.name}, row {row['row']}", row)
            count += 1
    if output_format is OutputFormat.JSON:
        emit_json({"run": run.name, "path": target.as_posix(), "attempts": count})
    else:
        emit(f"{target}: {count:,} attempt{'' if count == 1 else 's'} of {run.name}")
    return 0


def _chosen(run: Run, min_reward: float | None) -> Iterator[Entry]:
    for entry in run.entries():
        reward = None if isinstance(entry.outcome, Failed) else entry.outcome.reward
        if min_reward is None or (reward is not None and reward >= min_reward):
            yield entry


def _conversations(run: Run, entries: Iterator[Entry]) -> Iterator[dict[str, Any]]:
    """Yield chat-format rows: what fine-tuning takes, with what the attempt was beside it."""
    for entry in entries:
        trajectory = run.trajectory(entry.attempt) or {}
        told = _told(run, entry, trajectory)
        kept = {key: told[key] for key in ("row", "repeat", "status", "reward", "label")}
        yield {"messages": _clean(messages_of(trajectory)), **kept}


def _table(run: Run, entries: Iterator[Entry]) -> Iterator[dict[str, Any]]:
    """Yield flat rows; ``messages`` is JSON text, as a cell can hold it."""
    for entry in entries:
        trajectory = run.trajectory(entry.attempt) or {}
        yield {**_told(run, entry, trajectory), "messages": json.dumps(messages_of(trajectory))}


def _told(run: Run, entry: Entry, trajectory: dict[str, Any]) -> dict[str, Any]:
    outcome = entry.outcome
    failed = outcome if isinstance(outcome, Failed) else None
    line = summary_line(entry, run.folder.rollout_id(entry.attempt))
    label = trajectory.get("extra", {}).get("osmosis", {}).get("label")
    told: dict[str, Any] = _clean(
        {
            "row": entry.attempt.row,
            "repeat": entry.attempt.repeat,
            "rollout_id": line["rollout_id"],
            "status": line["status"],
            "reward": line.get("reward"),
            "label": None if label is None else str(label),
            "failure_boundary": failed.boundary.value if failed else None,
            "failure_message": failed.message if failed else None,
            "failure_traceback": failed.traceback if failed else None,
            "model_calls": entry.calls,
            "prompt_tokens": entry.prompt_tokens,
            "completion_tokens": entry.completion_tokens,
            "duration_ms": entry.duration_ms,
            "model_ms": entry.model_ms,
            "started_at": entry.started_at,
        }
    )
    return told


def _clean(value: Any) -> Any:
    """Replace halves of surrogate pairs: no file format has them, and they should not keep the others from it."""
    return redact.in_values(value, lambda text: text.encode("utf-8", "replace").decode())
