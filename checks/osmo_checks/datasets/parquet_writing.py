"""Writes rows as Parquet. What type a column has is known after the last row, so rows wait in a temporary file."""

import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from osmo_checks.datasets.writing import Data, encoded, in_fields, json_text
from osmo_checks.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows whose types are told, and that are written, together.
_ROWS: Final = 8_192


class ParquetWriter:
    """Whole and decimal numbers of one column become decimal; fields that a row lacks become null."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream = stream
        self._waiting: IO[bytes] = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - close closes it
        self._rows: list[Data] = []
        self._first = ""
        self._schema: pa.Schema | None = None
        self._filled: dict[str, None] = {}
        self._decimal: dict[str, None] = {}

    @property
    def changes(self) -> tuple[str, ...]:
        filled, decimal = in_fields(self._filled), in_fields(self._decimal)
        return (
            *(
                [f"Parquet has all fields in all rows: null stands for missing ones in {filled}."]
                if self._filled
                else []
            ),
            *(
                [f"Parquet has one type in a column: whole numbers became decimal in {decimal}."]
                if self._decimal
                else []
            ),
        )

    def write(self, place: str, row: Data) -> None:
        self._first = self._first if self._rows else place
        self._waiting.write(encoded(place, json_text(place, row)) + b"\n")
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._learn()

    def finish(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._learn()
        schema = self._schema or pa.schema([])
        try:
            with pq.ParquetWriter(self._stream, schema) as writer:
                self._waiting.seek(0)
                for rows in _chunks(self._waiting):
                    table = pa.Table.from_pylist(rows, schema=schema)
                    self._note_changes(rows, table)
                    writer.write_table(table)
        except pa.ArrowNotImplementedError as error:
            raise InputError(f"The rows have objects without keys, which Parquet cannot hold: {error}.") from error

    def close(self) -> None:
        self._waiting.close()

    def _learn(self) -> None:
        """Take in the types of the rows since the last time."""
        import pyarrow as pa

        rows, self._rows = self._rows, []
        names = dict.fromkeys(name for row in rows for name in row)
        found = pa.schema([(name, self._type_of(name, rows)) for name in names])
        try:
            known = self._schema or found
            self._schema = pa.unify_schemas([known, found], promote_options="permissive")
        except pa.ArrowException as error:
            raise self._mixed(str(error)) from error

    def _note_changes(self, rows: list[dict[str, Any]], table: "pa.Table") -> None:
        import pyarrow as pa

        for name, column in zip(table.column_names, table.columns, strict=True):
            values = [row.get(name) for row in rows]
            is_inside = pa.types.is_nested(column.type) and column.to_pylist() != values
            if is_inside or not all(name in row for row in rows):
                self._filled[name] = None
            if pa.types.is_floating(column.type) and any(type(value) is int for value in values):
                self._decimal[name] = None

    def _type_of(self, name: str, rows: list[Data]) -> "pa.DataType":
        import pyarrow as pa

        try:
            return pa.array([row.get(name) for row in rows]).type
        except (pa.ArrowException, OverflowError) as error:
            raise self._mixed(f"{name!r}: {error}") from error

    def _mixed(self, what: str) -> InputError:
        reason = what.splitlines()[0].rstrip(".")
        return InputError(
            f"{self._first} or a row soon after it does not fit in a Parquet column, which has one type in all rows "
            f"({reason}): write that field in one type, or name a .jsonl file."
        )


def _chunks(lines: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    while rows := [json.loads(line) for line in islice(lines, _ROWS)]:
        yield rows
