"""Reads a run's entries one by one and keeps a few numbers of each row: memory does not grow with what they say."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Boundary, Failed
from osmo_runtime.statistics.estimates import Estimate, mean_of_clusters, pass_at_k, quantile

#: Different messages that are told apart for one boundary; more are only counted.
MESSAGES = 20
#: What a row's rewards are added up in: no sum of theirs is too large for a float. A power of two rounds nothing.
_UNIT = 2.0**64
_QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(slots=True)
class RowTotals:
    """The attempts at one row. ``scored`` leaves out attempts whose samples were removed from training.

    ``reward`` is the sum of their rewards, in ``_UNIT``.
    """

    scored: int = 0
    graded: int = 0
    passed: int = 0
    reward: float = 0.0
    lowest: float = float("inf")
    highest: float = float("-inf")

    def add(self, reward: float | None, threshold: float) -> None:
        """Count an attempt; one without a reward failed."""
        self.scored += 1
        if reward is None:
            return
        self.graded += 1
        self.passed += reward >= threshold
        self.reward += reward / _UNIT
        self.lowest = min(self.lowest, reward)
        self.highest = max(self.highest, reward)

    @property
    def mean(self) -> float | None:
        return self.reward / self.graded * _UNIT if self.graded else None


@dataclass(slots=True)
class Kind:
    """Failures at one boundary with one first line: how many, and all that the first one said."""

    boundary: str
    message: str
    traceback: str
    first: Attempt
    count: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """What training could learn from: a group is a row with two graded attempts or more.

    Training compares the rewards within a group, so one whose rewards are all equal teaches nothing (GRPO, Shao et al.
    2024, arXiv:2402.03300, eq. 3: its advantages are all zero). ``all_passed`` and ``none_passed`` are such groups.
    """

    groups: int = 0
    without_variance: int = 0
    all_passed: int = 0
    none_passed: int = 0

    @property
    def share_without_variance(self) -> float | None:
        return self.without_variance / self.groups if self.groups else None


@dataclass(slots=True)
class Statistics:
    """All about one run. Lengths are in estimated tokens, times in milliseconds."""

    pass_threshold: float
    max_response_length: int | None = None
    attempts: int = 0
    failed: int = 0
    skipped: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    truncated: int = 0
    rows: dict[int, RowTotals] = field(default_factory=dict)
    durations: "array[float]" = field(default_factory=lambda: array("d"))
    in_model: "array[float]" = field(default_factory=lambda: array("d"))
    lengths: "array[int]" = field(default_factory=lambda: array("q"))
    kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    tool_errors: int = 0
    with_tool_errors: int = 0
    tool_kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        self.attempts += 1
        self.calls += entry.calls
        self.prompt_tokens += entry.prompt_tokens
        self.completion_tokens += entry.completion_tokens
        self.durations.append(entry.duration_ms)
        self.in_model.append(entry.model_ms)
        self.lengths.append(entry.completion_tokens)
        limit = self.max_response_length
        self.truncated += limit is not None and entry.completion_tokens > limit
        self._count_outcome(entry)
        if entry.tool_errors:
            self._count_tool_errors(entry.attempt, entry.tool_errors)

    def _count_outcome(self, entry: Entry) -> None:
        outcome = entry.outcome
        row = self.rows.setdefault(entry.attempt.row, RowTotals())
        if isinstance(outcome, Failed):
            self.failed += 1
            row.add(None, self.pass_threshold)
            self._count_failure(entry.attempt, outcome)
        elif outcome.reward is None:
            self.skipped += 1
        else:
            row.add(outcome.reward, self.pass_threshold)

    def _count_failure(self, attempt: Attempt, failed: Failed) -> None:
        boundary = failed.boundary.value
        self.failures[boundary] += 1
        key = boundary, failed.message.partition("\n")[0][:300]
        if key not in self.kinds:
            if sum(known == boundary for known, _ in self.kinds) >= MESSAGES:
                return
            self.kinds[key] = Kind(boundary, failed.message, failed.traceback, attempt)
        self.kinds[key].count += 1

    def _count_tool_errors(self, attempt: Attempt, errors: Mapping[str, int]) -> None:
        self.with_tool_errors += 1
        for message, count in errors.items():
            self.tool_errors += count
            if message in self.tool_kinds or len(self.tool_kinds) < MESSAGES:
                kind = self.tool_kinds.setdefault(message, Kind(Boundary.TOOL.value, message, "", attempt))
                kind.count += count

    @property
    def graded(self) -> int:
        return self.attempts - self.failed - self.skipped

    @property
    def reward(self) -> Estimate | None:
        """The mean reward over graded attempts, rows being its clusters."""
        return mean_of_clusters(((row.reward, row.graded) for row in self.rows.values()), _UNIT)

    @property
    def pass_rate(self) -> Estimate | None:
        """The share of attempts that pass, failed ones counting as not passed."""
        return _share(mean_of_clusters((float(row.passed), row.scored) for row in self.rows.values()))

    @property
    def pass_at(self) -> dict[int, Estimate]:
        """pass@k for k = 1, 2, 4... as far as rows have as many attempts; empty where none has two."""
        most = max((row.scored for row in self.rows.values()), default=0)
        return {} if most < 2 else {k: found for k in _powers(most) if (found := self._pass_at(k))}

    def _pass_at(self, k: int) -> Estimate | None:
        rows = (row for row in self.rows.values() if row.scored >= k)
        return _share(mean_of_clusters((pass_at_k(row.scored, row.passed, k), 1) for row in rows))

    @property
    def duration_quantiles(self) -> dict[str, float]:
        return _quantiles(self.durations)

    @property
    def model_quantiles(self) -> dict[str, float]:
        """Of the time that an attempt waited for the model, over all its calls."""
        return _quantiles(self.in_model)

    @property
    def length_quantiles(self) -> dict[str, float]:
        """Of the tokens that the model wrote in all calls of an attempt."""
        return _quantiles(self.lengths)

    @property
    def signal(self) -> Signal:
        groups = [row for row in self.rows.values() if row.graded >= 2]
        flat = [row for row in groups if row.lowest == row.highest]
        passed = sum(row.highest >= self.pass_threshold for row in flat)
        return Signal(len(groups), len(flat), passed, len(flat) - passed)

    @property
    def most_frequent(self) -> list[Kind]:
        return _most_frequent(self.kinds.values())

    @property
    def most_frequent_tool_errors(self) -> list[Kind]:
        return _most_frequent(self.tool_kinds.values())


def _most_frequent(kinds: Iterable[Kind]) -> list[Kind]:
    return sorted(kinds, key=lambda kind: (-kind.count, kind.first))


def gather(entries: Iterable[Entry], pass_threshold: float, max_response_length: int | None = None) -> Statistics:
    found = Statistics(pass_threshold, max_response_length)
    for entry in entries:
        found.add(entry)
    return found


def _quantiles(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{share * 100:g}": quantile(ordered, share) for share in _QUANTILES} if ordered else {}


def _share(estimate: Estimate | None) -> Estimate | None:
    return estimate.cut(0.0, 1.0) if estimate else None


def _powers(most: int) -> list[int]:
    return [2**power for power in range(most.bit_length())]
