"""Writes rows to files, in the format and compression that a name means. A file is written whole or not at all."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from osmo_checks.datasets.packing import packed
from osmo_checks.datasets.scan import quoted
from osmo_checks.datasets.targets import Target
from osmo_checks.errors import InputError
from osmo_checks.files import AtomicFiles, atomic_files, remove_abandoned

Data = Mapping[str, Any]

#: Fields that a sentence names.
_MOST_NAMES: Final = 5

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class RowWriter(Protocol):
    """Takes rows one by one; ``finish`` writes what comes after the last, ``close`` lets go of everything.

    ``changes`` says, in a sentence each, what is not read back as it was, since the format has no such thing.
    """

    @property
    def changes(self) -> tuple[str, ...]: ...

    def write(self, place: str, row: Data) -> None:
        """Write a row. Raises ``InputError``, which names ``place``, for one that the format cannot hold."""

    def finish(self) -> None: ...

    def close(self) -> None: ...


@contextmanager
def row_writers(targets: Mapping[str, Target]) -> Iterator[dict[str, RowWriter]]:
    """Open a writer for each target. The files come into being together, once the block has ended without an error.

    Raises ``InputError`` where one cannot be written; then none comes into being, and what was there stays.
    """
    paths = [target.path for target in targets.values()]
    for path in paths:
        remove_abandoned(path)
    try:
        with atomic_files() as files, ExitStack() as writers:
            opened = {name: writers.enter_context(_row_writer(target, files)) for name, target in targets.items()}
            yield opened
            for writer in opened.values():
                writer.finish()
    except OSError as error:
        raise InputError(f"{_blamed(error, paths)} cannot be written: {error.strerror}.") from error


@contextmanager
def _row_writer(target: Target, files: AtomicFiles) -> Iterator[RowWriter]:
    try:
        stream = files.open(target.path)
    except OSError as error:
        raise InputError(f"{target.path} cannot be written: {error.strerror}.") from error
    with packed(stream, target.packing) as content:
        writer = _WRITERS[target.ending](content, target.path)
        try:
            yield writer
        finally:
            writer.close()


def _blamed(error: OSError, paths: Sequence[Path]) -> str:
    """Return the path that an error is about, or all of them where any may be it."""
    return next((str(path) for path in paths if str(path) == error.filename2), " and ".join(map(str, paths)))


def json_text(place: str, value: Any) -> str:
    """Return a value as JSON. Raises ``InputError`` for what JSON does not have."""
    try:
        return _encode(value)
    except ValueError as error:
        message = "the row has NaN, or a number too large to be written: make it null or a text."
        raise InputError(f"{place}: {message}") from error


class JsonLines:
    """One object a line."""

    changes = ()

    def __init__(self, stream: IO[bytes], _path: Path) -> None:
        self._stream = stream

    def write(self, place: str, row: Data) -> None:
        self._stream.write(encoded(place, json_text(place, row)) + b"\n")

    def finish(self) -> None:
        """Every line is complete."""

    def close(self) -> None:
        """Nothing is held."""


class JsonArray:
    """One array of objects, each on a line."""

    changes = ()

    def __init__(self, stream: IO[bytes], _path: Path) -> None:
        self._stream = stream
        self._before = b"[\n"

    def write(self, place: str, row: Data) -> None:
        self._stream.write(self._before + encoded(place, json_text(place, row)))
        self._before = b",\n"

    def finish(self) -> None:
        self._stream.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")

    def close(self) -> None:
        """Nothing is held."""


def in_fields(names: Iterable[str]) -> str:
    """Name fields in a sentence."""
    shown = [quoted(name) for name in names]
    more = f" and {len(shown) - _MOST_NAMES} more" if len(shown) > _MOST_NAMES else ""
    return f"{', '.join(shown[:_MOST_NAMES])}{more}"


def _parquet(stream: IO[bytes], path: Path) -> RowWriter:
    from osmo_checks.datasets.parquet_writing import ParquetWriter

    return ParquetWriter(stream, path)


def _csv(stream: IO[bytes], path: Path) -> RowWriter:
    from osmo_checks.datasets.csv_writing import CsvWriter

    return CsvWriter(stream, path)


def encoded(place: str, text: str) -> bytes:
    """Return a text as UTF-8. Raises ``InputError`` for what is no text."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{place}: the row has half of a surrogate pair, which is no character: remove it.") from error


_WRITERS: Final[Mapping[str, Callable[[IO[bytes], Path], RowWriter]]] = {
    ".jsonl": JsonLines,
    ".json": JsonArray,
    ".csv": _csv,
    ".parquet": _parquet,
}
