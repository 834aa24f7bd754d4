"""Writes rows as CSV: the fields of the first row, then a line or more a row. What is no text is written as JSON."""

import csv
import io
from pathlib import Path
from typing import IO, Any

from osmo_checks.datasets.writing import Data, json_text
from osmo_checks.errors import InputError


class CsvWriter:
    """Null becomes an empty cell, so reading back gives an empty text."""

    def __init__(self, stream: IO[bytes], _path: Path) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._fields: tuple[str, ...] = ()

    def write(self, place: str, row: Data) -> None:
        if not self._fields:
            self._fields = tuple(row)
            self._csv.writerow(self._fields)
        extra = row.keys() - self._fields
        if extra:
            raise InputError(
                f"{place}: the row has the field {min(extra)!r}, which the first row lacks, and CSV has one header: "
                "give all rows the same fields."
            )
        try:
            self._csv.writerow([_cell(place, row.get(name)) for name in self._fields])
        except UnicodeEncodeError as error:
            raise InputError(f"{place}: the row has half of a surrogate pair, which is no character.") from error

    def finish(self) -> None:
        self._text.flush()

    def close(self) -> None:
        self._text.detach()


def _cell(place: str, value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(place, value)
