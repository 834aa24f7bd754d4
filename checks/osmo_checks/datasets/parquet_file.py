"""Opens Parquet files and hands out their rows in batches. With ``parquet_*`` alone, it knows pyarrow."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from warnings import catch_warnings, simplefilter

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAGIC: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"

#: Rows that are looked at together.
_BATCH: Final = 16_384

#: Bytes that are read at a time of each column. Without that, all of a row group would be.
_BUFFER: Final = 64 * 1024


class UnreadableError(Exception):
    """The text says why, as a whole sentence."""


def open_parquet(stream: BinaryIO) -> "pq.ParquetFile":
    """Return the Parquet file in ``stream``, whose columns were not read yet. Raises ``UnreadableError``."""
    _require_magic(stream)
    import pyarrow.parquet as pq

    with _sentences():
        file = pq.ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False)
        file.schema_arrow.names  # noqa: B018 - reading the names raises where they are damaged
        return file


def batches(file: "pq.ParquetFile") -> Iterator["pa.RecordBatch"]:
    """Yield the rows in order, and read those that come next meanwhile, on another core.

    Raises ``UnreadableError`` where the data is damaged.
    """
    found = file.iter_batches(batch_size=_BATCH)
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, found, None)
        while True:
            with _sentences():
                batch = coming.result()
            if batch is None:
                return
            coming = reader.submit(next, found, None)
            yield batch


def values_of(column: "pa.Array", *, is_exact: bool = False) -> list[Any]:
    """Return a column's values as Python's, or where Python has no such dates and times, as texts.

    Of a key that a map has twice, the last value is kept. Raises ``UnicodeDecodeError`` for a text that is not UTF-8,
    ``UnreadableError`` for what cannot be had at all and, if ``is_exact``, ``KeyError`` for such a key.
    """
    try:
        values: list[Any] = _with_maps(column, is_exact=is_exact) if _has_maps(column.type) else column.to_pylist()
    except UnicodeDecodeError:
        raise
    except (ValueError, OverflowError):  # nanoseconds, years beyond 9999, unknown time zones
        return _as_texts(column)
    return values


def _with_maps(column: "pa.Array", *, is_exact: bool) -> list[Any]:
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # for every key that comes twice
        values: list[Any] = column.to_pylist(maps_as_pydicts="strict" if is_exact else "lossy")
    return values


def _as_texts(column: "pa.Array") -> list[Any]:
    import pyarrow as pa

    try:
        texts: list[Any] = column.cast(pa.string()).to_pylist()
    except pa.ArrowException as error:
        message = f"A value of the type {column.type} is beyond what can be read: cast its column to string."
        raise UnreadableError(message) from error
    return texts


def parts_of(kind: "pa.DataType") -> Iterator[tuple[str, "pa.DataType"]]:
    """Yield the steps to what a type holds, ``.name`` or ``[]``, and its type; nothing for one that holds nothing."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            field = kind.field(index)
            yield f".{field.name}", field.type
    elif is_list(kind):
        yield "[]", kind.value_type
    elif pa.types.is_map(kind):
        yield ".*", kind.item_type


def is_text(kind: "pa.DataType") -> bool:
    """Tell whether a column of this type holds texts, however it stores them."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_list(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_number_or_boolean(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def foreign_parts(kind: "pa.DataType", path: str) -> Iterator[tuple[str, "pa.DataType"]]:
    """Yield the path and type of each part of a column that has a type which JSON lacks."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        yield from foreign_parts(kind.value_type, path)
    elif pa.types.is_struct(kind) or is_list(kind) or pa.types.is_map(kind):
        for step, part in parts_of(kind):
            yield from foreign_parts(part, path + step)
    elif not (is_text(kind) or is_number_or_boolean(kind) or pa.types.is_null(kind)):
        yield path, kind


def _has_maps(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_map(kind)) or any(_has_maps(part) for _, part in parts_of(kind))


def _require_magic(stream: BinaryIO) -> None:
    stream.seek(0, 2)
    size = stream.tell()
    if not size:
        raise UnreadableError("The file is empty: write it again.")
    stream.seek(0)
    head = stream.read(len(MAGIC))
    stream.seek(max(size - len(MAGIC), 0))
    tail = stream.read(len(MAGIC))
    stream.seek(0)
    if _ENCRYPTED in (head, tail):
        raise UnreadableError("The file is encrypted: write it without encryption.")
    if head != MAGIC:
        raise UnreadableError("This is no Parquet file: give it the ending of what it is.")
    if tail != MAGIC or size < 3 * len(MAGIC):
        raise UnreadableError("The file was cut off, and nothing in it can be read: write or copy it again.")


@contextmanager
def _sentences() -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise UnreadableError(f"The file is damaged ({_first_line(error)}): write or copy it again.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")[:200]


def plain_column(column: "pa.Array") -> "pa.Array":
    """Return texts of any kind as ``large_string``, which all functions take; other columns as they are."""
    import pyarrow as pa

    if is_text(column.type) and not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column.cast(pa.large_string())
    return column
