"""The rows of a run: a hundred thousand of them in the memory of their text."""

import hashlib
import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, overload

from osmo_checks.errors import UsageError
from osmo_runtime.model import Row

#: At most as many digits as any file has rows.
_SPAN: Final = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """Some row numbers, counted from 0 as in the names of results; ``spans`` include both ends."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``3,7,10-20``. Raises ``UsageError``."""
        parts = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
        spans = tuple((int(part[1]), int(part[2] or part[1])) for part in parts if part)
        if len(spans) != len(parts) or any(first > last for first, last in spans):
            raise UsageError(f"--rows {text!r} is no list of rows: write numbers from 0 and spans, such as 3,7,10-20.")
        return cls(spans)

    @property
    def last(self) -> int:
        return max(last for _, last in self.spans)

    def beyond(self, number: int) -> str:
        """Return those that are greater than ``number``, as ``parse`` reads them; empty where there are none."""
        left = [(max(first, number + 1), last) for first, last in self.spans if last > number]
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in left)

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.spans)


class PackedRows(Sequence[Row]):
    """Rows kept as JSON, one after the other, and read when they are asked for. Their numbers only grow."""

    def __init__(self, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        self._text = bytearray()
        self._ends = array("Q")
        self._numbers = array("Q")
        for number, data in rows:
            self._text += json.dumps(data).encode()
            self._ends.append(len(self._text))
            self._numbers.append(number)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "PackedRows":
        return rows if isinstance(rows, cls) else cls((row.number, row.data) for row in rows)

    def numbered(self, number: int) -> Row:
        """Return the row with a number. It has to be there."""
        return self[bisect_left(self._numbers, number)]

    @property
    def numbers_digest(self) -> str:
        """What tells apart runs of other rows; empty where they are the first ones."""
        if self._numbers == array("Q", range(len(self))):
            return ""
        return hashlib.sha256(self._numbers.tobytes()).hexdigest()

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        position = range(len(self))[index]
        start = self._ends[position - 1] if position else 0
        return Row(self._numbers[position], json.loads(self._text[start : self._ends[position]]))

    def __iter__(self) -> Iterator[Row]:
        return (self[position] for position in range(len(self)))
