"""The metadata column: the platform stores it as typed columns, so each key has one type in all rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from osmo_checks.datasets import codes
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.datasets.rules import METADATA
from osmo_checks.datasets.scan import INT64_MAX, INT64_MIN, MAX_DEPTH, Flaw, Kind, Node

#: The JSON path of metadata in its row.
METADATA_PATH: Final = step_to(ROOT, METADATA)

#: Keys that are compared between rows; the memory they take has to end somewhere.
MAX_KEYS: Final = 10_000

_KINDS: Final[dict[type, Kind]] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}


_decode = msgspec.json.Decoder().decode


class UnprovedError(Exception):
    """A value is not certain to be clean; it may still be."""


@dataclass(slots=True)
class Shape:
    """The types seen at one place of the metadata of all rows so far."""

    kind: Kind | None = None
    row: int = 0
    children: "dict[str, Shape]" = field(default_factory=dict)
    element: "Shape | None" = None

    def proves(self, text: str) -> bool:
        """Tell whether metadata in a text is certain to be clean, and like that of the rows before."""
        try:
            value = _decode(text)
            quotes = self.quotes_in(value) if type(value) is dict else 0
        except (msgspec.DecodeError, RecursionError, UnprovedError):
            return False
        return quotes == text.count('"') > 0 and "\\u0022" not in text and "\\u0000" not in text

    def quotes_in(self, value: Any) -> int:
        """Prove ``value`` clean and of this shape; return how many quotation marks its JSON has.

        Raises ``UnprovedError`` otherwise.
        """
        if value is None:
            return 0
        kind = _KINDS[type(value)]
        if kind != self.kind:
            raise UnprovedError
        if kind == "object":
            return self._quotes_in_object(value)
        if kind == "array" and self.element is not None:
            return sum(map(self.element.quotes_in, value))
        return quotes_in(value)

    def _quotes_in_object(self, value: dict[str, Any]) -> int:
        if not value:
            raise UnprovedError
        children = self.children
        quotes = 2 * len(value)
        for key, child in value.items():
            shape = children.get(key)
            if shape is None:
                raise UnprovedError
            quotes += shape.quotes_in(child)
        return quotes


def kind_of(value: Any) -> Kind:
    """Return the kind of a value that was decoded from JSON."""
    return _KINDS[type(value)]


def quotes_in(value: Any, depth: int = 0) -> int:
    """Prove a decoded value free of flaws; return how many quotation marks its JSON has.

    Raises ``UnprovedError`` where it is not certain.
    """
    kind = type(value)
    if kind is str:
        return 2 + int(value.count('"'))
    if kind is int:
        if not INT64_MIN <= value <= INT64_MAX:
            raise UnprovedError
        return 0
    if depth == MAX_DEPTH:
        raise UnprovedError
    if kind is dict:
        return 2 * len(value) + sum(quotes_in(child, depth + 1) for child in value.values())
    if kind is list:
        return sum(quotes_in(child, depth + 1) for child in value)
    return 0


class MetadataTypes:
    """Compares the metadata of each row with the rows before."""

    def __init__(self) -> None:
        self.shape = Shape()
        self.is_full = False
        self._keys = 0

    def compare(self, node: Node, row: int) -> Iterator[Flaw]:
        """Yield where ``node``, the metadata of line ``row``, cannot be stored or differs; learn what is new in it."""
        todo: list[tuple[Node, Shape | None, str]] = [(node, self.shape, METADATA_PATH)]
        while todo:
            value, shape, path = todo.pop()
            yield from _unstorable(value, path)
            if shape is not None and value.kind != "null":
                if shape.kind is None:
                    shape.kind, shape.row = value.kind, row
                elif shape.kind != value.kind:
                    yield _differs(value, shape, path)
                    continue
            todo.extend(reversed(list(self._below(value, shape, path))))  # the first one's type is what counts

    def _below(self, value: Node, shape: Shape | None, path: str) -> Iterator[tuple[Node, Shape | None, str]]:
        for member in {member.key: member for member in value.members}.values():
            child = step_to(path, member.key)
            yield member.value, self._child(shape, member.key), child
        if value.kind == "array" and shape is not None and shape.element is None:
            shape.element = Shape()
        for index, element in enumerate(value.elements):
            yield element, shape.element if shape else None, step_to(path, index)

    def _child(self, shape: Shape | None, key: str) -> Shape | None:
        if shape is None:
            return None
        if key not in shape.children:
            if self._keys == MAX_KEYS:
                self.is_full = True
                return None
            self._keys += 1
            shape.children[key] = Shape()
        return shape.children[key]


def _unstorable(value: Node, path: str) -> Iterator[Flaw]:
    if value.kind == "object" and not value.members and path != METADATA_PATH:
        message = f"The object at {path} is empty and cannot be stored: leave the key out, or write null."
        yield Flaw(codes.METADATA_EMPTY_OBJECT, value.start, value.end, message)
    if isinstance(value.value, int) and not INT64_MIN <= value.value <= INT64_MAX:
        message = f"The number at {path} does not fit in 64 bits and cannot be stored: write it as text in every row."
        yield Flaw(codes.METADATA_NUMBER_TOO_LARGE, value.start, value.end, message)


def _differs(value: Node, shape: Shape, path: str) -> Flaw:
    message = (
        f"{path} is {_named(value.kind)} here and {_named(shape.kind)} on line {shape.row}: "
        "write it in one type in all rows."
    )
    return Flaw(codes.METADATA_TYPE_DIFFERS, value.start, value.end, message)


def _named(kind: Kind | None) -> str:
    return f"an {kind}" if kind in ("object", "array") else f"a {kind}"
