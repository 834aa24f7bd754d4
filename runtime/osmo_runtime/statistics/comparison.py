"""Two runs held against each other, row by row, and in words whether what differs is more than chance."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from osmo_runtime.statistics.estimates import (
    CONFIDENCE,
    Estimate,
    mean_of_clusters,
    sign_probability,
    student_quantile,
)
from osmo_runtime.statistics.gathering import RowTotals, Statistics


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one measure, second run less first. ``better`` and ``worse`` count rows; others are even."""

    measure: str
    first: float
    second: float
    estimate: Estimate
    better: int
    worse: int

    @property
    def is_decisive(self) -> bool:
        """Whether the interval leaves out zero; where all rows differ by the same, whether they are enough."""
        low, high = self.estimate.low, self.estimate.high
        if low is None or high is None:
            return sign_probability(self.better + self.worse) < 1 - CONFIDENCE
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``paired`` rows are in both runs; the others are left out. ``reward`` needs rows graded in both."""

    paired: int
    only_first: int
    only_second: int
    reward: Difference | None
    pass_rate: Difference | None


def compare(first: Statistics, second: Statistics) -> Comparison:
    """Compare by row: what a row has in one run is taken from what it has in the other.

    The paired analysis of Miller 2024 (arXiv:2411.00640, section 4.2): the differences' own interval is narrower than
    the two runs' intervals suggest, since a row that is hard is hard for both.
    """
    both = first.rows.keys() & second.rows.keys()
    return Comparison(
        paired=len(both),
        only_first=len(first.rows) - len(both),
        only_second=len(second.rows) - len(both),
        reward=_difference("reward", both, _rewards(first.rows), _rewards(second.rows)),
        pass_rate=_difference("pass rate", both, _passes(first.rows), _passes(second.rows)),
    )


def in_words(difference: Difference, first: str, second: str) -> str:
    """Say who is ahead, by how much, and whether that decides anything."""
    estimate = difference.estimate
    rows = f"{estimate.groups} row{'' if estimate.groups == 1 else 's'}"
    if estimate.mean == 0 and estimate.low is None:
        return f"No difference in {difference.measure}: {first} and {second} are equal on each of {rows}."
    ahead, behind = (second, first) if estimate.mean > 0 else (first, second)
    said = f"{ahead} is ahead of {behind} by {abs(estimate.mean):.4g} in {difference.measure}"
    return f"{said} ({_interval(estimate)}, {rows}): {_verdict(difference)}"


def _interval(estimate: Estimate) -> str:
    """Say the interval as the run that is ahead sees it."""
    if estimate.low is None or estimate.high is None:
        return "the same on each row"
    near, far = (estimate.low, estimate.high) if estimate.mean > 0 else (-estimate.high, -estimate.low)
    return f"95% interval {near:+.4g} to {far:+.4g}"


def _verdict(difference: Difference) -> str:
    if difference.is_decisive:
        return "decisive."
    needed = rows_needed(difference.estimate)
    more = f"about {needed:,} rows would show a difference of this size" if needed else "there are too few rows"
    return f"not decisive, it may well be chance; {more}."


def rows_needed(estimate: Estimate) -> int | None:
    """Return how many rows of the same spread would make a difference of this size decisive, every other time.

    The interval's half width shrinks with the root of the number of rows; it has to come down to the mean.
    """
    half = estimate.half_width
    if half is None or estimate.mean == 0:
        return None
    error = half / student_quantile(estimate.groups - 1)
    needed = estimate.groups * (1.96 * error / estimate.mean) ** 2
    return max(math.ceil(needed), estimate.groups + 1)


def _rewards(rows: Mapping[int, RowTotals]) -> dict[int, float]:
    return {number: row.mean for number, row in rows.items() if row.mean is not None}


def _passes(rows: Mapping[int, RowTotals]) -> dict[int, float]:
    return {number: row.passed / row.scored for number, row in rows.items() if row.scored}


def _difference(
    measure: str, rows: Iterable[int], first: Mapping[int, float], second: Mapping[int, float]
) -> Difference | None:
    common = [row for row in rows if row in first and row in second]
    gaps = [second[row] - first[row] for row in common]
    estimate = mean_of_clusters((gap, 1) for gap in gaps)
    if estimate is None:
        return None
    return Difference(
        measure=measure,
        first=math.fsum(first[row] for row in common) / len(common),
        second=math.fsum(second[row] for row in common) / len(common),
        estimate=estimate,
        better=sum(gap > 0 for gap in gaps),
        worse=sum(gap < 0 for gap in gaps),
    )
