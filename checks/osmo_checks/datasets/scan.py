"""A JSON reader for the few lines that need a close look: slow, exact about places, never recursive.

It reads what RFC 8259 allows, and goes on after what can be read but should not be there (NaN, duplicate keys, halves
of surrogate pairs), so that one line gives all its flaws. Only broken syntax ends the reading.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from osmo_checks.datasets import codes
from osmo_checks.finding import Position, Severity

#: Levels of brackets. Python's own reader, which the platform uses, gives up not far above.
MAX_DEPTH: Final = 500

INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1

#: ``other`` is what no JSON text has: values of types that only other formats know.
Kind = Literal["object", "array", "text", "number", "boolean", "null", "other"]

_SPACE = re.compile(r"[ \t\n\r]*+")
_TEXT = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?")
_WORD = re.compile(r"-?[A-Za-z_]++")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
_NUL_ESCAPE = re.compile(r"(\\u0000)|\\.")
_CONSTANTS: Final[dict[str, tuple[Kind, bool | None]]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
}
_NAN = ("NaN", "Infinity", "-Infinity")
_PYTHON = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
#: Digits of a whole number that are looked at: 64 bits hold 19, and Python refuses to convert thousands.
_MOST_DIGITS = 21


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and the code points it takes in the text: ``text[start:end]``, 0-based.

    Of a whole number far beyond 64 bits ``value`` has the first digits only.
    """

    kind: Kind
    start: int
    end: int
    value: "str | float | bool | Sequence[Node] | Sequence[Member] | None"

    @property
    def members(self) -> "Sequence[Member]":
        """The members of an object; none of anything else."""
        return [item for item in self._items() if isinstance(item, Member)]

    @property
    def elements(self) -> "Sequence[Node]":
        """The elements of an array; none of anything else."""
        return [item for item in self._items() if isinstance(item, Node)]

    def _items(self) -> "Sequence[Node] | Sequence[Member]":
        return self.value if isinstance(self.value, list) else []


