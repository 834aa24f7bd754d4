"""JSON paths: where in a row a value is, as ``$.metadata.items[2]["a b"]``."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from osmo_checks.datasets.scan import Flaw, Node, quoted
from osmo_checks.finding import Record

#: The row itself.
ROOT: Final = "$"

_PLAIN_KEY: Final = re.compile(r"[^\W\d]\w*")


def step_to(path: str, step: str | int) -> str:
    """Return the path of a member, by its key, or of an element, by its index, of what is at ``path``."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if _PLAIN_KEY.fullmatch(step) else f"{path}[{quoted(step)}]"


def path_at(root: Node, offset: int, path: str = ROOT) -> str:
    """Return the path of the innermost value that ``offset`` lies in; a key counts to its value.

    ``path`` is the one of ``root``.
    """
    node = root
    while below := next(_around(node, offset), None):
        step, node = below
        path = step_to(path, step)
    return path


def node_at(root: Node, steps: Sequence[str | int]) -> Node | None:
    """Return the value that keys and indices lead to; of a key that comes twice, the last one's."""
    node: Node | None = root
    for step in steps:
        if node is None:
            return None
        if isinstance(step, int):
            node = node.elements[step] if step < len(node.elements) else None
        else:
            node = next((member.value for member in reversed(node.members) if member.key == step), None)
    return node


def _around(node: Node, offset: int) -> Iterator[tuple[str | int, Node]]:
    for member in node.members:
        if member.start <= offset < member.value.end:
            yield member.key, member.value
    for index, element in enumerate(node.elements):
        if element.start <= offset < element.end:
            yield index, element


def record_of(number: int, flaw: Flaw, root: Node | None) -> Record:
    """Return what of the ``number``-th record a flaw is about; ``root`` is the record, if it could be read."""
    if root is None:
        return Record(number, None, None)
    around = (member.key for member in root.members if member.start <= flaw.start < member.value.end)
    return Record(number, next(around, None), flaw.path or path_at(root, flaw.start))
