"""A few rows, run here: answered by who knows the answers, and by who repeats the question."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from osmo_checks.configs import read_eval_config
from osmo_checks.datasets import read_rows
from osmo_checks.errors import InputError
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.engine import RunPlan, RunResult
from osmo_runtime.engine import run as run_plan
from osmo_runtime.model import Row
from osmo_scaffold.generate.interrupts import interrupted_by_signals
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted
from osmo_scaffold.runnable import DEFAULT_POLICY, RUNNABLE, defaults_of, rollout_plan

_ROWS = 4
#: Seconds that one attempt, and loading the rollout, may take here, whatever the config allows.
_PATIENCE_S = 60.0


def check(situation: Situation) -> Outcome:
    if not situation.may_run:
        return skipped("Nothing was run, as --no-run asks.")
    if situation.folder is None or situation.config.entrypoint is None:
        return skipped("The config names no rollout and entrypoint that could be run.")
    if situation.generation not in RUNNABLE:
        return skipped(f"Rollouts of the generation `{situation.generation}` do not run here.")
    path = situation.rows_file
    if path is None:
        return skipped("There is no local dataset to take rows from.")
    rows = [Row(number, data) for number, data in read_rows(path, _ROWS)]
    if not rows:
        return failed(f"{situation.workspace.relative(path)} has no rows.")
    return _judged(situation, rows, *_runs(situation, rows))


def _runs(situation: Situation, rows: Sequence[Row]) -> tuple[str, RunResult, RunResult]:
    """Return the policy that knows the answers, its results, and those of ``echo``."""
    config = read_eval_config(situation.config.toml.path, situation.shown)
    rollout = rollout_plan(situation.workspace, config)
    rollout = replace(
        rollout,
        agent_timeout_s=min(_PATIENCE_S, rollout.agent_timeout_s),
        grader_timeout_s=min(_PATIENCE_S, rollout.grader_timeout_s),
        # Nothing is left in the workspace, compiled modules neither.
        env={**rollout.env, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    knowing = defaults_of(situation.workspace, rollout.folder).policy or DEFAULT_POLICY
    return knowing, _run(situation, rollout, rows, knowing), _run(situation, rollout, rows, "echo")


def _run(situation: Situation, rollout: RolloutPlan, rows: Sequence[Row], policy: str) -> RunResult:
    """Run ``rows`` where nothing is kept. Raises ``InputError`` for a rollout that cannot be loaded."""
    temporary = tempfile.TemporaryDirectory(prefix="osmo-scaffold-preflight-", ignore_cleanup_errors=True)
    with interrupted_by_signals(), temporary as folder:
        plan = RunPlan(
            name="preflight",
            workspace=Path(folder),
            rollout=rollout,
            rows=rows,
            repeats=1,
            dataset="preflight",
            policy=policy,
            seed=0,
            pass_threshold=1.0,
            load_timeout_s=_PATIENCE_S,
            cores=1,
            inputs={},
        )
        try:
            return run_plan(plan, situation.environment, lambda _tally, _total: None)
        except InputError as error:
            # The engine names logs in the temporary folder, which is gone by then.
            cause = error.__context__
            if isinstance(cause, RolloutLoadError):
                raise InputError(f"The rollout cannot be loaded: {cause}") from error
            raise


def _judged(situation: Situation, rows: Sequence[Row], policy: str, oracle: RunResult, echo: RunResult) -> Outcome:
    mend = f"osmo-scaffold run {situation.rollout} --limit {_ROWS}"
    broken = sum(result.summary["failed"] for result in (oracle, echo))
    if broken:
        details = (*_failures(policy, oracle), *_failures("echo", echo))
        return failed(f"{broken} of {counted(2 * len(rows), 'attempt')} failed.", mend, details)
    best, worst = _mean(oracle), _mean(echo)
    tried = f"On {counted(len(rows), 'row')}, {policy} earns"
    if best is None or worst is None:
        return warned("The rollout removed every sample from training, so nothing was graded.", mend)
    if not any(row.label for row in rows):
        return warned(f"{tried} {best:.4g} and echo {worst:.4g}, which says little: the rows have no ground_truth.")
    if _highest(oracle) <= 0 and worst >= best:
        return failed(f"{tried} {best:.4g}: the grader misses right answers, or the workflow loses them.", mend)
    if worst >= best:
        message = (
            f"{tried} {best:.4g}, and echo, which repeats the question, {worst:.4g}: the grader rewards non-answers."
        )
        return warned(message, f"{mend} --policy echo")
    return passed(f"{tried} {best:.4g}, and echo {worst:.4g}.")


def _failures(policy: str, result: RunResult) -> tuple[str, ...]:
    return tuple(
        f"{policy}: {failure['count']} x {boundary}: {_first_line(failure['message'])}"
        for boundary, failure in result.failures.items()
    )


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _mean(result: RunResult) -> float | None:
    stats = result.summary.get("reward_stats")
    return float(stats["mean"]) if stats else None


def _highest(result: RunResult) -> float:
    return float(result.summary["reward_stats"]["max"])
