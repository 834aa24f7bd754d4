"""The rows of Parquet files, as JSON has them: dates and decimals become texts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from osmo_checks.datasets.parquet_file import UnreadableError, batches, open_parquet, values_of
from osmo_checks.errors import InputError


def read(stream: BinaryIO, path: Path, *, is_exact: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place (``path: record N``, from 1) and the data of each row.

    Raises ``InputError`` for a file or a row that cannot be read, or with ``is_exact`` has a map with a key twice.
    """
    try:
        file = open_parquet(stream)
        names = _names(file.schema_arrow.names, path)
        number = 0
        for batch in batches(file):
            columns = [
                _values(column, f"{path}: {name!r}", number, is_exact=is_exact)
                for name, column in zip(names, batch, strict=True)
            ]
            for values in zip(*columns, strict=True):
                number += 1
                yield f"{path}: record {number}", dict(zip(names, values, strict=True))
    except UnreadableError as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _names(names: list[str], path: Path) -> list[str]:
    if not names:
        raise InputError(f"{path} has no columns: write it again.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{path} has two columns called {twice!r}: remove or rename one.")
    return names


def _values(column: Any, place: str, before: int, *, is_exact: bool) -> list[Any]:
    try:
        return [json_value(value) for value in values_of(column, is_exact=is_exact)]
    except (UnicodeDecodeError, KeyError) as error:
        row = before + 1 + _first_unreadable(column)
        is_text = isinstance(error, UnicodeDecodeError)
        what = "bytes that are not UTF-8: write it again as text" if is_text else "a map with a key twice: remove one"
        raise InputError(f"{place}: record {row} has {what}.") from error


def _first_unreadable(column: Any) -> int:
    for index in range(len(column)):
        try:
            values_of(column.slice(index, 1), is_exact=True)
        except (UnicodeDecodeError, KeyError):
            return index
    return 0


def json_value(value: Any) -> Any:
    """Return a value of Parquet as one of JSON: dates and decimals as text, binary data as text where it is UTF-8."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): json_value(child) for key, child in value.items()}
    if isinstance(value, list):
        return [json_value(child) for child in value]
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
