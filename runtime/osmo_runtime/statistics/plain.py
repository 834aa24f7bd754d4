"""Statistics as plain data, for JSON and for the report."""

from typing import Any

from osmo_runtime.statistics.comparison import Comparison, Difference, in_words
from osmo_runtime.statistics.estimates import CONFIDENCE, Estimate
from osmo_runtime.statistics.gathering import Statistics


def statistics_json(found: Statistics) -> dict[str, Any]:
    """Return everything about a run; ``None`` stands where there is nothing to tell."""
    signal = found.signal
    return {
        "attempts": found.attempts,
        "rows": len(found.rows),
        "graded": found.graded,
        "failed": found.failed,
        "skipped": found.skipped,
        "pass_threshold": found.pass_threshold,
        "confidence": CONFIDENCE,
        "reward": estimate_json(found.reward),
        "pass_rate": estimate_json(found.pass_rate),
        "pass_at_k": [{"k": k, **(estimate_json(estimate) or {})} for k, estimate in found.pass_at.items()],
        "model_calls": found.calls,
        "tokens": {"prompt": found.prompt_tokens, "completion": found.completion_tokens, "are_estimates": True},
        "duration_ms": found.duration_quantiles,
        "model_ms": found.model_quantiles,
        "response_tokens": found.length_quantiles,
        "max_response_length": found.max_response_length,
        "truncated": None if found.max_response_length is None else found.truncated,
        "training_signal": {
            "groups": signal.groups,
            "without_variance": signal.without_variance,
            "share_without_variance": signal.share_without_variance,
            "all_passed": signal.all_passed,
            "none_passed": signal.none_passed,
        },
        "failures": dict(found.failures),
        "failure_kinds": [
            {
                "boundary": kind.boundary,
                "count": kind.count,
                "row": kind.first.row,
                "repeat": kind.first.repeat,
                "message": kind.message,
                "traceback": kind.traceback,
            }
            for kind in found.most_frequent
        ],
        "tool_errors": {
            "count": found.tool_errors,
            "attempts": found.with_tool_errors,
            "kinds": [
                {"count": kind.count, "row": kind.first.row, "repeat": kind.first.repeat, "message": kind.message}
                for kind in found.most_frequent_tool_errors
            ],
        },
    }


def comparison_json(found: Comparison, first: str, second: str) -> dict[str, Any]:
    return {
        "first": first,
        "second": second,
        "paired_rows": found.paired,
        "rows_in_first_only": found.only_first,
        "rows_in_second_only": found.only_second,
        "confidence": CONFIDENCE,
        "reward": _difference_json(found.reward, first, second),
        "pass_rate": _difference_json(found.pass_rate, first, second),
    }


def estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {"mean": estimate.mean, "low": estimate.low, "high": estimate.high, "rows": estimate.groups}


def _difference_json(found: Difference | None, first: str, second: str) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "first": found.first,
        "second": found.second,
        "difference": estimate_json(found.estimate),
        "rows_better": found.better,
        "rows_worse": found.worse,
        "decisive": found.is_decisive,
        "words": in_words(found, first, second),
    }
