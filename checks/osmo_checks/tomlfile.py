"""A TOML file with the places of its tables, keys and values, which ``tomllib`` does not keep."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osmo_checks.finding import START, Position
from osmo_checks.sources import Read, read_file

Span = tuple[Position, Position]
KeyPath = tuple[str, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = re.compile(rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*")
_PART = re.compile(_KEY)
_STRINGS = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_STRING_OR_COMMENT = re.compile(rf"{_STRINGS.pattern}|(#[^\n]*)", re.DOTALL)
_PLACE_IN_MESSAGE = re.compile(r"\(at line (\d+), column (\d+)\)")
_LONG_NUMBER = re.compile(r"(?:0[xob])?[0-9a-fA-F_]{3500,}")


class NotTomlError(ValueError):
    """Where a text stops being TOML, and the reason, without a full stop."""

    def __init__(self, position: Position, reason: str) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TomlFile:
    """``data`` is empty and ``problem`` set where the text is not TOML; ``keys`` and ``values`` are spans by key."""

    path: Path
    shown: str
    data: Mapping[str, Any]
    text: str = ""
    problem: tuple[Position, str] | None = None
    keys: Mapping[KeyPath, Span] = field(default_factory=dict)
    values: Mapping[KeyPath, Span] = field(default_factory=dict)

    def table(self, name: str) -> Mapping[str, Any]:
        value = self.data.get(name)
        return value if isinstance(value, dict) else {}

    def key_span(self, *key: str) -> Span:
        """Return where ``key`` stands; where it does not, where the table it is missing from does."""
        while key and key not in self.keys:
            key = key[:-1]
        return self.keys[key] if key else (START, START)

    def value_span(self, *key: str) -> Span:
        return self.values.get(key) or self.key_span(*key)

    def item_span(self, item: str, *key: str) -> Span:
        """Return where the text ``item`` stands in the list ``key``, the last time; else the list."""
        start, end = self.value_span(*key)
        lines = self.text.split("\n")
        for row in range(end.row, start.row - 1, -1):
            line = lines[row - 1][: end.column - 1 if row == end.row else None]
            first = start.column - 1 if row == start.row else 0
            found = max(line.rfind(f"{quote}{item}{quote}", first) for quote in "\"'")
            if found >= 0:
                return Position(row, found + 1), Position(row, found + len(item) + 3)
        return start, end


def read_toml(path: Path, shown: str, read: Read = read_file) -> TomlFile:
    """Read a TOML file. What is wrong with it comes back as ``problem``."""
    try:
        text = read(path).decode("utf-8")
    except OSError as error:
        return TomlFile(path, shown, {}, "", (START, f"the file cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        column = error.start - (error.object.rfind(b"\n", 0, error.start) + 1)
        return TomlFile(path, shown, {}, "", (Position(row, column + 1), "the file is not UTF-8: save it as UTF-8"))
    try:
        data = parse_toml(text)
    except NotTomlError as error:
        return TomlFile(path, shown, {}, text, (error.position, error.reason))
    keys, values = _Scanner(text).scan()
    return TomlFile(path, shown, data, text, None, keys, values)


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a text says. Raises ``NotTomlError`` for everything that ``tomllib`` stumbles over."""
    try:
        data = tomllib.loads(text)
        # Python reads hexadecimal numbers of any length, and fails where they are first shown.
        repr(data)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), text) from error
    except RecursionError as error:
        raise NotTomlError(START, "values are nested too deeply") from error
    except ValueError as error:
        found = _LONG_NUMBER.search(text)
        raise NotTomlError(
            position_of(text, found.start() if found else 0), "this number has too many digits"
        ) from error
    return data


def _not_toml(message: str, text: str) -> NotTomlError:
    place = _PLACE_IN_MESSAGE.search(message)
    reason = _PLACE_IN_MESSAGE.sub("", message).replace("(at end of document)", "at the end of the file").strip()
    return NotTomlError(Position(int(place[1]), int(place[2])) if place else position_of(text, len(text)), reason)


def position_of(text: str, offset: int) -> Position:
    """Return where in a TOML text a character stands."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def comments_of(text: str) -> list[tuple[int, int]]:
    """Return where the comments of a TOML text begin and end, as 0-based offsets."""
    return [match.span(1) for match in _STRING_OR_COMMENT.finditer(text) if match[1]]


class _Scanner:
    """Finds keys and values in text that ``tomllib`` has accepted, so it need not see mistakes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[KeyPath, Span] = {}
        self.values: dict[KeyPath, Span] = {}
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def scan(self) -> tuple[dict[KeyPath, Span], dict[KeyPath, Span]]:
        offset = 0
        table: KeyPath = ()
        while offset < len(self.text):
            char = self.text[offset]
            if char in " \t\r\n":
                offset += 1
            elif char == "#":
                offset = self._line_end(offset)
            elif char == "[":
                offset, table = self._header(offset)
            else:
                offset = self._pair(offset, table)
        return self.keys, self.values

    def _header(self, offset: int) -> tuple[int, KeyPath]:
        start = offset
        offset += 2 if self.text.startswith("[[", offset) else 1
        match = _DOTTED.match(self.text, offset)
        name = _parts(match[1]) if match else ()
        end = self.text.find("]", match.end() if match else offset) + 1
        end += self.text.startswith("]", end)
        self.keys.setdefault(name, self._span(start, end))
        return end, name

    def _pair(self, offset: int, table: KeyPath) -> int:
        match = _DOTTED.match(self.text, offset)
        if not match:
            return self._line_end(offset)
        key = table + _parts(match[1])
        self.keys.setdefault(key, self._span(match.start(1), match.end(1)))
        start = match.end() + 1
        while self.text[start : start + 1] in (" ", "\t"):
            start += 1
        end = self._value_end(start)
        self.values.setdefault(key, self._span(start, end))
        return end

    def _value_end(self, offset: int) -> int:
        """Return where the value ends: its line's end or a comment, outside of brackets and strings."""
        depth, end = 0, offset
        while offset < len(self.text):
            char = self.text[offset]
            if char in "\"'":
                match = _STRINGS.match(self.text, offset)
                offset = end = match.end() if match else self._line_end(offset)
                continue
            if char == "#":
                if not depth:
                    break
                offset = self._line_end(offset)
                continue
            if char == "\n" and not depth:
                break
            depth += (char in "[{") - (char in "]}")
            offset += 1
            end = end if char in " \t\r\n" else offset
        return end

    def _line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def _span(self, start: int, end: int) -> Span:
        return self._position(start), self._position(end)

    def _position(self, offset: int) -> Position:
        row = bisect_right(self.starts, offset)
        return Position(row, offset - self.starts[row - 1] + 1)


def _parts(dotted: str) -> KeyPath:
    return tuple(_unquoted(part) for part in _PART.findall(dotted))


def _unquoted(part: str) -> str:
    if part.startswith('"'):
        return str(tomllib.loads(f"key = {part}")["key"])
    return part.strip("'")
