"""What counts as a reward, however large, and what does not."""

import math
from decimal import Decimal
from typing import Any

import pytest

from osmo_runtime.grading import RewardError, mean, plain, reward_of


@pytest.mark.parametrize(
    ("value", "reward"),
    [(0, 0.0), (True, 1.0), (0.5, 0.5), ("0.5", 0.5), (" 1e3 ", 1000.0), (-1e308, -1e308), (None, None)],
)
def test_what_the_sdk_sends_and_reads_as_a_number_is_one(value: object, reward: float | None) -> None:
    assert reward_of(value) == reward


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, "nan", "much", "", 10**400, b"1", [1], {}, 1j, Decimal("0.5")], ids=repr
)
def test_anything_else_is_refused_with_its_value(value: Any) -> None:
    with pytest.raises(RewardError) as caught:
        reward_of(value)
    assert (repr(value)[:60] in str(caught.value)) or (value == 10**400 and "<int>" in str(caught.value))


def test_the_mean_of_finite_rewards_is_finite() -> None:
    assert mean([1e308] * 4) == 1e308
    assert mean([0.1] * 10) == 0.1
    assert mean([]) is None


def test_measurements_that_json_does_not_hold_are_left_out() -> None:
    assert plain({"a": 1, 2: "b", "nan": math.nan, "list": [1], "none": None}) == {"a": 1, "2": "b", "none": None}
