"""Splits regular CSV many records at a time: what lies between quotation marks is set aside, the rest split at commas.

Only text that can be read in one way is split: every quotation mark opens a cell, closes one, or is one of a pair
inside. All else is left to the exact reader, as is text with characters that need a close look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final

from osmo_checks.datasets.csv_text import MAX_CELL

#: Stands for a quoted cell while the text around is split. Text that has the character itself is not split.
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
    def row_count(self) -> int:
        return len(self.cells) // self.width

    @property
    def lines(self) -> Sequence[int]:
        """The line each record starts on."""
        if self.row_count == self.line_count:
            return range(self.line, self.line + self.row_count)
        steps = [1] * self.row_count
        for index, cell in enumerate(self.cells):
            if "\n" in cell:
                steps[index // self.width] += cell.count("\n")
        return list(accumulate(steps, initial=self.line))[:-1]


def split(text: str, width: int, line: int) -> Table | None:
    """Split the whole records at the start of ``text``, which has no bytes that are not UTF-8.

    Returns ``None`` where there are none, or one of them has another number of cells than ``width``, is blank, or may
    be more than regular.
    """
    if _SET_ASIDE in text or "\0" in text:
        return None
    parts = _whole_records(text.split('"'))
    taken = text[: sum(map(len, parts)) + len(parts) - 1] if parts else ""
    if not parts or ("\r" in taken and taken.count("\r") != taken.count("\r\n")):
        return None
    cells = _cells(*_set_aside(parts), width)
    if cells is None or (len(taken) > MAX_CELL and max(map(len, cells)) > MAX_CELL):
        return None
    return Table(cells, width, len(taken), line, taken.count("\n"))


def _whole_records(parts: Sequence[str]) -> Sequence[str]:
    """Cut what stood between quotation marks after the last line end that is in no cell."""
    for index in range((len(parts) - 1) // 2 * 2, -1, -2):
        end = parts[index].rfind("\n")
        if end >= 0:
            return [*parts[:index], parts[index][: end + 1]]
    return []


def _set_aside(parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the text around quoted cells, with a character for each, and the cells."""
    first, *around = parts[::2]
    if "" not in around:
        return _SET_ASIDE.join([first, *around]), parts[1::2]
    between = [_SET_ASIDE if text else '"' for text in around]
    between[-1] = ""
    quoted = "".join(chain.from_iterable(zip(parts[1::2], between, strict=True))).split(_SET_ASIDE)
    return _SET_ASIDE.join([first, *filter(None, around)]), quoted


def _cells(around: str, quoted: Sequence[str], width: int) -> list[str] | None:
    """Return the cells of whole records, or ``None`` where they are not regular."""
    rows = around.count("\n")
    if "\r" in around:
        around = around.replace("\r\n", "\n")
    cells = around.replace("\n", ",\n,").split(",")
    cells.pop()
    if len(cells) != rows * (width + 1) or cells[width :: width + 1].count("\n") != rows:
        return None
    del cells[width :: width + 1]
    if width == 1 and "" in cells:
        return None
    if not quoted:
        return cells
    inside = iter(quoted)
    cells = [next(inside, "") if cell == _SET_ASIDE else cell for cell in cells]
    return cells if next(inside, None) is None else None
