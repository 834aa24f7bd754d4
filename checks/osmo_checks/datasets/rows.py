"""The rows of a dataset file, as a run takes them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from osmo_checks.datasets.opening import Opened, open_dataset
from osmo_checks.datasets.packed import UnpackError
from osmo_checks.datasets.registry import Read, require_dataset
from osmo_checks.errors import InputError

Placed: TypeAlias = tuple[str, dict[str, Any]]

#: Given the size of a file that is about to be read; returns what to call with the bytes and rows read so far.
Teller: TypeAlias = Callable[[int], Callable[[int, int], None]]

#: Rows between two times that it is told how far a file is read.
_TOLD_EVERY: Final = 256

_teller: ContextVar[Teller | None] = ContextVar("teller", default=None)


class Row(NamedTuple):
    """One dataset row. ``number`` counts rows from 0 as the platform does: lines with nothing on them are no rows."""

    number: int
    data: dict[str, Any]


def read_rows(path: Path, limit: int | None = None) -> Iterator[Row]:
    """Yield the rows of ``path`` lazily, the first ``limit`` of them if given.

    Raises ``UsageError`` for a path that is no dataset and, once it is reached, ``InputError`` for a row that cannot be
    read.
    """
    return (Row(number, data) for number, (_, data) in enumerate(islice(read_placed_rows(path), limit)))


def read_placed_rows(path: Path, *, is_exact: bool = False) -> Iterator[Placed]:
    """Yield each row's data after its place, ``path:line``. Raises as ``read_rows`` does.

    With ``is_exact``, also where a key comes twice: readers leave out all but its last value.
    """
    found = require_dataset(path)
    return _read(path, found.read_exactly or found.read if is_exact else found.read)


@contextmanager
def opened_dataset(path: Path) -> Iterator[Opened]:
    """Open the dataset ``path``. Raises ``UsageError`` where it is none; ``InputError`` then and later."""
    try:
        with open_dataset(path) as opened:
            yield opened
    except UnpackError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


@contextmanager
def reading_tells(teller: Teller) -> Iterator[None]:
    """Tell how far every file is that is read in this context."""
    before = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(before)


def telling(opened: Opened) -> Callable[[int], None]:
    """Return what to call with the rows read so far of a file that is about to be read, to tell how far it is read."""
    teller = _teller.get()
    if teller is None:
        return lambda _rows: None
    tell = teller(os.fstat(opened.file.fileno()).st_size)
    return lambda rows: tell(opened.file.tell(), rows)


def _read(path: Path, read: Read) -> Iterator[Placed]:
    with opened_dataset(path) as opened:
        rows = read(opened.stream, path)
        yield from rows if _teller.get() is None else _told(rows, opened)


def _told(rows: Iterator[Placed], opened: Opened) -> Iterator[Placed]:
    tell = telling(opened)
    for number, row in enumerate(rows, 1):
        yield row
        if not number % _TOLD_EVERY:
            tell(number)
