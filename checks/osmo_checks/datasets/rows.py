"""The rows of a dataset file, as a run takes them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from osmo_checks.datasets.opening import open_dataset
from osmo_checks.datasets.packed import UnpackError
from osmo_checks.datasets.registry import Read, require_dataset
from osmo_checks.errors import InputError


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


def read_placed_rows(path: Path, *, is_exact: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row's data after its place, ``path:line``. Raises as ``read_rows`` does.

    With ``is_exact``, also where a key comes twice: readers leave out all but its last value.
    """
    found = require_dataset(path)
    return _read(path, found.read_exactly or found.read if is_exact else found.read)


def _read(path: Path, read: Read) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with open_dataset(path) as opened:
            yield from read(opened.stream, path)
    except UnpackError as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
