"""Splits regular CSV many records at a time: what lies between quotation marks is set aside, the rest split at commas.

Only text that can be read in one way is split: every quotation mark opens a cell, closes one, or is one of a pair
inside. All else is left to the exact reader, as is text with characters that need a close look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from osmo_checks.datasets.csv_text import MAX_CELL

#: Stands for a quoted cell while the text around is split; text that has the character itself is not split.
_SET_ASIDE: Final = "\x01"


@dataclass(frozen=True, slots=True)
class Table:
    """Whole records that take ``size`` characters from line ``line`` on: their cells, ``width`` a row, row by row."""

    cells: Sequence[str]
    width: int
    size: int
    line: int
    line_count: int

    @property
    def rows(self) -> list[tuple[str, ...]]:
        cells = iter(self.cells)
        return list(zip(*[cells] * self.width, strict=True))

    def column(self, index: int) -> Sequence[str]:
        return self.cells[index :: self.width]

    @property
    def lines(self) -> Sequence[int]:
        """The line each record starts on."""
        count = len(self.cells) // self.width
        if count == self.line_count:
            return range(self.line, self.line + count)
        ends = iter([cell.count("\n") for cell in self.cells])
        per_row = map(sum, zip(*[ends] * self.width, strict=True))
        return list(accumulate((lines + 1 for lines in per_row), initial=self.line))[:-1]


def split(text: str, width: int, line: int) -> Table | None:
    """Split the whole records at the start of ``text``, which has no bytes that are not UTF-8.

    Returns ``None`` where there are none, or one of them has another number of cells than ``width``, is blank, or may
    be more than regular.
    """
    if _SET_ASIDE in text or "\0" in text:
        return None
    parts = _whole_records(text.split('"'))
    taken = text[: sum(map(len, parts)) + len(parts) - 1] if parts else ""
    has_cr = "\r" in taken
    if not parts or (has_cr and taken.count("\r") != taken.count("\r\n")):
        return None
    cells = _cells(parts, width)
    if cells is None or (len(taken) > MAX_CELL and max(map(len, cells)) > MAX_CELL):
        return None
    return Table(cells, width, len(taken), line, taken.count("\n"))


def _cells(parts: Sequence[str], width: int) -> list[str] | None:
    """Return the cells of whole records that were split at quotation marks."""
    around = _SET_ASIDE.join(parts[::2])
    quoted = parts[1::2]
    if _SET_ASIDE * 2 in around:
        quoted = list(_joined(parts))
        while _SET_ASIDE * 2 in around:
            around = around.replace(_SET_ASIDE * 2, _SET_ASIDE)
    around = around.replace("\r\n", "\n")
    rows = around.split("\n")
    rows.pop()
    if not _is_regular(around, len(quoted)) or set(map(_commas, rows)) != {width - 1} or (width == 1 and "" in rows):
        return None
    cells = ",".join(rows).split(",")
    if not quoted:
        return cells
    inside = iter(quoted)
    return [next(inside) if cell == _SET_ASIDE else cell for cell in cells]


def _commas(row: str) -> int:
    return row.count(",")


def _whole_records(parts: Sequence[str]) -> list[str]:
    """Cut what stood between quotation marks after the last line end that is in no cell."""
    for index in range((len(parts) - 1) // 2 * 2, -1, -2):
        end = parts[index].rfind("\n")
        if end >= 0:
            return [*parts[:index], parts[index][: end + 1]]
    return []


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """Yield the quoted cells, where pairs of quotation marks inside have torn them apart."""
    cell = ""
    for index in range(1, len(parts), 2):
        cell += parts[index]
        if parts[index + 1]:
            yield cell
            cell = ""
        else:
            cell += '"'


def _is_regular(around: str, quoted: int) -> bool:
    """Tell whether every quoted cell begins and ends where cells do."""
    if not quoted:
        return True
    around = "\n" + around
    begin = around.count(f",{_SET_ASIDE}") + around.count(f"\n{_SET_ASIDE}")
    end = around.count(f"{_SET_ASIDE},") + around.count(f"{_SET_ASIDE}\n")
    return begin == end == quoted == around.count(_SET_ASIDE)
