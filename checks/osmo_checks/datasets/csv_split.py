"""Splits regular CSV many records at a time, with one regular expression.

Only text that can be read in one way is split: every quotation mark opens a cell, closes one, or is one of a pair
inside. All else is left to the exact reader, as is text with characters that need a close look.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import Final, overload

from osmo_checks.datasets.csv_text import MAX_CELL

_CELL: Final = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
#: A cell that is more than white space.
_FILLED: Final = r'(?:"\s*+(?:[^"\s]|"")[^"]*+(?:""[^"]*+)*+"|[^\S\r\n]*+[^",\s][^",\r\n]*+)'


@dataclass(frozen=True)
class Table:
    """Whole records, each without its line end.

    ``text`` is what they were split from: it starts on the line ``line``, and ``line_count`` lines end in it. It is
    ``filled`` if it is certain that all cells of columns that need it hold more than white space.
    """

    text: str
    records: Sequence[str]
    width: int
    line: int
    line_count: int
    filled: bool

    @cached_property
    def columns(self) -> Sequence[Sequence[str]]:
        """The values, by column."""
        found = _cells_of(self.width).findall(self.text)
        written = zip(*found, strict=True) if self.width > 1 else [found]
        return [_values(column) for column in written]

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
        return list(accumulate((1 + record.count("\n") for record in self.records), initial=self.line))[:-1]


@dataclass(frozen=True, slots=True)
class Column(Sequence[str]):
    """A column of a table, which is taken apart only if a value is asked for."""

    table: Table
    number: int

    def __len__(self) -> int:
        return len(self.table.records)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.columns[self.number])

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self.table.columns[self.number][index]


def split(text: str, width: int, line: int, needed: frozenset[int] = frozenset()) -> Table | None:
    """Split the whole records at the start of ``text``, which has no bytes that are not UTF-8.

    ``needed`` are the indices of the columns whose cells should not be empty. Returns ``None`` where there are no whole
    records, or one of them has another number of cells than ``width``, is blank, or may be more than regular.
    """
    end = text.rfind("\n") + 1
    table = _table(text[:end], width, line, needed)
    # The last line end may be inside of a quoted cell.
    whole = 0 if table else _end_of_records(text)
    return _table(text[:whole], width, line, needed) if 0 < whole < end else table


def _table(text: str, width: int, line: int, needed: frozenset[int]) -> Table | None:
    if not text or "\0" in text:
        return None
    line_end = "\r\n" if text.endswith("\r\n") else "\n"
    filled = True
    records = _records_of(width, needed).findall(text)
    # What the expression skipped is missing here.
    if line_end.join([*records, ""]) != text:
        filled = False
        records = _records_of(width, frozenset()).findall(text)
        if line_end.join([*records, ""]) != text:
            return None
    joined = "".join(records)
    if "\r" in joined and joined.count("\r") != joined.count("\r\n"):
        return None
    if (width == 1 and "" in records) or (len(text) > MAX_CELL and max(map(len, records)) > MAX_CELL):
        return None
    line_count = text.count("\n") if "\n" in joined else len(records)
    return Table(text, records, width, line, line_count, filled)


@cache
def _records_of(width: int, needed: frozenset[int]) -> "re.Pattern[str]":
    cells = ",".join(_FILLED if index in needed else _CELL for index in range(width))
    # Only at the start of a line: a line that does not fit is then gone over once.
    return re.compile(f"^({cells})\r?\n", re.MULTILINE)


@cache
def _cells_of(width: int) -> "re.Pattern[str]":
    return re.compile("^" + ",".join([f"({_CELL})"] * width) + "\r?\n", re.MULTILINE)


def _values(written: Sequence[str]) -> Sequence[str]:
    joined = "".join(written)
    if '"' not in joined:
        return written
    if '""' not in joined:
        return [text[1:-1] if text[:1] == '"' else text for text in written]
    return [text[1:-1].replace('""', '"') if text[:1] == '"' else text for text in written]


def _end_of_records(text: str) -> int:
    """Return where the last line ends that is not inside of a quoted cell; 0 if there is none."""
    end = text.rfind("\n") + 1
    while end and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, text.rfind('"', 0, end)) + 1
    return end
