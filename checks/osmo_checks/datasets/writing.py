"""Writes rows to files, in the format and compression that a name means. A file is written whole or not at all."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from osmo_checks.datasets.packing import packed
from osmo_checks.datasets.scan import quoted
from osmo_checks.datasets.targets import Target
from osmo_checks.errors import InputError
from osmo_checks.files import atomic_writer

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
    """Open a writer for each target. The files come into being once the block has ended without an error.

    Raises ``InputError`` where they cannot be written; then none comes into being.
    """
    with ExitStack() as files:
        opened = {name: files.enter_context(_row_writer(target)) for name, target in targets.items()}
        yield opened
        for writer in opened.values():
            writer.finish()


@contextmanager
def _row_writer(target: Target) -> Iterator[RowWriter]:
    try:
        with atomic_writer(target.path) as stream, packed(stream, target.packing) as content:
            writer = _WRITERS[target.ending](content, target.path)
            try:
                yield writer
            finally:
                writer.close()
    except OSError as error:
        raise InputError(f"{target.path} cannot be written: {error.strerror}.") from error


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
