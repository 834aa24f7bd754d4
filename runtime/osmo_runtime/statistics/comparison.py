"""Two runs held against each other, row by row, and in words whether what differs is more than chance."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from osmo_runtime.grading import mean
from osmo_runtime.statistics.estimates import (
    CONFIDENCE,
    Estimate,
    mean_of_clusters,
    sign_probability,
    student_quantile,
)
from osmo_runtime.statistics.gathering import RowTotals, Statistics

#: Standard deviations to a difference of one beyond which no number of rows is worth saying.
_HOPELESS = 10_000


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
    pass_rate = _difference("pass rate", both, _passes(first.rows), _passes(second.rows))
    return Comparison(
        paired=len(both),
        only_first=len(first.rows) - len(both),
        only_second=len(second.rows) - len(both),
        reward=_difference("reward", both, _rewards(first.rows), _rewards(second.rows)),
        pass_rate=replace(pass_rate, estimate=pass_rate.estimate.cut(-1.0, 1.0)) if pass_rate else None,
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

    The interval's half width has to come down to the mean. It shrinks with the root of the number of rows, and with
    Student's quantile: that of the normal distribution, where the search begins, is too small for few rows.
    """
    if estimate.error is None or estimate.mean == 0:
        return None
    spread = estimate.error * math.sqrt(estimate.groups) / abs(estimate.mean)
    if spread > _HOPELESS:
        return None
    needed = max(math.ceil((1.96 * spread) ** 2), estimate.groups + 1)
    while student_quantile(needed - 1) * spread >= math.sqrt(needed):
        needed += 1
    return needed


def _rewards(rows: Mapping[int, RowTotals]) -> dict[int, float]:
    return {number: row.mean for number, row in rows.items() if row.mean is not None}


def _passes(rows: Mapping[int, RowTotals]) -> dict[int, float]:
    return {number: row.passed / row.scored for number, row in rows.items() if row.scored}


def _difference(
    measure: str, rows: Iterable[int], first: Mapping[int, float], second: Mapping[int, float]
) -> Difference | None:
    common = [row for row in rows if row in first and row in second]
    # Halves, since the gap of two rewards can be too large for a float.
    estimate = mean_of_clusters(((second[row] / 2 - first[row] / 2, 1) for row in common), unit=2.0)
    means = mean([first[row] for row in common]), mean([second[row] for row in common])
    if estimate is None or means[0] is None or means[1] is None:
        return None
    return Difference(
        measure=measure,
        first=means[0],
        second=means[1],
        estimate=estimate,
        better=sum(second[row] > first[row] for row in common),
        worse=sum(second[row] < first[row] for row in common),
    )
