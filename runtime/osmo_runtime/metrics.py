"""Numbers about a run, as the platform has them: ``metrics.json`` (``summary``) and the lines of ``summary.jsonl``."""

import math
import statistics
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osmo_runtime.grading import mean
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Failed, Graded
from osmo_runtime.statistics.estimates import pass_at_k, quantile


def summary_line(entry: Entry, rollout_id: str, *, is_resumed: bool = False) -> dict[str, Any]:
    """Return one attempt's line; keys without a value are left out, as the platform wants it.

    ``is_resumed`` says that the attempt was counted by an earlier invocation of the run.
    """
    outcome = entry.outcome
    reward = outcome.reward if isinstance(outcome, Graded) else None
    line = {
        "row_index": entry.attempt.row,
        "run_index": entry.attempt.repeat,
        "rollout_id": rollout_id,
        "trajectory_filename": f"{entry.attempt}.json",
        "status": "failed" if isinstance(outcome, Failed) else "skipped" if reward is None else "success",
        "reward": reward,
        "tokens": entry.prompt_tokens + entry.completion_tokens,
        "duration_ms": entry.duration_ms,
        "error_type": outcome.boundary.value if isinstance(outcome, Failed) else None,
        "resumed": is_resumed or None,
    }
    return {key: value for key, value in line.items() if value is not None}


@dataclass(slots=True)
class Totals:
    """Counts a run's entries one by one, in the order of their attempts, and keeps a few numbers of each.

    An attempt passes with a reward of at least ``pass_threshold``. Failed ones count as not passed; ones whose sample
    the rollout removed (``skipped``) do not count at all. ``failures`` tells, for each boundary that attempts failed
    at, how many, and the first one's place and message; ``tool_errors`` the same of what tools told the model.
    """

    pass_threshold: float
    attempts: int = 0
    failed: int = 0
    tokens: int = 0
    repeats: int = 0
    rewards: "array[float]" = field(default_factory=lambda: array("d"))
    scored: Counter[int] = field(default_factory=Counter)
    passed: Counter[int] = field(default_factory=Counter)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)
    tool_errors: dict[str, Any] | None = None

    def add(self, entry: Entry) -> None:
        self.attempts += 1
        self.tokens += entry.prompt_tokens + entry.completion_tokens
        self.repeats = max(self.repeats, entry.attempt.repeat + 1)
        outcome = entry.outcome
        if isinstance(outcome, Failed):
            self._add_failure(entry.attempt, outcome)
        elif outcome.reward is not None:
            self._add_reward(entry.attempt.row, outcome.reward)
        if entry.tool_errors:
            self._add_tool_errors(entry.attempt, entry.tool_errors)

    def _add_failure(self, attempt: Attempt, failed: Failed) -> None:
        self.failed += 1
        self.scored[attempt.row] += 1
        first = {"count": 0, "first": str(attempt), "message": failed.message}
        self.failures.setdefault(failed.boundary.value, first)["count"] += 1

    def _add_reward(self, row: int, reward: float) -> None:
        self.rewards.append(reward)
        self.scored[row] += 1
        if reward >= self.pass_threshold:
            self.passed[row] += 1

    def _add_tool_errors(self, attempt: Attempt, errors: Mapping[str, int]) -> None:
        if self.tool_errors is None:
            self.tool_errors = {"count": 0, "attempts": 0, "first": str(attempt), "message": next(iter(errors))}
        self.tool_errors["count"] += sum(errors.values())
        self.tool_errors["attempts"] += 1

    def summary(self) -> dict[str, Any]:
        """Return the ``summary`` object: counts, pass rate, reward statistics and, for repeated rows, pass@k."""
        scored = len(self.rewards) + self.failed
        passed = self.passed.total()
        summary: dict[str, Any] = {
            "total_samples": self.attempts,
            "completed_samples": scored,
            "graded": len(self.rewards),
            "passed": passed,
            "failed": self.failed,
            "skipped": self.attempts - scored,
            "pass_rate": passed / scored if scored else 0,
            "pass_threshold": self.pass_threshold,
            "tokens_used": self.tokens,
        }
        if self.rewards:
            summary["reward_stats"] = _reward_stats(self.rewards)
        return summary | self._of_repeats() | ({"tool_errors": self.tool_errors} if self.tool_errors else {})

    def _of_repeats(self) -> dict[str, Any]:
        if self.repeats < 2:
            return {}
        powers = [2**power for power in range(self.repeats.bit_length())]
        known = [point for k in powers if (point := self._pass_at(k)) is not None]
        return {"n_runs": self.repeats} | ({"pass_at_k": known} if len(known) >= 2 else {})

    def _pass_at(self, k: int) -> dict[str, Any] | None:
        values = [pass_at_k(count, self.passed[row], k) for row, count in self.scored.items() if count >= k]
        return {"k": k, "value": statistics.fmean(values)} if values else None


def _reward_stats(rewards: Sequence[float]) -> dict[str, float | None]:
    return {
        "mean": mean(rewards),
        "median": _median(rewards),
        "std": statistics.pstdev(rewards) if len(rewards) > 1 else 0.0,
        "min": min(rewards),
        "max": max(rewards),
    }


def _median(rewards: Sequence[float]) -> float:
    """Return the median, to the last digit as the platform has it; where the sum of two is too large, nearly so."""
    median = statistics.median(rewards)
    return median if math.isfinite(median) else quantile(sorted(rewards), 0.5)
