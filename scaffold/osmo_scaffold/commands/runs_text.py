"""Statistics and comparisons as text for people, from their plain data."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from osmo_checks.printable import printable

#: Failures that are shown with their traceback.
_SHOWN = 5


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with columns of one width; the first row has their names."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def as_lines(lines: Iterable[str]) -> str:
    """Return lines as they are shown; a model wrote them, or anybody."""
    return "\n".join(printable(line, keep="\t") for line in lines)


def statistics_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what ``statistics_json`` returned, a line each, and failures below."""
    said = {
        "attempts": f"{found['attempts']:,} at {_counted(found['rows'], 'row')}",
        "outcomes": f"{found['graded']:,} graded, {found['failed']:,} failed, {found['skipped']:,} skipped",
        "reward": _estimate(found["reward"]),
        "passed": _estimate(found["pass_rate"], "%") + f"; reward of {found['pass_threshold']:g} or more",
        **{f"pass@{point['k']}": _estimate(point, "%") for point in found["pass_at_k"][1:]},
        "tokens": f"{found['tokens']['prompt']:,} + {found['tokens']['completion']:,} (estimated) in "
        f"{_counted(found['model_calls'], 'model call')}",
        "time": _quantiles(found["duration_ms"], " ms"),
        "in model": _quantiles(found["model_ms"], " ms"),
        "response": _quantiles(found["response_tokens"], " tokens"),
        "truncated": _truncated(found),
        "signal": _signal(found["training_signal"]),
    }
    yield from (f"{name:<11}{text}" for name, text in said.items() if text)
    yield from _failures(found)
    yield from _tool_errors(found["tool_errors"])


def comparison_lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what ``comparison_json`` returned: the words first, then what they rest on."""
    measures = [(name, found[key]) for name, key in (("reward", "reward"), ("pass rate", "pass_rate")) if found[key]]
    if not measures:
        yield f"{found['first']} and {found['second']} have no row in common that both have graded."
    yield from (measure["words"] for _, measure in measures)
    if measures:
        head = ["", found["first"], found["second"], "rows better", "rows worse"]
        rows = [
            [name, f"{m['first']:.4g}", f"{m['second']:.4g}", f"{m['rows_better']:,}", f"{m['rows_worse']:,}"]
            for name, m in measures
        ]
        yield from ("", *table([head, *rows]))
    alone = found["rows_in_first_only"] + found["rows_in_second_only"]
    if alone:
        yield f"Left out: {_counted(alone, 'row')} that only one of the runs has."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _estimate(found: dict[str, Any] | None, unit: str = "") -> str:
    if found is None:
        return "nothing was graded"
    shown = [f"{value * 100:.1f}%" if unit else f"{value:.4g}" for value in _numbers(found)]
    if len(shown) == 1:
        return f"{shown[0]} (no interval: {'one row' if found['rows'] == 1 else 'no spread'})"
    return f"{shown[0]} (95% interval {shown[1]} to {shown[2]})"


def _numbers(found: dict[str, Any]) -> list[float]:
    return [found[key] for key in ("mean", "low", "high") if found[key] is not None]


def _quantiles(found: dict[str, float], unit: str) -> str:
    return ", ".join(f"{name} {value:,.0f}{unit}" for name, value in found.items())


def _truncated(found: dict[str, Any]) -> str:
    if found["max_response_length"] is None:
        return ""
    limit = f"max_response_length, {found['max_response_length']:,} tokens"
    return f"{found['truncated']:,} of {found['attempts']:,} wrote more than {limit}"


def _signal(found: dict[str, Any]) -> str:
    if not found["groups"]:
        return "unknown with one attempt a row: run with -n 8 to see what training could learn from"
    return (
        f"{found['share_without_variance']:.1%} of {_counted(found['groups'], 'row')} have equal rewards and teach "
        f"nothing ({found['all_passed']:,} always pass, {found['none_passed']:,} never)"
    )


def _failures(found: dict[str, Any]) -> Iterator[str]:
    if not found["failures"]:
        return
    yield from ("", "Failures by boundary: " + ", ".join(f"{name} {n:,}" for name, n in found["failures"].items()))
    for kind in found["failure_kinds"][:_SHOWN]:
        message = kind["message"].partition("\n")[0]
        yield from ("", f"{kind['count']:,} x {kind['boundary']}, first at row {kind['row']}: {message}")
        yield from (f"  {line}" for line in kind["traceback"].splitlines())
    others = len(found["failure_kinds"]) - _SHOWN
    if others > 0:
        yield from ("", f"{_counted(others, 'more kind')} of failures: --output-format json has them.")


def _tool_errors(found: dict[str, Any]) -> Iterator[str]:
    if not found["count"]:
        return
    told = f"{_counted(found['count'], 'error')} in {_counted(found['attempts'], 'attempt')}"
    yield from ("", f"Errors of tools that the model was told of, and the workflow was not: {told}")
    for kind in found["kinds"][:_SHOWN]:
        yield f"{kind['count']:,} x {kind['message']}, first at row {kind['row']}"
