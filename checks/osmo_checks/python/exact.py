"""Trees from libcst, which reads whatever Python there will be, and whose word findings are built on.

libcst's own tree is kept beside ours (``origin``), for positions and for fixes.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import libcst

from osmo_checks.finding import START, Position
from osmo_checks.python import nodes
from osmo_checks.python.source import (
    TOO_DEEP,
    SyntaxProblem,
    bracket_problem,
    decode,
    looks_hostile,
    words_of_cpython,
)

#: Seconds of processor time for one file that looks as if libcst could not cope with it; real ones take up to 1.1.
_TRIAL_SECONDS = 2
_TRIAL = f"""\
import resource, sys, libcst
resource.setrlimit(resource.RLIMIT_CPU, ({_TRIAL_SECONDS}, {_TRIAL_SECONDS}))
libcst.parse_module(sys.stdin.buffer.read())
"""
#: Python calls, which take no room on the machine's own stack.
_DEEP: Final = 20_000

_KINDS: Final = {
    getattr(libcst, name): kind
    for name, kind in vars(nodes).items()
    if isinstance(kind, type) and issubclass(kind, nodes.CSTNode) and hasattr(libcst, name)
} | {libcst.LazyImport: nodes.Import, libcst.LazyImportFrom: nodes.ImportFrom}


def parse(data: bytes) -> nodes.Module | SyntaxProblem:
    """Return the tree of a Python file, or the one place where it stops being Python."""
    tree = parse_exactly(data)
    if isinstance(tree, SyntaxProblem):
        return tree
    try:
        with deep_recursion():
            return cast("nodes.Module", _converted(tree))
    except RecursionError:
        return TOO_DEEP


def parse_exactly(data: bytes) -> libcst.Module | SyntaxProblem:
    """Return libcst's own tree of a Python file, or the one place where it stops being Python."""
    text = decode(data)
    if isinstance(text, SyntaxProblem):
        return text
    problem = bracket_problem(text)
    if not problem and looks_hostile(data) and not _survives(data):
        problem = TOO_DEEP
    if problem:
        return problem
    try:
        return libcst.parse_module(data)
    except libcst.ParserSyntaxError as error:
        return _syntax_problem(error, text)
    except (UnicodeDecodeError, LookupError, ValueError, SyntaxError) as error:
        return SyntaxProblem(START, f"the file cannot be decoded: {error}")
    except RecursionError:
        return TOO_DEEP


def is_python(data: bytes) -> bool:
    return isinstance(parse_exactly(data), libcst.Module)


def is_reproduced(data: bytes) -> bool:
    """Tell whether libcst gives back exactly what it reads: a leading form feed, for one, it drops."""
    tree = parse_exactly(data)
    return isinstance(tree, libcst.Module) and tree.bytes == data


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let Python functions call each other as deep as trees are."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _converted(node: libcst.CSTNode) -> nodes.CSTNode:
    convert = _UNLIKE.get(type(node))
    if convert:
        return convert(node)
    kind = _KINDS[type(node)]
    made = kind.__new__(kind)
    made.origin = node
    for field in kind.fields:
        value = getattr(node, field)
        setattr(made, field, value if value is None or type(value) is str else _value(value))
    return made


def _value(value: Any) -> Any:
    if isinstance(value, libcst.CSTNode):
        return _converted(value)
    if isinstance(value, list | tuple):
        return [_converted(one) for one in value]
    return None if value is libcst.MaybeSentinel.DEFAULT else value


def _of_suite(suite: libcst.SimpleStatementSuite) -> nodes.IndentedBlock:
    """Return a block on the line of its head as if it stood below it."""
    line = nodes.SimpleStatementLine(_value(suite.body))
    block = nodes.IndentedBlock([line])
    line.origin = block.origin = suite
    return block


def _of_pieces(whole: libcst.ConcatenatedString) -> nodes.CSTNode:
    """Return a text that is put together from several as one."""
    pieces = [_converted(piece) for piece in _pieces(whole)]
    formatted = next((piece for piece in pieces if not isinstance(piece, nodes.SimpleString)), None)
    made = type(formatted)(_parts(pieces)) if formatted else nodes.SimpleString(_joined(pieces))
    made.origin = whole
    return made


def _pieces(whole: libcst.BaseExpression) -> Iterator[libcst.BaseExpression]:
    while isinstance(whole, libcst.ConcatenatedString):
        yield whole.left
        whole = whole.right
    yield whole


def _joined(pieces: Sequence[Any]) -> str:
    """Return a literal of what ``pieces`` are together: as far as they can be read, and are of one kind."""
    values: list[Any] = [_evaluated(piece) for piece in pieces]
    kind = type(values[0])
    return repr(kind().join(value for value in values if isinstance(value, kind)))


def _evaluated(piece: nodes.SimpleString) -> str | bytes:
    try:
        return piece.evaluated_value
    except (ValueError, SyntaxError):
        return piece.raw_value


def _parts(pieces: Sequence[Any]) -> list[nodes.CSTNode]:
    """Return the parts of all ``pieces``, texts that follow each other as one."""
    found: list[Any] = []
    for piece in pieces:
        for part in [_as_part(piece)] if isinstance(piece, nodes.SimpleString) else piece.parts:
            if (
                found
                and isinstance(part, nodes.FormattedStringText)
                and isinstance(found[-1], nodes.FormattedStringText)
            ):
                found[-1].value += part.value
            else:
                found.append(part)
    return found


def _as_part(piece: nodes.SimpleString) -> nodes.FormattedStringText:
    part = nodes.FormattedStringText(piece.text)
    part.origin = piece.origin
    return part


#: What libcst tells apart and ``ast`` does not.
_UNLIKE: Final[Mapping[type[libcst.CSTNode], Callable[[Any], nodes.CSTNode]]] = {
    libcst.SimpleStatementSuite: _of_suite,
    libcst.ConcatenatedString: _of_pieces,
}


def _survives(data: bytes) -> bool:
    """Tell whether libcst gets through the file, tried where a crash costs nothing."""
    command = [sys.executable, "-I", "-c", _TRIAL]
    return subprocess.run(command, input=data, capture_output=True, check=False).returncode >= 0


def _syntax_problem(error: libcst.ParserSyntaxError, text: str) -> SyntaxProblem:
    """Say it in CPython's words where it stumbles over the same place: it names the mistake, libcst what it expected.

    A place further up is one where an older interpreter does not know newer syntax, which is no mistake.
    """
    row = max(error.editor_line, 1)
    words = words_of_cpython(text)
    if words is None:
        return SyntaxProblem(START, "libcst cannot read it, though Python can", unread=True)
    reason = error.message.removeprefix("parser error: ").removeprefix("tokenizer error: ").strip().splitlines()
    if words.position.row in (row - 1, row) or "tokenizer error" in error.message:
        return words
    return SyntaxProblem(Position(row, max(error.editor_column, 1)), reason[0] if reason else "invalid syntax")
