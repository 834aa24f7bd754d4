"""Which lines of a file begin no record, so that a line's number and its record's differ."""

from array import array
from bisect import bisect_left
from typing import Final

#: Runs of such lines that are remembered: 16 bytes each. Files with more of them are hardly JSON Lines.
_MOST_RUNS: Final = 1_000_000


class Gaps:
    """The lines, told in their order, that are blank or that a record begun before goes on over."""

    def __init__(self) -> None:
        self.lines = 0
        self._starts = array("Q")
        self._lines_until = array("Q")
        self._known_until: int | None = None

    def add(self, first: int, lines: int) -> None:
        """Take in ``lines`` lines from the line ``first`` on."""
        self.lines += lines
        if len(self._starts) < _MOST_RUNS:
            self._starts.append(first)
            self._lines_until.append(self.lines)
        elif self._known_until is None:
            self._known_until = first

    def record_on(self, line: int) -> int | None:
        """Return the number, from 1, of the record that begins on a line; ``None`` where it was not remembered."""
        if self._known_until is not None and line >= self._known_until:
            return None
        runs = bisect_left(self._starts, line)
        return line - (self._lines_until[runs - 1] if runs else 0)
