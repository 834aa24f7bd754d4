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

_CELL = r'("[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
#: What a cell with nothing but white space holds: an empty one, or one in quotation marks.
_NOTHING: Final = re.compile(r'"\s*+"')


class Column(Sequence[str]):
    """The values of a column, read from what is written when they are asked for."""

    def __init__(self, written: Sequence[str]) -> None:
        self.written = written

    def __len__(self) -> int:
        return len(self.written)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._values[index]

    @cached_property
    def _values(self) -> Sequence[str]:
        joined = "".join(self.written)
        if '"' not in joined:
            return self.written
        if '""' not in joined:
            return [text[1:-1] if text[:1] == '"' else text for text in self.written]
        return [text[1:-1].replace('""', '"') if text[:1] == '"' else text for text in self.written]


@dataclass(frozen=True, slots=True)
class Table:
    """Whole records, each without its line end, and their cells by column.

    ``text`` is what they were split from: it starts on the line ``line``, and ``line_count`` lines end in it.
    """

    text: str
    records: Sequence[str]
    columns: Sequence[Column]
    line: int
    line_count: int

    def may_be_empty(self, column: Column) -> bool:
        """Tell whether a cell of a column may hold nothing but white space; no, if it is certain that none does."""
        return "" in column.written or any(map(str.isspace, column.written)) or bool(_NOTHING.search(self.text))

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


def split(text: str, width: int, line: int) -> Table | None:
    """Split the whole records at the start of ``text``, which has no bytes that are not UTF-8.

    Returns ``None`` where there are none, or one of them has another number of cells than ``width``, is blank, or may
    be more than regular.
    """
    end = text.rfind("\n") + 1
    table = _table(text[:end], width, line)
    # The last line end may be inside of a quoted cell.
    whole = 0 if table else _end_of_records(text)
    return _table(text[:whole], width, line) if 0 < whole < end else table


def _table(text: str, width: int, line: int) -> Table | None:
    found = _records_of(width).findall(text)
    if not found or "\0" in text:
        return None
    records, *columns = zip(*found, strict=True)
    line_end = "\r\n" if text.endswith("\r\n") else "\n"
    # What the expression skipped is missing here.
    if line_end.join([*records, ""]) != text or (width == 1 and "" in records):
        return None
    joined = "".join(records)
    if "\r" in joined and joined.count("\r") != joined.count("\r\n"):
        return None
    if len(text) > MAX_CELL and max(map(len, records)) > MAX_CELL:
        return None
    line_count = text.count("\n") if "\n" in joined else len(records)
    return Table(text, records, list(map(Column, columns)), line, line_count)


@cache
def _records_of(width: int) -> "re.Pattern[str]":
    return re.compile(f"({','.join([_CELL] * width)})\r?\n")


def _end_of_records(text: str) -> int:
    """Return where the last line ends that is not inside of a quoted cell; 0 if there is none."""
    end = text.rfind("\n") + 1
    while end and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, text.rfind('"', 0, end)) + 1
    return end