@dataclass(frozen=True, slots=True)
class Member:
    """One ``key: value`` of an object; the place is the key's."""

    key: str
    start: int
    end: int
    value: Node


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at ``text[start:end]``; ``message`` is a whole sentence, ``None`` the code's usual severity.

    ``path`` is the JSON path of the value where the place does not tell it: inside JSON that is written as a text.
    """

    code: codes.Code
    start: int
    end: int
    message: str
    severity: Severity | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """What one text holds: its value, ``None`` where the syntax is broken, and all that is wrong with its writing."""

    root: Node | None
    flaws: Sequence[Flaw]

    @property
    def is_unfinished(self) -> bool:
        """Tell whether the text is the beginning of something valid."""
        return any(flaw.code is codes.TRUNCATED_ROW for flaw in self.flaws)


def scan(text: str) -> Scan:
    """Read ``text`` as one JSON value with nothing after it but white space."""
    scanner = _Scanner(text)
    try:
        root = scanner.value()
    except _BrokenError as broken:
        return Scan(None, [*scanner.flaws, broken.flaw])
    scanner.flaws.extend(_after_root(text, scanner.at))
    return Scan(root, scanner.flaws)


def position_in(text: str, offset: int, first_row: int = 1) -> Position:
    """Return the place of ``text[offset]``, where ``text`` starts on line ``first_row``."""
    return Position(first_row + text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset))


def _after_root(text: str, at: int) -> list[Flaw]:
    rest = _space_end(text, at)
    if rest == len(text):
        return []
    if text[rest] not in "{[":
        return [Flaw(codes.INVALID_JSON, rest, rest + 1, f"After the row there is {_shown(text[rest])}: remove it.")]
    if "\r" in text[at:rest] and "\n" not in text[at:rest]:
        message = "Rows are separated by CR alone: end every line with LF, for instance with `tr '\\r' '\\n'`."
        return [Flaw(codes.CR_LINE_ENDS, at, at + 1, message)]
    return [Flaw(codes.SEVERAL_ROWS, rest, rest + 1, "A second row starts on this line: put it on a line of its own.")]


class _BrokenError(Exception):
    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw


@dataclass(slots=True)
class _Open:
    """An object or array that is being read."""

    kind: Literal["object", "array"]
    start: int
    members: list[Member] = field(default_factory=list)
    elements: list[Node] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    key: tuple[str, int, int] = ("", 0, 0)

    def add(self, node: Node) -> None:
        if self.kind == "array":
            self.elements.append(node)
        else:
            self.members.append(Member(*self.key, node))

    def close(self, end: int) -> Node:
        return Node(self.kind, self.start, end, self.members if self.kind == "object" else self.elements)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flaws: list[Flaw] = []
        self.open: list[_Open] = []

    def value(self) -> Node:
        while True:
            node = self._start()
            while node is not None:
                if not self.open:
                    return node
                self.open[-1].add(node)
                node = self._next()

    def _start(self) -> Node | None:
        """Read a scalar or an empty container, or open a container and return ``None``."""
        char = self._peek("a value")
        if char == '"':
            return self._text_node()
        if char in "{[":
            return self._open(char)
        if match := _NUMBER.match(self.text, self.at):
            return self._number(match)
        return self._word()

    def _text_node(self) -> Node:
        start, value = self.at, self._text()
        return Node("text", start, self.at, value)

    def _open(self, char: str) -> Node | None:
        container = _Open("object" if char == "{" else "array", self.at)
        if len(self.open) == MAX_DEPTH:
            message = f"Brackets are nested more than {MAX_DEPTH} deep: flatten the value, or store it as text."
            raise _BrokenError(Flaw(codes.TOO_DEEP, self.at, self.at + 1, message))
        self.open.append(container)
        self.at += 1
        closer = "}" if char == "{" else "]"
        if self._peek(f"a value or {closer}" if char == "[" else f"a key or {closer}") == closer:
            return self._close()
        if char == "{":
            self._key()
        return None

    def _close(self) -> Node:
        self.at += 1
        return self.open.pop().close(self.at)

    def _next(self) -> Node | None:
        """After a value: go to the next one and return ``None``, or close the container and return it."""
        container = self.open[-1]
        closer = "}" if container.kind == "object" else "]"
        char = self._peek(f"a comma or {closer}")
        if char == closer:
            return self._close()
        if char != ",":
            raise self._broken(f"Expected a comma or {closer} here, not {_shown(char)}.")
        comma = self.at
        self.at += 1
        if self._peek("another value") == closer:
            raise self._broken(f"A comma stands before {closer}: remove it.", comma)
        if container.kind == "object":
            self._key()
        return None

    def _key(self) -> None:
        start = self.at
        if self._peek("a key") != '"':
            raise self._broken(f"Expected a key in double quotes here, not {_shown(self.text[start])}.")
        key = self._text()
        container = self.open[-1]
        if key in container.keys:
            message = f"The key {quoted(key)} appears twice{self._inside()} and only the last value counts: remove one."
            self.flaws.append(Flaw(codes.DUPLICATE_KEY, start, self.at, message))
        container.keys.add(key)
        container.key = (key, start, self.at)
        if self._peek("a colon") != ":":
            raise self._broken(f"Expected a colon after the key here, not {_shown(self.text[self.at])}.")
        self.at += 1

    def _inside(self) -> str:
        """Say which object is being read, where it is not the row itself."""
        steps = [
            f".{outer.key[0]}" if outer.kind == "object" else f"[{len(outer.elements)}]" for outer in self.open[:-1]
        ]
        return f" in ${''.join(steps)}" if steps else ""

    def _text(self) -> str:
        start = self.at
        match = _TEXT.match(self.text, start)
        end = match.end() if match else start
        if end == len(self.text) or _CUT_ESCAPE.fullmatch(self.text, end):
            raise self._unfinished("the text that starts here has no closing quotation mark", start)
        if self.text[end] != '"':
            raise self._broken(_bad_in_text(self.text[end : end + 2]), end)
        self.at = end + 1
        raw = self.text[start : self.at]
        if "\\" not in raw:
            return raw[1:-1]
        value: str = json.loads(raw)
        self.flaws.extend(_bad_escapes(raw, value, start))
        return value

    def _number(self, match: re.Match[str]) -> Node:
        start, self.at = self.at, match.end()
        written = match.group()
        is_whole = match[1] is None and match[2] is None
        value: float = int(written[:_MOST_DIGITS]) if is_whole else float(written)
        too_large = not INT64_MIN <= value <= INT64_MAX if is_whole else value in (float("inf"), float("-inf"))
        if too_large:
            message = "The number does not fit in 64 bits: write it as text, in double quotes."
            self.flaws.append(Flaw(codes.NUMBER_TOO_LARGE, start, self.at, message))
        return Node("number", start, self.at, value)

    def _word(self) -> Node:
        match = _WORD.match(self.text, self.at)
        word = match.group() if match else ""
        start, end = self.at, self.at + len(word)
        if word in _CONSTANTS:
            self.at = end
            kind, value = _CONSTANTS[word]
            return Node(kind, start, end, value)
        if word in _NAN:
            self.at = end
            message = f"{word} is not JSON: write null, or leave the field out."
            self.flaws.append(Flaw(codes.NOT_A_NUMBER, start, end, message))
            return Node("number", start, end, float(word))
        if end == len(self.text) and any(known.startswith(word) for known in (*_CONSTANTS, *_NAN)):
            raise self._unfinished(f"{word!r} is cut off", start)
        raise self._broken(_not_a_value(word or self.text[start]), start, end)

    def _peek(self, expected: str) -> str:
        """Skip white space and return the character there."""
        self.at = _space_end(self.text, self.at)
        if self.at == len(self.text):
            raise self._unfinished(f"{expected} is missing", self.at)
        return self.text[self.at]

    def _broken(self, message: str, start: int | None = None, end: int = 0) -> _BrokenError:
        start = self.at if start is None else start
        return _BrokenError(Flaw(codes.INVALID_JSON, start, max(end, start + 1), message))

    def _unfinished(self, what: str, start: int) -> _BrokenError:
        return _BrokenError(Flaw(codes.TRUNCATED_ROW, start, len(self.text), f"The row is not complete: {what}."))


def _space_end(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _bad_in_text(found: str) -> str:
    if found[0] == "\\":
        return f"{found} is no JSON escape: write \\\\ for a backslash."
    if found[0] == "\0":
        return "A NUL byte is in the text: remove it; the file may be damaged."
    names = {"\n": ("line break", "\\n"), "\r": ("carriage return", "\\r"), "\t": ("tab", "\\t")}
    name, escape = names.get(found[0], ("control character", f"\\u{ord(found[0]):04x}"))
    return f"A {name} is in the text: write {escape} instead."


def _bad_escapes(raw: str, value: str, start: int) -> list[Flaw]:
    flaws = []
    if _LONE_SURROGATE.search(value):
        message = "This is one half of a surrogate pair and no character: remove it, or write the whole pair."
        flaws += [
            Flaw(codes.LONE_SURROGATE, start + found.start(), start + found.end(), message)
            for found in _SURROGATE_ESCAPE.finditer(raw)
            if found[1]
        ]
    if "\0" in value:
        message = "The text contains the character NUL: remove it."
        flaws += [
            Flaw(codes.NUL_CHARACTER, start + found.start(), start + found.end(), message)
            for found in _NUL_ESCAPE.finditer(raw)
            if found[1]
        ]
    return flaws


def _not_a_value(found: str) -> str:
    if found in _PYTHON:
        return f"{found} is not JSON: write {_PYTHON[found]}."
    if found == "'":
        return "JSON texts stand in double quotes, not single ones: write the row with a JSON library."
    if found in ("/", "#"):
        return "JSON has no comments: remove this one."
    if found in (",", "}", "]"):
        return f"A value is missing before {found}."
    return f"Expected a value here, not {_shown(found)}."


def _shown(found: str) -> str:
    if found == "\0":
        return "a NUL byte: the file may be damaged"
    return quoted(found) if found.isprintable() else f"U+{ord(found[0]):04X}"


def quoted(text: str) -> str:
    """Return the beginning of a user's text as a message shows it."""
    return json.dumps(text[:40], ensure_ascii=not text.isprintable())
