"""What of a Parquet file becomes something else when its rows are read, since JSON has no such thing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from osmo_checks.datasets.parquet_file import UnreadableError, foreign_parts, open_parquet, parts_of

if TYPE_CHECKING:
    import pyarrow as pa


def changes_in(stream: BinaryIO) -> Iterator[tuple[str, str, str]]:
    """Yield a column, what becomes something else in it, as the beginning of a sentence, and the path of that."""
    try:
        schema = open_parquet(stream).schema_arrow
    except UnreadableError:  # said where the rows are read
        return
    for column in schema:
        for path in _maps_in(column.type, column.name):
            yield column.name, "Maps became objects", path
        for path, kind in foreign_parts(column.type, column.name):
            yield column.name, f"{_named(kind)} became texts", path


def _maps_in(kind: "pa.DataType", path: str) -> Iterator[str]:
    import pyarrow as pa

    if pa.types.is_map(kind):
        yield path
    for step, part in parts_of(kind):
        yield from _maps_in(part, path + step)


def _named(kind: "pa.DataType") -> str:
    import pyarrow as pa

    if pa.types.is_decimal(kind):
        return "Decimals"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return "Dates and times"
    if pa.types.is_duration(kind):
        return "Durations"
    if "binary" in str(kind):
        return "Binary data"
    return f"Values of the type {kind}"
