"""JSON paths: where in a row a value is, as ``$.metadata.items[2]["a b"]``."""

import re
from collections.abc import Iterator
from typing import Final

from osmo_checks.datasets.scan import Node, quoted

#: The row itself.
ROOT: Final = "$"

_PLAIN_KEY: Final = re.compile(r"[^\W\d]\w*")


def step_to(path: str, step: str | int) -> str:
    """Return the path of a member, by its key, or of an element, by its index, of what is at ``path``."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if _PLAIN_KEY.fullmatch(step) else f"{path}[{quoted(step)}]"


def path_at(root: Node, offset: int) -> str:
    """Return the path of the innermost value of ``root`` that ``offset`` lies in; a key counts to its value."""
    path, node = ROOT, root
    while below := next(_around(node, offset), None):
        step, node = below
        path = step_to(path, step)
    return path


def _around(node: Node, offset: int) -> Iterator[tuple[str | int, Node]]:
    for member in node.members:
        if member.start <= offset < member.value.end:
            yield member.key, member.value
    for index, element in enumerate(node.elements):
        if element.start <= offset < element.end:
            yield index, element
