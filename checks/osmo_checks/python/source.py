"""A file's text, and what keeps it from being read as Python."""

import ast
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from osmo_checks.finding import START, Position
from osmo_checks.sources import lines_of

#: CPython's tokenizer refuses more (``MAXLEVEL``); libcst's parser would overflow the stack first.
_DEEPEST_BRACKETS = 200
#: Bytes. No module that people write is longer (the standard library's longest has 0.8 MB), and reading a megabyte of
#: short statements takes some ten seconds.
_LONGEST = 1_000_000

# What can hold a chain of hundreds of operators, calls or branches: libcst's parser recurses along it, in time that
# grows with the square of its length, and beyond some thousands the stack overflows.
_LONG_RUN = re.compile(rb"[^\n,;]{3000}")
_STARTING_LINES = re.compile(
    rb"(?:^[ \t]*(?:[-+*/%@&|^<>.()\[\]{}\"'~]|and\b|or\b|if\b|else\b|not\b|lambda\b|await\b)[^\n]*\n){300}",
    re.MULTILINE,
)
_ENDING_LINES = re.compile(
    rb"(?:^[^\n]*(?:[-+*/%@&|^<>.()\[{\\~]|and|or|if|else|not|lambda:|await)[ \t\r]*\n){300}", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a file has no tree. ``unread`` means that nothing was found wrong with it: it could not be looked at."""

    position: Position
    message: str
    unread: bool = False


_TOO_LONG = SyntaxProblem(START, f"it is longer than {_LONGEST // 1_000_000} MB", unread=True)
TOO_DEEP = SyntaxProblem(START, "its code is nested too deeply", unread=True)


def looks_hostile(data: bytes) -> bool:
    if _LONG_RUN.search(data) or data.count(b"elif") > 300:
        return True
    many_lines = data.count(b"\n") >= 300
    return many_lines and any(pattern.search(data) for pattern in (_STARTING_LINES, _ENDING_LINES))


def words_of_cpython(text: str) -> SyntaxProblem | None:
    """Return what the running interpreter says to the text; ``None`` where it takes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as error:
            return SyntaxProblem(Position(error.lineno or 1, error.offset or 1), error.msg)
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxProblem(START, str(error) or "the code is nested too deeply")
    return None


def decode(data: bytes) -> str | SyntaxProblem:
    """Return the text of a Python file, decoded for looking at (a declared encoding is left to parsers)."""
    if len(data) > _LONGEST:
        return _TOO_LONG
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return SyntaxProblem(START, "the file is UTF-16: save it as UTF-8")
    null = data.find(b"\0")
    if null >= 0:
        return SyntaxProblem(_position_of_byte(data, null), "the file contains a NUL byte")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"coding" in data[:200]:
            return data.decode("latin-1")
        return SyntaxProblem(_position_of_byte(data, error.start), "the file is not UTF-8: save it as UTF-8")


def _position_of_byte(data: bytes, offset: int) -> Position:
    before = lines_of(data[:offset].decode("utf-8", errors="replace"))
    return Position(len(before), len(before[-1]) + 1)


def bracket_problem(text: str) -> SyntaxProblem | None:
    if text.count("(") + text.count("[") + text.count("{") <= _DEEPEST_BRACKETS:
        return None
    depth = 0
    for offset, char in enumerate(text):
        if char in "([{":
            depth += 1
            if depth > _DEEPEST_BRACKETS:
                before = lines_of(text[:offset])
                return SyntaxProblem(Position(len(before), len(before[-1]) + 1), "too many nested brackets")
        elif char in ")]}" and depth:
            depth -= 1
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read; ``shown`` is its path as findings name it."""

    path: Path
    shown: str
    data: bytes
