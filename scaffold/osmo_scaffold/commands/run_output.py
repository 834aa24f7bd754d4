"""What ``run`` shows: progress while it goes on, then a table or JSON."""

import time
from typing import IO, Any, Self

from osmo_runtime.engine import RunPlan, RunResult, Tally
from osmo_scaffold.commands.runs_text import as_lines

_REDRAW_EVERY_S = 0.1


class ProgressLine:
    """A progress bar on a terminal; elsewhere, or if it is not to be drawn, it only counts. A context manager."""

    def __init__(self, stream: IO[str], *, is_drawn: bool = True) -> None:
        self.counted = 0
        self.total = 0
        self._stream = stream
        self._is_drawn = is_drawn
        self._bar: Any = None
        self._task: Any = None
        self._drawn = 0.0

    def __enter__(self) -> Self:
        if self._is_drawn and self._stream.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("loading the rollout", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, tally: Tally, total: int) -> None:
        self.counted, self.total = tally.counted, total
        if self._bar is None or not tally.counted or time.monotonic() - self._drawn < _REDRAW_EVERY_S:
            return
        self._drawn = time.monotonic()
        self._bar.update(self._task, completed=tally.counted, total=total, description=f"{tally.failed} failed")


def as_json(plan: RunPlan, result: RunResult) -> dict[str, Any]:
    """Return the result for programs; rewards are ``None`` where nothing was graded."""
    rewards = result.summary.get("reward_stats", {})
    return {
        "run": {"name": plan.name, "dir": str(result.folder)},
        "summary": {
            "attempts": result.summary["total_samples"],
            "graded": result.summary["graded"],
            "failed": result.summary["failed"],
            "skipped": result.summary["skipped"],
            "reward_mean": rewards.get("mean"),
            "reward_min": rewards.get("min"),
            "reward_max": rewards.get("max"),
            "pass_rate": result.summary["pass_rate"],
            "tokens": result.summary["tokens_used"],
            "duration_s": round(result.duration_s, 3),
            "attempts_run_now": result.fresh,
            "failures": result.failures,
            "tool_errors": result.summary.get("tool_errors"),
        },
    }


def as_text(plan: RunPlan, result: RunResult, shown: str) -> str:
    """Return the result for people: a table, the first failure of each kind, and where the files are."""
    summary, rewards = result.summary, result.summary.get("reward_stats")
    rate = result.fresh / result.duration_s if result.duration_s else 0.0
    shown_rate = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
    lines = [
        ("run", plan.name),
        ("policy", f"{result.policy} (from {plan.policy_from})" if plan.policy_from else result.policy),
        ("fault", plan.fault),
        ("attempts", f"{summary['total_samples']} ({_counted(len(plan.rows), 'row')} x {plan.repeats})"),
        ("graded", str(summary["graded"])),
        ("failed", str(summary["failed"])),
        ("skipped", f"{summary['skipped']} (the rollout removed their samples)" if summary["skipped"] else ""),
        ("reward", _reward(rewards) if rewards else "none: nothing was graded"),
        ("passed", f"{summary['pass_rate']:.1%} (reward of {summary['pass_threshold']:g} or more)"),
        ("time", f"{result.duration_s:.1f} s, {_counted(result.fresh, 'attempt')} run, {shown_rate} a second"),
        ("files", shown),
    ]
    table = [f"{name:<10}{value}" for name, value in lines if value]
    return as_lines([*table, *_failures(result, shown), *_tool_errors(result, shown)])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _reward(stats: dict[str, float]) -> str:
    return f"mean {stats['mean']:.4g}, min {stats['min']:.4g}, max {stats['max']:.4g}"


def _failures(result: RunResult, shown: str) -> list[str]:
    found = result.failures
    if not found:
        return []
    lines = ["", "Failures, by where they happened, each with its first:"]
    for boundary, failure in found.items():
        message = failure["message"].partition("\n")[0]
        lines.append(f"  {boundary:<9}{failure['count']:>6}  {failure['first']}: {message}")
    first = next(iter(found.values()))["first"]
    lines.append(
        f"Look at {shown}/journal.jsonl (tracebacks) and {shown}/trajectories/{first}.json (the conversation)."
    )
    return lines


def _tool_errors(result: RunResult, shown: str) -> list[str]:
    found = result.summary.get("tool_errors")
    if found is None:
        return []
    told = f"{_counted(found['count'], 'error')} of tools in {_counted(found['attempts'], 'attempt')}"
    return [
        "",
        f"The model was told of {told}, which failed nothing by themselves. The first, in {found['first']}:",
        f"  {found['message']}",
        f"Look at {shown}/logs for tracebacks.",
    ]
