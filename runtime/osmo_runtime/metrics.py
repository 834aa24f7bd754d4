"""Numbers about a run, as the platform has them: ``metrics.json`` (``summary``) and the lines of ``summary.jsonl``."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osmo_runtime.journal import Entry
from osmo_runtime.model import Failed, Graded
from osmo_runtime.statistics.estimates import pass_at_k


def summary_line(entry: Entry, rollout_id: str) -> dict[str, Any]:
    """Return one attempt's line; keys without a value are left out, as the platform wants it."""
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
    }
    return {key: value for key, value in line.items() if value is not None}


def summarise(entries: Sequence[Entry], pass_threshold: float) -> dict[str, Any]:
    """Return the ``summary`` object: counts, pass rate, reward statistics and, for repeated rows, pass@k.

    An attempt passes with a reward of at least ``pass_threshold``. Failed ones count as not passed; ones whose sample
    the rollout removed (``skipped``) do not count at all.
    """
    rewards = [e.outcome.reward for e in entries if isinstance(e.outcome, Graded) and e.outcome.reward is not None]
    failed = sum(isinstance(entry.outcome, Failed) for entry in entries)
    scored = len(rewards) + failed
    passed = sum(reward >= pass_threshold for reward in rewards)
    summary: dict[str, Any] = {
        "total_samples": len(entries),
        "completed_samples": scored,
        "graded": len(rewards),
        "passed": passed,
        "failed": failed,
        "skipped": len(entries) - scored,
        "pass_rate": passed / scored if scored else 0,
        "pass_threshold": pass_threshold,
        "tokens_used": sum(entry.prompt_tokens + entry.completion_tokens for entry in entries),
    }
    if rewards:
        summary["reward_stats"] = {
            "mean": statistics.fmean(rewards),
            "median": statistics.median(rewards),
            "std": statistics.pstdev(rewards) if len(rewards) > 1 else 0.0,
            "min": min(rewards),
            "max": max(rewards),
        }
    told = tool_errors(entries)
    return summary | _repeats(entries, pass_threshold) | ({"tool_errors": told} if told else {})


def failures(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return, for each boundary that attempts failed at, how many, and the first one's place and message."""
    found: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry.attempt):
        if isinstance(entry.outcome, Failed):
            boundary = entry.outcome.boundary.value
            first = {"count": 0, "first": str(entry.attempt), "message": entry.outcome.message}
            found.setdefault(boundary, first)["count"] += 1
    return found


def tool_errors(entries: Iterable[Entry]) -> dict[str, Any] | None:
    """Return how many errors of tools the model was told of, in how many attempts, and the first one; else ``None``."""
    having = [(entry.attempt, entry.tool_errors) for entry in entries if entry.tool_errors]
    if not having:
        return None
    attempt, said = min(having, key=lambda pair: pair[0])
    count = sum(sum(found.values()) for _, found in having)
    return {"count": count, "attempts": len(having), "first": str(attempt), "message": next(iter(said))}


def _repeats(entries: Sequence[Entry], pass_threshold: float) -> dict[str, Any]:
    repeats = 1 + max((entry.attempt.repeat for entry in entries), default=0)
    if repeats < 2:
        return {}
    counted = [e for e in entries if isinstance(e.outcome, Failed) or e.outcome.reward is not None]
    attempts = Counter(entry.attempt.row for entry in counted)
    passes = Counter(entry.attempt.row for entry in counted if _passed(entry, pass_threshold))
    points = [_point(attempts, passes, 2**power) for power in range(repeats.bit_length()) if 2**power <= repeats]
    known = [point for point in points if point is not None]
    return {"n_runs": repeats} | ({"pass_at_k": known} if len(known) >= 2 else {})


def _passed(entry: Entry, threshold: float) -> bool:
    outcome = entry.outcome
    return isinstance(outcome, Graded) and outcome.reward is not None and outcome.reward >= threshold


def _point(attempts: Mapping[int, int], passes: Mapping[int, int], k: int) -> dict[str, Any] | None:
    values = [pass_at_k(count, passes.get(row, 0), k) for row, count in sorted(attempts.items()) if count >= k]
    return {"k": k, "value": statistics.fmean(values)} if values else None
