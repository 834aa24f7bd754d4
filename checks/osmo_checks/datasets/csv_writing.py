"""Writes rows as CSV: the fields of the first row, then a line or more a row. What is no text is written as JSON."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from osmo_checks.datasets.writing import Data, in_fields, json_text
from osmo_checks.errors import InputError


class CsvWriter:
    """All cells are read back as texts, null as an empty one."""

    def __init__(self, stream: IO[bytes], _path: Path) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._in_quotes = csv.writer(self._text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._fields: tuple[str, ...] = ()
        self._with_nulls: dict[str, None] = {}
        self._with_json: dict[str, None] = {}

    @property
    def changes(self) -> tuple[str, ...]:
        nulls, json = in_fields(self._with_nulls), in_fields(self._with_json)
        return (
            *([f"CSV has no null: empty texts stand for it in {nulls}."] if self._with_nulls else []),
            *([f"CSV has texts only: other values became JSON in a text in {json}."] if self._with_json else []),
        )

    def write(self, place: str, row: Data) -> None:
        if not self._fields:
            self._fields = tuple(row)
            self._write(self._fields)
        extra = row.keys() - self._fields
        if extra:
            raise InputError(
                f"{place}: the row has the field {min(extra)!r}, which the first row lacks, and CSV has one header: "
                "give all rows the same fields."
            )
        try:
            self._write([self._cell(place, name, row.get(name)) for name in self._fields])
        except UnicodeEncodeError as error:
            raise InputError(f"{place}: the row has half of a surrogate pair, which is no character.") from error

    def _write(self, cells: Sequence[str]) -> None:
        # Readers take CR for a line end, and the writer puts no quotation marks around one.
        writer = self._in_quotes if any("\r" in cell for cell in cells) else self._csv
        writer.writerow(cells)

    def _cell(self, place: str, name: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            self._with_nulls[name] = None
            return ""
        self._with_json[name] = None
        return json_text(place, value)

    def finish(self) -> None:
        self._text.flush()

    def close(self) -> None:
        self._text.detach()
