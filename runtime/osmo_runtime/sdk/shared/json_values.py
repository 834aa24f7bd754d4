"""Values that user code put where JSON is wanted, made to fit."""

import math
import numbers
from typing import Any

_DROPPED = object()


def fitted(value: dict[str, Any], dropped: list[str]) -> dict[str, Any]:
    """Return ``value`` less what JSON cannot say; the kinds of what was left out are added to ``dropped``.

    Numbers of other libraries become Python's. Infinities and NaN are left out, as JSON has no such numbers.
    """
    kept: dict[str, Any] = {}
    for key, inner in value.items():
        name = key if isinstance(key, str) else _number_as_key(key, dropped)
        fit = _fit(inner, dropped) if name is not None else _DROPPED
        if name is not None and fit is not _DROPPED:
            kept[name] = fit
    return kept


def _fit(value: Any, dropped: list[str]) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real) and math.isfinite(value):
        return float(value)
    if isinstance(value, dict):
        return fitted(value, dropped)
    if isinstance(value, (list, tuple)):
        return [fit for inner in value if (fit := _fit(inner, dropped)) is not _DROPPED]
    dropped.append(type(value).__name__)
    return _DROPPED


def _number_as_key(key: Any, dropped: list[str]) -> str | None:
    """Return a number as the text JSON wants of a key; nothing else is taken, and truth values are no numbers here."""
    if isinstance(key, bool) or not isinstance(key, numbers.Real):
        dropped.append(f"a key of type {type(key).__name__}")
        return None
    number = _fit(key, dropped)
    return None if number is _DROPPED else str(number)
