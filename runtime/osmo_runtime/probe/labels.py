"""Labels that are wrong where another one is right: no fair grader takes one of them for it."""

import math
import re
from collections.abc import Sequence

#: What may stand around a number, and around a word; a number may begin with a dot.
_AROUND_NUMBERS = " $€£¥%!?;:'\"()[]{}"
_AROUND_WORDS = _AROUND_NUMBERS + ".,"
_PARTS = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d]+")


def other_labels(label: str, labels: Sequence[str]) -> list[str]:
    """Return the labels that are no other spelling of ``label``, those first that share no word or number with it.

    Spellings of one are `Paris.` and `paris`, 6.0 and $6, and 1/2 and 0.5.
    """
    own, parts = _meaning(label), _parts(label)
    others = [other for other in labels if _meaning(other) != own]
    return sorted(others, key=lambda other: not parts.isdisjoint(_parts(other)))


def _meaning(text: str) -> str | float:
    plain = " ".join(text.casefold().split())
    number = _number(plain.strip(_AROUND_NUMBERS))
    return (plain.strip(_AROUND_WORDS) or plain) if number is None else number


def _number(text: str) -> float | None:
    above, _, below = text.replace(",", "").partition("/")
    try:
        number = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _parts(text: str) -> set[str | float]:
    return {_meaning(part) for part in _PARTS.findall(text)}
