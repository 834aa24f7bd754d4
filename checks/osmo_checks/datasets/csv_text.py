"""CSV as Python's reader takes it, and so the platform: records, with the place of every cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from osmo_checks.datasets.decoding import Decoded
from osmo_checks.finding import Position

#: Characters of a cell; the platform's reader stops at a longer one.
MAX_CELL: Final = 131_072

#: Characters of a record, as many as in ten of the longest cells: more would not be looked at in little memory. One
#: that goes on for longer has a quotation mark that nothing closes, or lost its line ends.
MAX_RECORD: Final = 10 * MAX_CELL

#: Bytes that are looked at together.
_AHEAD: Final = 64 * 1024

_LINE_END: Final = re.compile(r"\r\n?|\n")
_PLAIN: Final = re.compile(r"[^,\r\n]*+")
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"')
_REST_OF_LINE: Final = re.compile(r"[^\r\n]*+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the characters it takes in its record; ``junk`` is where text follows a closing quotation mark."""

    value: str
    start: int
    end: int
    junk: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record with its line end; ``line`` is the one it starts on.

    ``unclosed`` is where a quotation mark opens that nothing closes: the record is then taken to end with its line, and
    ``cells`` are those before. ``is_cut`` where the record is too long to be looked at and ``text`` its beginning.
    """

    text: str
    line: int
    cells: tuple[Cell, ...]
    unclosed: int | None = None
    is_cut: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip("\r\n")

    @property
    def is_whole(self) -> bool:
        """Tell whether the record has an end; the last one of a file may have none."""
        return self.unclosed is None and self.text.endswith(("\n", "\r"))

    @property
    def content(self) -> bytes:
        """The record as it stands in the file, with LF as its line end."""
        return self.text.removesuffix("\n").removesuffix("\r").encode("utf-8", "surrogateescape") + b"\n"

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(cell.value for cell in self.cells)

    def place(self, offset: int) -> Position:
        """Return where in the file a character of the record stands."""
        ends = [end.end() for end in _LINE_END.finditer(self.text, 0, offset)]
        return Position(self.line + len(ends), offset - (ends[-1] if ends else 0) + 1)


def lines_in(text: str) -> int:
    """Return how many lines end in a text. LF, CR LF and CR alone end one."""
    if "\r" not in text:
        return text.count("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n")


class CsvText:
    """The text of a CSV file and the place reached in it, which is always the start of a record."""

    def __init__(self, stream: BinaryIO) -> None:
        self.line = 1
        self._decoded = Decoded(stream)
        self._text = ""
        self._at = 0
        self._is_at_end = False

    def ahead(self) -> bytes:
        """Return some whole lines from the place reached on, if they are not too long; nothing at the end."""
        ahead = self._decoded.undecoded(self._text[self._at :], _AHEAD)
        self._text, self._at, self._is_at_end = "", 0, False
        return ahead

    def take(self, size: int, lines: int) -> None:
        """Go on by ``size`` bytes of those ``ahead``, in which ``lines`` lines end."""
        self._decoded.skip(size)
        self.line += lines

    def records_in(self, ahead: bytes) -> Iterator[Record]:
        """Take the records that begin in what is ``ahead``, and blank lines; the last one may go on after it."""
        left = len(ahead.decode("utf-8", "surrogateescape"))
        while left > 0 and (record := self.next_record()):
            left -= len(record.text)
            yield record

    def next_record(self) -> Record | None:
        """Take one record, or a blank line; ``None`` at the end of the file."""
        while True:
            left = len(self._text) - self._at
            is_end = self._is_at_end or left >= MAX_RECORD
            record = _record_at(self._text, self._at, self.line, is_end=is_end) if left else None
            if record is not None:
                self._go_on(len(record.text), lines_in(record.text))
                return self._cut(record) if self._at == len(self._text) and not self._is_at_end else record
            if is_end:
                return None
            self._read(left + 1)

    def _go_on(self, size: int, lines: int) -> None:
        self._at += size
        self.line += lines

    def _cut(self, record: Record) -> Record:
        """Leave out the rest of a line that does not end in what was read for one record."""
        if record.text.endswith(("\n", "\r")):
            return record
        while True:
            has_end = self._text.find("\n", self._at) >= 0 or self._text.find("\r", self._at) >= 0
            end = _LINE_END.search(self._text, self._at) if has_end else None
            if end and (end.end() < len(self._text) or self._is_at_end):
                self._go_on(end.end() - self._at, 1)
                break
            self._at = len(self._text) if end is None else end.start()
            if self._is_at_end:
                break
            self._read(1)
        return Record(record.text[:MAX_CELL], record.line, (), is_cut=True)

    def _read(self, size: int) -> None:
        """Read ``size`` characters more, and to the end of a piece, and forget those before the place reached."""
        pieces = [self._text[self._at :]]
        wanted = size
        while wanted > 0 and not self._is_at_end:
            pieces.append(self._decoded.read())
            wanted -= len(pieces[-1])
            self._is_at_end = not pieces[-1]
        self._text = "".join(pieces)
        self._at = 0


def _record_at(text: str, at: int, line: int, *, is_end: bool) -> Record | None:
    """Return the record that starts at ``text[at]``, or ``None`` where more has to be read to know its end."""
    cells: list[Cell] = []
    here = at
    while True:
        cell = _cell_at(text, here, at)
        if cell is None or (cell.junk is not None and _LINE_END.search(cell.value)):
            return _unclosed(text, at, here, line, cells) if cell or is_end else None
        cells.append(cell)
        here = at + cell.end
        if not is_end and (here == len(text) or (here == len(text) - 1 and text[here] == "\r")):
            return None
        if text[here : here + 1] != ",":
            break
        here += 1
    end = _LINE_END.match(text, here)
    stop = end.end() if end else here
    return Record(text[at:stop], line, tuple(cells) if here > at else ())


def _cell_at(text: str, here: int, at: int) -> Cell | None:
    """Return the cell at ``text[here]``, in a record at ``text[at]``; ``None`` where its quotation is not closed."""
    if text[here : here + 1] != '"':
        match = _PLAIN.match(text, here)
        end = match.end() if match else here
        return Cell(text[here:end], here - at, end - at)
    quoted = _QUOTED.match(text, here)
    if quoted is None:
        return None
    value, close = quoted[1].replace('""', '"'), quoted.end()
    match = _PLAIN.match(text, close)
    end = match.end() if match else close
    return Cell(value + text[close:end], here - at, end - at, close - at if end > close else None)


def _unclosed(text: str, at: int, here: int, line: int, cells: list[Cell]) -> Record:
    match = _REST_OF_LINE.match(text, here)
    end = _LINE_END.match(text, match.end() if match else here)
    stop = end.end() if end else len(text)
    return Record(text[at:stop], line, tuple(cells), unclosed=here - at)
