"""How long the prompts of a file are, system prompts included, in bytes of UTF-8."""

from collections import Counter
from collections.abc import Sequence
from itertools import repeat


class PromptLengths:
    """How many rows have a prompt of which length, and where the longest is; memory grows with the lengths only."""

    def __init__(self) -> None:
        self.rows: Counter[int] = Counter()
        self.longest = 0
        self.longest_row: int | None = None

    def add(self, lines: Sequence[int], prompts: Sequence[str | None], systems: Sequence[str | None]) -> None:
        """Take in some rows by column; a column that the file lacks is empty."""
        columns = [list(map(_size, column)) if column else repeat(0, len(lines)) for column in (prompts, systems)]
        sizes = list(map(int.__add__, *columns))
        self.rows.update(sizes)
        longest = max(sizes, default=0)
        if self.longest_row is None or longest > self.longest:
            self.longest, self.longest_row = longest, lines[sizes.index(longest)]

    def merge(self, other: "PromptLengths") -> None:
        """Take in the lengths of the rows that follow."""
        self.rows.update(other.rows)
        if self.longest_row is None or other.longest > self.longest:
            self.longest, self.longest_row = other.longest, other.longest_row


def _size(text: str | None) -> int:
    return len(text.encode("utf-8", "replace")) if text else 0
