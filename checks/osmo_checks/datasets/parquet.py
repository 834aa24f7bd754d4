"""Validates Parquet files. Every cell is read; Python values are made only of rows that look suspicious."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from os import SEEK_END
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.parquet_file import (
    UnreadableError,
    batches,
    foreign_parts,
    is_text,
    open_parquet,
    values_of,
)
from osmo_checks.datasets.parquet_seen import SeenColumns
from osmo_checks.datasets.parquet_suspects import nulls, suspects
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import METADATA, DatasetRules
from osmo_checks.datasets.scan import Flaw, quoted
from osmo_checks.datasets.values import CellPlace, Cells, without_doubles
from osmo_checks.datasets.whole import look_at_whole
from osmo_checks.finding import Position, Record

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

#: Stands for a text that is not UTF-8, and is told by identity.
_UNDECODABLE: Final = "\N{REPLACEMENT CHARACTER}" * 2
#: Stands for a value that cannot be had, which is of a type that JSON lacks.
_BEYOND: Final = object()

#: Of rows fewer than one in this many, values are made one by one.
_FEW: Final = 50


def validate(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    """Look at every cell of ``stream`` (a regular file) and add what is wrong to ``report``.

    A finding's row is the record, its column the column's number; both count from 1.
    """
    try:
        file = open_parquet(stream)
        size = stream.seek(0, SEEK_END)
        _Columns(stream, file, rules, report).look(tick, size)
    except UnreadableError as error:
        if report.ends_early():
            return
        report.add(codes.INVALID_PARQUET, str(error), Position(report.rows + 1, 1))


class _Columns:
    def __init__(self, stream: BinaryIO, file: "pq.ParquetFile", rules: DatasetRules, report: FileReport) -> None:
        self.file = file
        self.names: list[str] = file.schema_arrow.names
        self.types: list[pa.DataType] = file.schema_arrow.types
        self.texts = frozenset(name for rule in rules.columns for name in (rule.name, rule.alias))
        self.rules = rules
        self.report = report
        self.rows = RowChecker(rules)
        self.unsound: set[int] = set()
        self.seen = SeenColumns(self.names, rules.columns)
        report.seen.read_again = partial(self.seen.read_again, stream)
        report.seen.unit = "record"

    def look(self, tick: Callable[[int], None], size: int) -> None:
        self.look_at_columns()
        for batch in batches(self.file):
            self.look_at_batch(batch)
            self.report.rows += len(batch)
            tick(size * self.report.rows // self.file.metadata.num_rows)
        look_at_whole(self.report, self.rows, lambda row, at: Position(row, at + 1))

    def look_at_columns(self) -> None:
        """Report what is wrong with a column as such: its name, or a type that no row of it can make good."""
        for index, (name, kind) in enumerate(zip(self.names, self.types, strict=True)):
            if name in self.names[:index]:
                message = f"A second column is called {quoted(name)}: remove or rename one."
                self.add_column(codes.DUPLICATE_COLUMN, index, message)
            for path, part in foreign_parts(kind, step_to(ROOT, name)):
                self.add_column(
                    codes.COLUMN_TYPE, index, f"{path} is {part}, and JSON has no such type: cast it.", path
                )
            if self.is_metadata(name) and _looks_storable(kind):
                message = f"metadata is a column of the type {kind}: the platform takes a struct or JSON in a string."
                self.add_column(codes.METADATA_NOT_AN_OBJECT, index, message)

    def look_at_batch(self, batch: "pa.RecordBatch") -> None:
        self.unsound.clear()
        if all(map(_is_sound, batch.columns)):
            self.look_at_suspects(batch)
            with suppress(UnreadableError):  # there are values that cannot be compared
                self.report.seen.see(self.seen.batch(batch, self.report.rows, self.unsound))
        else:
            self.look_closely(batch, range(len(batch)))

    def look_at_suspects(self, batch: "pa.RecordBatch") -> None:
        suspected = set() if self.report.rows else {0}
        for name, column in zip(self.names, batch.columns, strict=True):
            suspected.update(self.suspects_of(name, column))
        texts = self.metadata_texts(batch)
        if texts is None:
            self.look_closely(batch, sorted(suspected))
            return
        for row, text in enumerate(texts):  # one by one, since a row that is looked at may prove the next
            if row in suspected or not self.rows.metadata.shape.proves(text):
                self.look_closely(batch, [row])

    def is_metadata(self, name: str) -> bool:
        return name == METADATA and self.rules.metadata != "ignored"

    def suspects_of(self, name: str, column: "pa.Array") -> list[int]:
        if self.is_metadata(name):
            return [*suspects(column), *nulls(column)] if _is_storable(column.type) else list(range(len(column)))
        return suspects(column, is_needed_text=name in self.texts)

    def metadata_texts(self, batch: "pa.RecordBatch") -> list[str] | None:
        """Return the metadata of a batch where it is written as JSON in texts that have to be read."""
        if METADATA not in self.names or not self.is_metadata(METADATA):
            return None
        column = batch.columns[_last(self.names, METADATA)]
        return values_of(column) if is_text(column.type) else None

    def look_closely(self, batch: "pa.RecordBatch", rows: Sequence[int]) -> None:
        columns = [_values(column, rows) for column in batch.columns]
        for row, values in zip(rows, zip(*columns, strict=True), strict=True):
            errors = self.report.errors
            self.look_at_row(self.report.rows + row + 1, dict(zip(self.names, values, strict=True)))
            if self.report.errors > errors:
                self.unsound.add(row)

    def look_at_row(self, number: int, data: dict[str, Any]) -> None:
        cells = Cells()
        root = cells.row(data)
        flaws = [*cells.flaws, *self.rows.check(root, number)]
        message = "has bytes that are not UTF-8: write the column again from UTF-8."
        flaws += [
            Flaw(codes.INVALID_UTF8, member.start, member.start, f"{member.key} {message}")
            for member in root.members
            if data[member.key] is _UNDECODABLE
        ]
        for flaw in sorted(without_doubles(flaws), key=lambda flaw: (flaw.start, flaw.code.code)):
            self.add(number, cells.places[flaw.start], flaw)

    def add(self, number: int, place: CellPlace, flaw: Flaw) -> None:
        column = 1 if place.field is None else _last(self.names, place.field) + 1
        record = Record(number, place.field, flaw.path or place.path)
        self.report.add(flaw.code, flaw.message, Position(number, column), severity=flaw.severity, record=record)

    def add_column(self, code: codes.Code, index: int, message: str, path: str | None = None) -> None:
        record = Record(None, self.names[index], path)
        self.report.add(code, message, Position(1, index + 1), record=record)


def _values(column: "pa.Array", rows: Sequence[int]) -> list[Any]:
    """Return the values of a column in some rows; for one that is not to be had, what stands for it."""
    if len(rows) * _FEW >= len(column):
        try:
            values = values_of(column)
        except (UnicodeDecodeError, UnreadableError):
            values = []
        if values:
            return [values[row] for row in rows]
    return [_value(column.slice(row, 1)) for row in rows]


def _value(column: "pa.Array") -> Any:
    try:
        return values_of(column)[0]
    except UnicodeDecodeError:
        return _UNDECODABLE
    except UnreadableError:
        return _BEYOND


def _last(names: Sequence[str], name: str) -> int:
    """Return the index of the column that counts: of two with one name, the last."""
    return len(names) - 1 - names[::-1].index(name)


def _is_sound(column: "pa.Array") -> bool:
    import pyarrow as pa

    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_storable(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_struct(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _looks_storable(kind: "pa.DataType") -> bool:
    """Tell whether a column's rows are texts or objects, and still not what the platform takes."""
    import pyarrow as pa

    return not _is_storable(kind) and (is_text(kind) or pa.types.is_map(kind))
