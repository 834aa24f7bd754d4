"""Columns that are taken out of rows only where someone looks at them: few are, in large files."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Generic, TypeVar, overload

Value_co = TypeVar("Value_co", covariant=True)


class Lazily(Sequence[Value_co], Generic[Value_co]):
    """``size`` values, which ``make`` returns when the first is asked for; ``last`` is the last one, if it is known."""

    def __init__(self, size: int, make: Callable[[], Sequence[Value_co]], last: Value_co | None = None) -> None:
        self._size = size
        self._make = make
        self._last = last

    @cached_property
    def _values(self) -> Sequence[Value_co]:
        return self._make()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Value_co]:
        return iter(self._values)

    @overload
    def __getitem__(self, index: int) -> Value_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value_co]: ...
    def __getitem__(self, index: int | slice) -> Value_co | Sequence[Value_co]:
        return self._last if index == -1 and self._last is not None else self._values[index]
