"""Where nodes stand in the text, for the few nodes that are reported.

libcst keeps no positions. One code generation that only counts characters finds the wanted nodes' offsets, at a quarter
of the cost of its ``PositionProvider``; the offsets are the same.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import libcst
from libcst._nodes.internal import CodegenState

from osmo_checks.finding import Position
from osmo_checks.python import nodes
from osmo_checks.python.exact import deep_recursion
from osmo_checks.sources import line_starts
from osmo_checks.tomlfile import Span


class _Counter(CodegenState):
    __slots__ = ("found", "length", "starts", "wanted")

    def __init__(self, module: libcst.Module, wanted: Iterable[libcst.CSTNode]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = {id(node) for node in wanted}
        self.found: dict[int, tuple[int, int]] = {}
        self.starts: list[int] = []
        self.length = 0

    def add_indent_tokens(self) -> None:
        super().add_indent_tokens()
        self.length += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.length += len(value)

    def before_codegen(self, node: libcst.CSTNode) -> None:  # noqa: ARG002 - libcst's signature
        self.starts.append(self.length)

    def after_codegen(self, node: libcst.CSTNode) -> None:
        start = self.starts.pop()
        if id(node) in self.wanted:
            # A syntactic position, without the white space the node owns, was recorded first where there is one.
            self.found.setdefault(id(node), (start, self.length))

    @contextmanager
    def record_syntactic_position(
        self, node: libcst.CSTNode, *, start_node: libcst.CSTNode | None = None, end_node: libcst.CSTNode | None = None
    ) -> Iterator[None]:
        if id(node) not in self.wanted:
            yield
            return
        # A block ends where its last statement does, which has yet to be generated.
        self.wanted.update(id(edge) for edge in (start_node, end_node) if edge is not None)
        start = self.length
        yield
        start = self.found[id(start_node)][0] if start_node is not None else start
        end = self.found[id(end_node)][1] if end_node is not None else self.length
        self.found[id(node)] = (start, end)


def locate(module: nodes.Module, wanted: Iterable[nodes.CSTNode]) -> dict[int, Span]:
    """Return the span of each of ``wanted`` by ``id(node)``, of a module that libcst read: the start if not in it."""
    found = list(wanted)
    tree: libcst.Module = module.origin
    counter = _Counter(tree, [node.origin for node in found])
    with deep_recursion(), suppress(RecursionError):
        tree._codegen(counter)  # noqa: SLF001 - libcst offers this only through its metadata wrapper
    starts = line_starts("".join(counter.tokens))
    spans = {}
    for node in found:
        start, end = counter.found.get(id(node.origin), (0, 0))
        spans[id(node)] = (_position(starts, start), _position(starts, end))
    return spans


def _position(starts: list[int], offset: int) -> Position:
    row = bisect_right(starts, offset)
    return Position(row, offset - starts[row - 1] + 1)
