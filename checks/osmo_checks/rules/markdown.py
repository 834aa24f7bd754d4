"""The lines of a skill's body, inside blocks of code and outside of them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from osmo_checks.skills import Skill

_FENCE = re.compile(r"\s*(```+|~~~+)")


class Line(NamedTuple):
    row: int
    text: str
    is_code: bool


def lines_of_body(skill: Skill) -> Iterator[Line]:
    """Yield the lines of the body, without the fences around code."""
    fence = ""
    for row, text in skill.body:
        match = _FENCE.match(text)
        if match and (not fence or match[1].startswith(fence)):
            fence = "" if fence else match[1]
        else:
            yield Line(row, text, bool(fence))
