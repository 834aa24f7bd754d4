"""Rows of any length in little memory: the middle of their long texts is gone over and left out.

What is left out is certain to be sound: no NUL, no half of a surrogate pair, no broken escape, no byte that is not
UTF-8. All else stays, so that what is left is as right or wrong as the whole, and at places that can be told.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.rules import METADATA, DatasetRules
from osmo_checks.datasets.scan import Flaw, Node
from osmo_checks.finding import Position

#: Characters of each text that are kept; fewer, once a row has had so many in all.
_KEPT: Final = 64 * 1024
_KEPT_THEN: Final = 64
_ENOUGH: Final = 1024 * 1024

#: Characters, and commas between values, that a shortened row may have. More would not be read in little memory.
MAX_SHORTENED: Final = 2 * 1024 * 1024
MAX_VALUES: Final = 150_000

#: What no text needs a close look for.
_PLAIN: Final = re.compile(
    r'(?:[^"\\\x00-\x1f\ud800-\udfff]++'
    r'|\\(?:["\\/bfnrt]'
    r"|u(?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4}"
    r"|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))*+"
)
_ONE: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,4}|.)|.", re.DOTALL)
_LONGEST_ESCAPE: Final = 12


@dataclass(frozen=True, slots=True)
class RowText:
    """The text of a row, perhaps without the middle of its long texts: ``cuts`` say where how much is missing."""

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int, start: Position) -> Position:
        """Return where in the file a character of the text stands, which begins at ``start``."""
        line = self.text.rfind("\n", 0, offset) + 1
        column = offset - line + self.left_out(line, offset)
        if not line:
            return Position(start.row, start.column + column)
        return Position(start.row + self.text.count("\n", 0, offset), column + 1)

    def left_out(self, start: int, end: int) -> int:
        """Return how many characters are missing between two places of the text."""
        return sum(size for at, size in self.cuts if start < at <= end)


class TooLongError(Exception):
    """A row is too long even when it is shortened; the text says so in a sentence."""

    def __init__(self) -> None:
        super().__init__(
            f"This row was not looked at: it has over {MAX_VALUES:,} values, or over {MAX_SHORTENED // 2**20} MiB "
            "beside its long texts. Put every row on a line of its own, or make it smaller."
        )


@dataclass(slots=True)
class _LeftOut:
    """What is left out of one text: a hash stands for it, so that rows are equal only where the whole ones are."""

    size: int = 0
    is_blank: bool = True
    digest: "blake2b" = field(default_factory=lambda: blake2b(digest_size=8))

    def add(self, plain: str) -> None:
        self.size += len(plain)
        self.digest.update(plain.encode())
        self.is_blank = self.is_blank and json.loads(f'"{plain}"').isspace()

    @property
    def stands_for_it(self) -> str:
        return " " if self.is_blank else self.digest.hexdigest()


class Shortener:
    """Takes a row, or the beginning of one and what comes after it, a piece at a time."""

    def __init__(self) -> None:
        self.cuts: list[tuple[int, int]] = []
        self._size = 0
        self._values = 0
        #: Of the text that the place reached is in, how much is kept.
        self._text_size: int | None = None
        self._left_out: _LeftOut | None = None
        self._held = ""

    def feed(self, text: str, *, is_last: bool = False) -> str:
        """Return what is kept of the next piece. Raises ``TooLongError``."""
        text = self._held + text
        kept: list[str] = []
        at = 0
        while at < len(text):
            after = self._take_in_text(text, at, kept) if self._text_size is not None else self._take(text, at, kept)
            if after == at and not is_last and len(text) - at < _LONGEST_ESCAPE:
                break
            at = after if after > at else self._take_one(text, at, kept)
        self._held = text[at:]
        if is_last:
            self._end_cut(kept)
        return "".join(kept)

    def _take(self, text: str, at: int, kept: list[str]) -> int:
        """Take what is outside of texts, up to the next one."""
        quote = text.find('"', at)
        end = len(text) if quote < 0 else quote + 1
        self._values += text.count(",", at, end)
        if self._values > MAX_VALUES:
            raise TooLongError
        self._text_size = None if quote < 0 else 0
        self._keep(text[at:end], kept)
        return end

    def _take_in_text(self, text: str, at: int, kept: list[str]) -> int:
        """Take what is plain inside of a text, which may be nothing."""
        room = max(0, (_KEPT if self._size < _ENOUGH else _KEPT_THEN) - (self._text_size or 0))
        found = _PLAIN.match(text, at, at + room if room else len(text))
        end = found.end() if found else at
        if end == at and room and room < _LONGEST_ESCAPE:
            self._text_size = _KEPT  # an escape that would be cut is left out as a whole
            return self._take_in_text(text, at, kept)
        if room:
            self._text_size = (self._text_size or 0) + end - at
            self._keep(text[at:end], kept)
        elif end > at:
            self._left_out = self._left_out or _LeftOut()
            self._left_out.add(text[at:end])
        return end

    def _take_one(self, text: str, at: int, kept: list[str]) -> int:
        """Take what ends a text, or should not be in it."""
        self._end_cut(kept)
        found = _ONE.match(text, at)
        end = found.end() if found else at + 1
        if text[at] == '"':
            self._text_size = None
        self._keep(text[at:end], kept)
        return end

    def _end_cut(self, kept: list[str]) -> None:
        if self._left_out is None:
            return
        instead = self._left_out.stands_for_it
        self._keep(instead, kept)
        self.cuts.append((self._size, self._left_out.size - len(instead)))
        self._left_out = None

    def _keep(self, text: str, kept: list[str]) -> None:
        kept.append(text)
        self._size += len(text)
        if self._size > MAX_SHORTENED:
            raise TooLongError


def shortened(read: Callable[[], str]) -> RowText:
    """Return the text whose pieces ``read`` returns, up to an empty one, without the middle of its long texts.

    Raises ``TooLongError``; then there may be more to read.
    """
    shortener = Shortener()
    kept = []
    while piece := read():
        kept.append(shortener.feed(piece))
    kept.append(shortener.feed("", is_last=True))
    return RowText("".join(kept), tuple(shortener.cuts))


class LongRow:
    """A row whose end is not known before it is read: takes the text that has its beginning, and what comes after."""

    def __init__(self) -> None:
        self._shortener = Shortener()
        self._fed = 0
        self._last = ""

    def feed(self, text: str) -> str:
        """Return what is kept of the next piece; an empty one is the last. Raises ``TooLongError``."""
        self._fed += len(text)
        self._last = text or self._last
        return self._shortener.feed(text, is_last=not text)

    def row(self, kept: str) -> RowText:
        """Return what was ``kept`` up to the end of the row."""
        return RowText(kept, tuple(cut for cut in self._shortener.cuts if cut[0] <= len(kept)))

    def after(self, row: RowText) -> str | None:
        """Return what came after the row, nothing left out; ``None`` where the row did not end in the last piece."""
        size = self._fed - len(row.text) - row.left_out(0, len(row.text))
        return self._last[len(self._last) - size :] if size <= len(self._last) else None


def unread_metadata(root: Node, row: RowText, rules: DatasetRules) -> Flaw | None:
    """Return what is wrong with metadata that is written as one long text: JSON with a middle missing is none."""
    if rules.metadata == "ignored":
        return None
    for member in root.members:
        value = member.value
        if member.key == METADATA and value.kind == "text" and row.left_out(value.start, value.end):
            message = "This row was not looked at, as its metadata is one very long text: write it as an object."
            return Flaw(codes.LINE_TOO_LONG, value.start, value.end, message)
    return None
