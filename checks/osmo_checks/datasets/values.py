"""Rows that are values already, not JSON text: as the nodes that row checks look at, and what is wrong with them.

A node's ``start`` is then no offset in a text but the index of its place in ``Cells.places``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite, isnan
from typing import Any, Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.datasets.scan import INT64_MAX, INT64_MIN, Flaw, Kind, Member, Node

#: Levels of values in values; what is deeper was never meant to be a row.
MAX_DEPTH: Final = 100

_KINDS: Final[dict[type, Kind]] = {str: "text", bool: "boolean", int: "number", float: "number", type(None): "null"}


@dataclass(frozen=True, slots=True)
class CellPlace:
    """The top-level field that a value belongs to, ``None`` for the row itself, and its JSON path."""

    field: str | None
    path: str


@dataclass(slots=True)
class Cells:
    """One row. Values of types that JSON does not have become nodes of the kind ``other``."""

    places: list[CellPlace] = field(default_factory=lambda: [CellPlace(None, ROOT)])
    flaws: list[Flaw] = field(default_factory=list)

    def row(self, data: Mapping[str, Any]) -> Node:
        """Return the node of a row, with all that is wrong in its values by themselves in ``flaws``."""
        return Node("object", 0, 0, [self._member(key, value, key, ROOT, 1) for key, value in data.items()])

    def _member(self, key: str, value: Any, top: str, path: str, depth: int) -> Member:
        node = self._node(value, top, step_to(path, key), depth)
        return Member(key, node.start, node.start, node)

    def _node(self, value: Any, top: str, path: str, depth: int) -> Node:
        at = len(self.places)
        self.places.append(CellPlace(top, path))
        if depth > MAX_DEPTH:
            message = f"{top} is nested more than {MAX_DEPTH} deep: flatten the value, or store it as text."
            self.flaws.append(Flaw(codes.TOO_DEEP, at, at, message))
            return Node("null", at, at, None)
        if isinstance(value, dict):
            members = [self._member(str(key), child, top, path, depth + 1) for key, child in value.items()]
            return Node("object", at, at, members)
        if isinstance(value, list):
            elements = [self._node(child, top, step_to(path, index), depth + 1) for index, child in enumerate(value)]
            return Node("array", at, at, elements)
        kind = _KINDS.get(type(value), "other")
        self._look_at(value, kind, at, path)
        return Node(kind, at, at, value if kind != "other" else None)

    def _look_at(self, value: Any, kind: Kind, at: int, path: str) -> None:
        if kind == "text" and "\0" in value:
            message = f"The text at {path} contains the character NUL: remove it."
            self.flaws.append(Flaw(codes.NUL_CHARACTER, at, at, message))
        elif isinstance(value, float) and not isfinite(value):
            word = "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
            message = f"{word} at {path} is not JSON: write null, or leave the field out."
            self.flaws.append(Flaw(codes.NOT_A_NUMBER, at, at, message))
        elif kind == "number" and isinstance(value, int) and not INT64_MIN <= value <= INT64_MAX:
            message = f"The number at {path} does not fit in 64 bits: write it as text."
            self.flaws.append(Flaw(codes.NUMBER_TOO_LARGE, at, at, message))


def without_doubles(flaws: Iterable[Flaw]) -> list[Flaw]:
    """Leave out what is said again, and worse, about the same number of a row's metadata."""
    flaws = list(flaws)
    worse = {(flaw.start, flaw.path) for flaw in flaws if flaw.code is codes.METADATA_NUMBER_TOO_LARGE}
    return [flaw for flaw in flaws if flaw.code is not codes.NUMBER_TOO_LARGE or (flaw.start, flaw.path) not in worse]
