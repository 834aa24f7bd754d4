"""The numbers about a run, against worked examples, tables of textbooks and simulation."""

import random
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import fmean, stdev

import pytest

from osmo_checks.errors import InputError
from osmo_runtime import journal
from osmo_runtime.journal import Entry
from osmo_runtime.metrics import Totals
from osmo_runtime.model import Attempt, Boundary, Failed, Graded
from osmo_runtime.statistics.comparison import compare, in_words, rows_needed
from osmo_runtime.statistics.estimates import Estimate, mean_of_clusters, pass_at_k, quantile, student_quantile
from osmo_runtime.statistics.gathering import MESSAGES, Statistics, gather


def entry(row: int, repeat: int = 0, reward: float | None = 1.0, *, tokens: int = 10, failed: str = "") -> Entry:
    outcome = Failed(Boundary.WORKFLOW, failed, "the traceback") if failed else Graded(reward)
    return Entry(Attempt(row, repeat), outcome, 1, 5, tokens, "2026-01-01T00:00:00+00:00", 100.0 + row, 7.0)


def of_rewards(*groups: list[float]) -> Statistics:
    entries = [entry(row, repeat, reward) for row, group in enumerate(groups) for repeat, reward in enumerate(group)]
    return gather(entries, 1.0)


@pytest.mark.parametrize(
    ("freedom", "value"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (5, 2.5706), (10, 2.2281), (30, 2.0423), (10**6, 1.96)],
)
def test_students_quantile_is_that_of_the_tables(freedom: int, value: float) -> None:
    assert student_quantile(freedom) == pytest.approx(value, rel=0.0015)


def test_one_value_a_cluster_is_the_textbooks_interval() -> None:
    found = mean_of_clusters((float(value), 1) for value in (1, 2, 3, 4, 5))
    assert found is not None
    assert found.mean == 3
    assert found.error == pytest.approx((2.5 / 5) ** 0.5)
    assert found.high == pytest.approx(3 + 2.7764 * (2.5 / 5) ** 0.5, rel=1e-3)


def test_copies_of_a_row_make_nobody_surer() -> None:
    once = mean_of_clusters([(0.0, 1), (1.0, 1), (1.0, 1)])
    copied = mean_of_clusters([(0.0, 8), (8.0, 8), (8.0, 8)])
    assert once is not None
    assert copied is not None
    assert copied.error == pytest.approx(once.error)


@pytest.mark.parametrize("clusters", [[(1.0, 1)], [(1.0, 1), (1.0, 1), (3.0, 3)]])
def test_no_interval_without_a_spread(clusters: list[tuple[float, int]]) -> None:
    found = mean_of_clusters(clusters)
    assert found is not None
    assert (found.mean, found.low, found.high) == (1.0, None, None)


def test_nothing_has_no_mean() -> None:
    assert mean_of_clusters([(0.0, 0)]) is None


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """A thousand experiments of 40 rows with 4 attempts, whose rows differ: about 950 intervals hold the mean."""
    dice = random.Random(0)  # noqa: S311
    held = 0
    for _ in range(1000):
        clusters = []
        for _ in range(40):
            chance = dice.random()
            clusters.append((float(sum(dice.random() < chance for _ in range(4))), 4))
        found = mean_of_clusters(clusters)
        assert found is not None
        held += found.low is not None and found.high is not None and found.low <= 0.5 <= found.high
    assert 930 <= held <= 970


@pytest.mark.parametrize(("attempts", "passes"), [(5, 0), (5, 2), (5, 5), (6, 1)])
def test_pass_at_k_is_the_share_of_all_draws_with_a_pass(attempts: int, passes: int) -> None:
    for k in range(1, attempts + 1):
        draws = list(combinations([True] * passes + [False] * (attempts - passes), k))
        assert pass_at_k(attempts, passes, k) == pytest.approx(sum(map(any, draws)) / len(draws))


def test_quantiles_lie_between_neighbours() -> None:
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.5, 1)] == [1, 2.5, 4]
    assert quantile([7], 0.99) == 7


