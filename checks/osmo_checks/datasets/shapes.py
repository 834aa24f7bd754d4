"""The shape that clean rows had so far, as a type that msgspec decodes at full speed.

The type takes what was seen, in any mixture, and nothing else. Since only clean rows are learned from, and what is
wrong with a value does not depend on the values beside it, what the type takes has no wrong kinds in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final

import msgspec

from osmo_checks.datasets.scan import INT64_MAX, INT64_MIN, Kind, Node

#: Keys and levels of brackets that are put into a type: for more, making it takes longer than it saves.
_MOST_KEYS: Final = 500
_MOST_LEVELS: Final = 20

_Whole = Annotated[int, msgspec.Meta(ge=INT64_MIN, le=INT64_MAX)]
_SCALARS: Final[dict[Kind, Any]] = {"text": str, "number": _Whole | float, "boolean": bool, "null": None}


class UntypedError(Exception):
    """There is no type for this shape."""


@dataclass(slots=True)
class RowShape:
    """What was seen at one place of the rows; ``constant`` is the text that all of them had there, if they had one."""

    kinds: set[Kind] = field(default_factory=set)
    constant: str | None = None
    members: "dict[str, RowShape]" = field(default_factory=dict)
    element: "RowShape | None" = None

    def learn(self, node: Node) -> bool:
        """Take in a value; return whether that was news."""
        is_new = node.kind not in self.kinds
        if not self.kinds and isinstance(node.value, str):
            self.constant = node.value
        elif self.constant is not None and node.value != self.constant:
            self.constant = None
            is_new = True
        self.kinds.add(node.kind)
        is_new |= self.learn_members(node)
        for element in node.elements:
            self.element = self.element or RowShape()
            is_new |= self.element.learn(element)
        return is_new

    def learn_members(self, node: Node) -> bool:
        """Take in the members of an object only; return whether there was news."""
        is_new = False
        for member in node.members:
            is_new |= member.key not in self.members
            is_new |= self.members.setdefault(member.key, RowShape()).learn(member.value)
        return is_new


def type_of(shape: RowShape, level: int = 0) -> Any:
    """Return the type of what has a shape. Raises ``UntypedError``."""
    return _union(list(_parts(shape, level)))


def struct_of(shape: RowShape, fields: dict[str, Any], level: int = 0) -> Any:
    """Return the type of objects with the members of a shape, each of which may be missing but for ``fields``.

    These are the names of the members that have to be there, with their types. Raises ``UntypedError``.
    """
    if level > _MOST_LEVELS or len(shape.members) > _MOST_KEYS or not all(map(_is_plain, shape.members)):
        raise UntypedError
    needed = [(f"field{index}", fields[key]) for index, key in enumerate(shape.members) if key in fields]
    others = [
        (f"field{index}", type_of(member, level + 1) | msgspec.UnsetType, msgspec.UNSET)
        for index, (key, member) in enumerate(shape.members.items())
        if key not in fields
    ]
    names = {f"field{index}": key for index, key in enumerate(shape.members)}
    return msgspec.defstruct("Row", [*needed, *others], rename=names, forbid_unknown_fields=True, gc=False)


def _parts(shape: RowShape, level: int) -> Iterator[Any]:
    for kind in sorted(shape.kinds):
        if kind == "object":
            yield struct_of(shape, {}, level)
        elif kind == "array":
            yield list[type_of(shape.element, level + 1) if shape.element else None]  # type: ignore[misc]
        elif kind in _SCALARS:
            yield _SCALARS[kind]
        else:
            raise UntypedError


def _union(parts: Sequence[Any]) -> Any:
    if not parts:
        raise UntypedError
    return reduce(or_, parts)


def _is_plain(key: str) -> bool:
    """Tell whether msgspec can look for a key as it stands."""
    return key.isprintable() and not any(char in key for char in '"\\')
