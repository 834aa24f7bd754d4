"""The formulas, each with its source. They take plain numbers and know nothing about runs."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

#: How sure every interval is.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of ``groups`` independent groups, with its standard error and its interval.

    These are ``None`` where the spread cannot be told.
    """

    mean: float
    low: float | None
    high: float | None
    groups: int
    error: float | None = None

    def cut(self, low: float, high: float) -> "Estimate":
        """Cut the interval where no mean can be."""
        if self.low is None or self.high is None:
            return self
        return replace(self, low=max(self.low, low), high=min(self.high, high))


def mean_of_clusters(clusters: Iterable[tuple[float, int]], unit: float = 1.0) -> Estimate | None:
    """Return the mean of all values, given each cluster's sum and number of values; ``None`` without any value.

    Sums are in ``unit``, a power of two, for those that are too large for a float; all that is returned is finite.

    Attempts at one row resemble each other, so rows are the independent unit: the standard error is the one robust to
    clusters, ``sqrt(G/(G-1) * sum_g (sum_i (x_gi - mean))^2) / N`` (Liang and Zeger 1986, Biometrika 73:13-22; for
    evaluations of language models, Miller 2024, arXiv:2411.00640, section 2.2, with the small-sample factor of Stata's
    ``vce(cluster)``). The interval is Student's with ``G - 1`` degrees of freedom. With one value a cluster it is the
    textbook interval of a mean. Fewer than two clusters, or values that are all equal, tell nothing about the spread.
    """
    sums = [(total, count) for total, count in clusters if count]
    number = sum(count for _, count in sums)
    if not number:
        return None
    # In units of the largest sum, squares are neither too large nor too small; a power of two rounds nothing.
    largest = _power_of_two(max(abs(total) for total, _ in sums))
    mean = math.fsum(total / largest for total, _ in sums) / number
    groups = len(sums)
    squares = math.fsum((total / largest - count * mean) ** 2 for total, count in sums)
    shown = _finite(mean * largest * unit)
    if groups < 2 or squares < 1e-18 * number:
        return Estimate(shown, None, None, groups)
    error = _finite(math.sqrt(groups / (groups - 1) * squares) / number * largest * unit)
    half = student_quantile(groups - 1) * error
    return Estimate(shown, _finite(shown - half), _finite(shown + half), groups, error)


def _power_of_two(value: float) -> float:
    """Return the largest power of two that is not above a finite ``value``; 1 for 0."""
    return math.ldexp(1.0, math.frexp(value)[1] - 1) if value else 1.0


def _finite(value: float) -> float:
    return max(-sys.float_info.max, min(sys.float_info.max, value))


def student_quantile(freedom: int, confidence: float = CONFIDENCE) -> float:
    """Return the two-sided quantile of Student's t distribution.

    Exact for one and two degrees of freedom; beyond, the expansion about the normal quantile of Abramowitz and Stegun
    1964, 26.7.5, which is off by 0.12% for three and by less than 0.1% from five on.
    """
    p = (1 + confidence) / 2
    if freedom == 1:
        return math.tan(math.pi * (p - 0.5))
    if freedom == 2:
        return (2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p)))
    z = NormalDist().inv_cdf(p)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    correction: float = sum(term / freedom**power for power, term in enumerate(terms, start=1))
    return z + correction


def pass_at_k(attempts: int, passes: int, k: int) -> float:
    """Return the unbiased estimate that one of ``k`` attempts passes (Chen et al. 2021, arXiv:2107.03374, eq. 1)."""
    missed = 1.0
    for drawn in range(k):
        missed *= max(attempts - passes - drawn, 0) / (attempts - drawn)
    return 1.0 - missed


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values, between neighbours by weight (Hyndman and Fan 1996, type 7)."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    # Of halves, since the gap of two values can be too large for a float.
    low, high = ordered[below] / 2, ordered[above] / 2
    return 2 * (low + (high - low) * (place - below))


def sign_probability(differences: int) -> float:
    """Return how likely as many differences all point one way if neither way is likelier (Arbuthnot's sign test)."""
    return min(1.0, math.ldexp(2.0, -differences))
