"""Splits regular CSV many records at a time: lines without quotation marks at commas, others by a regular expression.

Only bytes that can be read in one way are split: every quotation mark opens a cell, closes one, or is one of a pair
inside. All else is left to the exact reader, as is what needs a close look: bytes that are not UTF-8, NUL, long cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from itertools import accumulate, repeat
from typing import Final

from osmo_checks.datasets.blocks import with_lf, without_cr
from osmo_checks.datasets.csv_text import MAX_CELL
from osmo_checks.datasets.lazily import Lazily

#: The bytes of all white space in UTF-8. What has others too is more than white space.
_SPACES: Final = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
).encode()
_SPACE: Final = re.escape(_SPACES)
_SPACE_IN_LINE: Final = re.escape(_SPACES.translate(None, b"\r\n"))

_NONE: Final[frozenset[int]] = frozenset()

_CELL: Final = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
#: A cell that is certain to be more than white space.
_FILLED: Final = rb'(?:"[%b]*+(?:[^"%b]|"")[^"]*+(?:""[^"]*+)*+"|[%b]*+[^",%b][^",\r\n]*+)' % (
    *(_SPACE, _SPACE),
    *(_SPACE_IN_LINE, _SPACE),
)


@dataclass(frozen=True)
class Table:
    """Whole records, each with LF as its line end.

    They start on the line ``line`` and take ``size`` bytes, in which ``line_count`` lines end. ``filled`` are the
    indices of columns in which all cells are certain to hold more than white space. ``cells`` are the cells by column,
    the last ones with the line ends, where none has quotation marks.
    """

    records: Sequence[bytes]
    width: int
    line: int
    size: int
    line_count: int
    filled: frozenset[int]
    cells: Sequence[Sequence[bytes]] = ()

    def column(self, index: int) -> Sequence[str]:
        """Return the values of a column, which is taken out of the records only if one is looked at."""
        return Lazily(len(self.records), lambda: self._plain(index) if self.cells else self.columns[index])

    @cached_property
    def columns(self) -> Sequence[Sequence[str]]:
        """The values, by column."""
        if self.cells:
            return list(map(self._plain, range(self.width)))
        found = _cells_of(self.width).findall(b"".join(self.records).decode())
        written = zip(*found, strict=True) if self.width > 1 else [found]
        return [_values(column) for column in written]

    def _plain(self, index: int) -> list[str]:
        written = b"".join(self.cells[-1])[:-1] if index == self.width - 1 else b"\n".join(self.cells[index])
        return written.decode().split("\n")

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The values of each record."""
        return list(zip(*self.columns, strict=True))

    @property
    def lines(self) -> Sequence[int]:
        """The line each record starts on."""
        count = len(self.records)
        if count == self.line_count:
            return range(self.line, self.line + count)
        ends = (record.count(b"\n") for record in self.records)
        last = self.line + self.line_count - self.records[-1].count(b"\n")
        return Lazily(count, lambda: list(accumulate(ends, initial=self.line))[:-1], last)


def split(ahead: bytes, width: int, line: int, needed: frozenset[int] = _NONE) -> Table | None:
    """Split the whole records at the start of ``ahead``, which starts on the line ``line``.

    ``needed`` are the indices of the columns whose cells should not be empty. Returns ``None`` where there are no whole
    records, or one of them has another number of cells than ``width``, is blank, or may be more than regular.
    """
    whole = ahead[: ahead.rfind(b"\n") + 1]
    if b'"' in whole:
        whole = whole[: _end_of_records(whole)]
    if not whole or not _is_plain_text(whole):
        return None
    table = _table(whole, width, line, needed) or _table(whole, width, line, _NONE)
    if not table or (width == 1 and b"\n" in table.records):
        return None
    if table.size > MAX_CELL and max(map(len, table.records)) > MAX_CELL:
        return None
    return table


def _is_plain_text(whole: bytes) -> bool:
    """Tell whether bytes are UTF-8 without NUL."""
    if b"\0" in whole:
        return False
    try:
        return whole.isascii() or bool(whole.decode())
    except UnicodeDecodeError:
        return False


def _table(whole: bytes, width: int, line: int, filled: frozenset[int]) -> Table | None:
    """Split bytes that end with a record, if all records are regular and have more than white space in ``filled``."""
    if b'"' in whole:
        line_count = _count(b"\n", whole)
        records = _quoted_records(whole, width, filled, line_count)
        return Table(records, width, line, len(whole), line_count, filled) if records else None
    text = with_lf(whole)
    lines = BytesIO(text).readlines()
    cells = _cells_by_column(lines)
    if b"\r" in text or len(cells) != width or not all(_is_filled(cells[index]) for index in filled):
        return None
    return Table(lines, width, line, len(whole), len(lines), filled, cells)


def _quoted_records(whole: bytes, width: int, filled: frozenset[int], line_count: int) -> list[bytes] | None:
    """Return the records that bytes consist of, of which some may go over several lines."""
    pattern = _records_of(width, filled)
    returns = _count(b"\r", whole)
    if returns == line_count and (text := without_cr(whole)):
        records: list[bytes] = pattern.findall(text)
        # With as many there is no CR LF inside of a cell, where it has to stay.
        if len(records) == line_count:
            return records if sum(map(len, records)) == len(text) else None
    if returns and returns != whole.count(b"\r\n"):
        return None
    records = pattern.findall(whole)
    if sum(map(len, records)) != len(whole):
        return None
    return [record[:-2] + b"\n" if record[-2:] == b"\r\n" else record for record in records] if returns else records


def _cells_by_column(lines: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Return what stands between the commas of lines; nothing where some have more than others."""
    try:
        return list(zip(*[line.split(b",") for line in lines], strict=True))
    except ValueError:
        return []


def _is_filled(column: Sequence[bytes]) -> bool:
    """Tell whether all cells are certain to be more than white space."""
    return all(map(bytes.strip, column, repeat(_SPACES)))


def _count(byte: bytes, text: bytes) -> int:
    """Count a rare byte, three times as fast as ``bytes.count`` does."""
    return len(text) - len(text.replace(byte, b""))


@cache
def _records_of(width: int, filled: frozenset[int]) -> "re.Pattern[bytes]":
    cells = b",".join(_FILLED if index in filled else _CELL for index in range(width))
    # Only at the start of a line: a line that does not fit is then gone over once.
    return re.compile(rb"^%b\r?\n" % cells, re.MULTILINE)


@cache
def _cells_of(width: int) -> "re.Pattern[str]":
    return re.compile("^" + ",".join([f"({_CELL.decode()})"] * width) + "\n", re.MULTILINE)


def _values(written: Sequence[str]) -> Sequence[str]:
    joined = "".join(written)
    if '"' not in joined:
        return written
    if '""' not in joined:
        return [text[1:-1] if text[:1] == '"' else text for text in written]
    return [text[1:-1].replace('""', '"') if text[:1] == '"' else text for text in written]


def _end_of_records(whole: bytes) -> int:
    """Return where the last line ends that is not inside of a quoted cell; 0 if there is none."""
    end = len(whole)
    while end and _count(b'"', whole[:end]) % 2:
        end = whole.rfind(b"\n", 0, whole.rfind(b'"', 0, end)) + 1
    return end