def test_what_is_counted() -> None:
    entries = [entry(0), entry(0, 1, None), entry(1, 0, 0.5), entry(1, 1, failed="ValueError: no\nmore"), entry(2)]
    found = gather(entries, 1.0, max_response_length=9)
    assert (found.attempts, found.graded, found.failed, found.skipped, found.truncated) == (5, 3, 1, 1, 5)
    assert found.reward is not None
    assert found.reward.mean == pytest.approx(2.5 / 3)
    assert found.pass_rate is not None
    assert found.pass_rate.mean == 0.5
    assert (found.prompt_tokens, found.completion_tokens, found.calls) == (25, 50, 5)
    assert found.duration_quantiles["p50"] == 101
    assert found.model_quantiles["p99"] == 7
    (kind,) = found.most_frequent
    assert (kind.message, kind.traceback, str(kind.first)) == ("ValueError: no\nmore", "the traceback", "row_1_run_1")


def test_rewards_may_be_as_large_as_a_float_can_be() -> None:
    found = of_rewards([1e308, 1e308], [1.7e308], [-1.7e308, -1e308])
    assert found.reward is not None
    assert found.reward.mean == pytest.approx(2e307)
    assert found.reward.low == -sys.float_info.max
    equal = of_rewards([1e308], [1e308, 1e308], [1e308]).reward
    assert equal == Estimate(1e308, None, None, 3)
    totals = Totals(1.0)
    for reward in (1e308, 1e308, -1.7e308, 1.7e308):
        totals.add(entry(0, reward=reward))
    assert totals.summary()["reward_stats"] == {
        "mean": 5e307,
        "median": 1e308,
        "std": pytest.approx(1.3e308, rel=0.1),
        "min": -1.7e308,
        "max": 1.7e308,
    }


def test_runs_with_huge_rewards_are_compared() -> None:
    found = compare(of_rewards([-1.7e308], [1.0]), of_rewards([1.7e308], [1.0]))
    assert found.reward is not None
    assert found.reward.estimate.mean == pytest.approx(1.7e308)
    assert "not decisive" in in_words(found.reward, "a", "b")


def test_a_group_of_equal_rewards_teaches_nothing() -> None:
    signal = of_rewards([1, 1], [0, 0], [0, 1], [0.5, 0.5, 0.5], [1]).signal
    assert (signal.groups, signal.without_variance, signal.all_passed, signal.none_passed) == (4, 3, 1, 2)
    assert signal.share_without_variance == 0.75
    assert of_rewards([1], [0]).signal.share_without_variance is None


def test_pass_at_k_of_a_run() -> None:
    found = of_rewards([1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]).pass_at
    assert {k: round(estimate.mean, 6) for k, estimate in found.items()} == {1: 0.416667, 2: 0.5, 4: 0.666667}
    assert of_rewards([1], [0]).pass_at == {}


def test_a_share_is_never_less_than_none_nor_more_than_all() -> None:
    rate = of_rewards(*[[1.0]] * 9, [0]).pass_rate
    assert rate is not None
    assert rate.low is not None
    assert (rate.low > 0, rate.high) == (True, 1.0)


def test_failures_of_one_kind_are_one() -> None:
    messages = [f"ValueError: {number % 30}" for number in range(60)]
    found = gather((entry(row, failed=message) for row, message in enumerate(messages)), 1.0)
    assert found.failures == {"workflow": 60}
    assert len(found.kinds) == MESSAGES
    assert {kind.count for kind in found.kinds.values()} == {2}
    assert found.most_frequent[0].first == Attempt(0, 0)


def test_a_difference_that_holds_on_every_row_needs_six() -> None:
    for rows, verdict in ((5, "not decisive"), (6, "): decisive.")):
        found = compare(of_rewards(*[[0.0]] * rows), of_rewards(*[[1.0]] * rows))
        assert found.reward is not None
        said = in_words(found.reward, "a", "b")
        assert said.startswith("b is ahead of a by 1 in reward (the same on each row")
        assert verdict in said


