"""What graders leave, read the same wherever it comes from: from the SDK's own objects, or over a line to them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from osmo_runtime.worker.failures import shown

NO_LABEL: Final = "The row has no ground_truth, label or metadata, so the platform would not grade it."
#: Without a period: how a sample is made is said after it where that is known.
NO_SAMPLES: Final = "No samples after grading: the workflow has to make one"


class RewardError(ValueError):
    """A reward that is none; the text is one sentence."""


def reward_of(value: object) -> float | None:
    """Return a reward as the number that it counts as, ``None`` where there is none. Raises ``RewardError``."""
    number = finite(value)
    if value is not None and number is None:
        raise RewardError(f"The grader set the reward {shown(value)}, which is not a finite number that JSON can hold.")
    return number


def finite(value: object) -> float | None:
    """Return the finite number that the SDK's models make of ``value``, ``None`` where they make none.

    Rewards cross to the platform as JSON, which holds Python's own numbers and texts alone. A model with
    ``reward: float`` then takes truth values, and texts of numbers, too (pydantic's conversion table).
    """
    if not isinstance(value, bool | int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def mean(rewards: Sequence[float]) -> float | None:
    """Return the mean of finite rewards, ``None`` of none; it is finite itself, however large they are."""
    try:
        return math.fsum(rewards) / len(rewards) if rewards else None
    except OverflowError:
        return math.fsum(reward / len(rewards) for reward in rewards)


def plain(metrics: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what JSON holds as it is; other measurements are left out, as the platform does."""
    return {str(name): value for name, value in metrics.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))