def test_a_comparison_is_by_row() -> None:
    """The rows differ far more than the runs: only by row can it be told which is better."""
    dice = random.Random(1)  # noqa: S311
    hard = [dice.uniform(0, 10) for _ in range(30)]
    first = of_rewards(*([level] for level in hard))
    second = of_rewards(*([level - 0.1 - dice.uniform(0, 0.02)] for level in hard))
    found = compare(first, second)
    assert found.reward is not None
    assert found.reward.is_decisive
    assert (found.reward.better, found.reward.worse) == (0, 30)
    words = in_words(found.reward, "a", "b")
    assert words.startswith("a is ahead of b by 0.11")
    assert "95% interval +0.10" in words
    assert words.endswith("30 rows): decisive.")


def test_chance_is_called_chance() -> None:
    found = compare(of_rewards([0], [1], [0], [1], [1]), of_rewards([1], [0], [1], [1], [1]))
    assert found.reward is not None
    words = in_words(found.reward, "a", "b")
    assert "not decisive, it may well be chance; about " in words
    assert "rows would show a difference of this size." in words


@pytest.mark.parametrize(
    ("gaps", "rows"), [([0, 0.5, 0.5], 6), ([0, 1], 11), ([-0.1, 0.5, 0.5], 8), ([0.0, 0.4, 0.1, 0.2], 7)]
)
def test_as_many_rows_are_said_to_be_enough_as_are(gaps: list[float], rows: int) -> None:
    estimate = mean_of_clusters((gap, 1) for gap in gaps)
    assert estimate is not None
    assert rows_needed(estimate) == rows
    spread = stdev(gaps) / abs(fmean(gaps))
    is_enough = [student_quantile(n - 1) * spread / n**0.5 < 1 for n in (rows - 1, rows)]
    assert is_enough == [False, True]


def test_too_small_a_difference_is_not_worth_any_number_of_rows() -> None:
    estimate = mean_of_clusters([(1e150, 1), (-1e150, 1), (1e-150, 1)])
    assert estimate is not None
    assert rows_needed(estimate) is None


def test_a_difference_of_pass_rates_is_never_more_than_all() -> None:
    found = compare(of_rewards([0], [1]), of_rewards([1], [1]))
    assert found.pass_rate is not None
    assert (found.pass_rate.estimate.low, found.pass_rate.estimate.high) == (-1, 1)
    assert "95% interval -1 to +1" in in_words(found.pass_rate, "a", "b")


def test_equal_runs_are_said_to_be_equal() -> None:
    found = compare(of_rewards([0], [1]), of_rewards([0], [1]))
    assert found.reward is not None
    assert in_words(found.reward, "a", "b") == "No difference in reward: a and b are equal on each of 2 rows."


def test_rows_of_one_run_alone_are_left_out_and_counted() -> None:
    first = gather([entry(0), entry(1), entry(2, failed="no")], 1.0)
    found = compare(first, gather([entry(1), entry(2), entry(3)], 1.0))
    assert (found.paired, found.only_first, found.only_second) == (2, 1, 1)
    assert found.reward is not None
    assert found.reward.estimate.groups == 1
    assert found.pass_rate is not None
    assert (found.pass_rate.first, found.pass_rate.second) == (0.5, 1.0)


def many(number: int) -> Iterator[Entry]:
    for row in range(number):
        yield entry(row, failed=f"ValueError: {row} " + "x" * 2000)


def test_memory_does_not_grow_with_what_failures_say() -> None:
    """10,000 messages have 20 MB; a row keeps some numbers."""
    tracemalloc.start()
    found = gather(many(10_000), 1.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.failed == 10_000
    assert peak < 5_000_000


def test_a_journal_is_read_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = [entry(0), entry(1, failed="first"), entry(1, failed="second")]
    path.write_text("".join(one.to_line() for one in whole) + '{"torn')
    assert list(journal.entries(path)) == whole[:2]
    assert list(journal.entries(tmp_path / "absent")) == []
    path.write_text("{}\n")
    with pytest.raises(InputError, match=r"journal.jsonl of the run, line 1, is not what was written"):
        list(journal.entries(path))
