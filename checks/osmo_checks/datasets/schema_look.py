"""Holds all rows of a file to a schema, and says where in the file each violation is."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from osmo_checks.datasets import codes
from osmo_checks.datasets.located import located_rows, top_field
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row_schema import RowSchema
from osmo_checks.finding import Record


def look_at_schema(
    stream: BinaryIO, path: Path, schema: RowSchema, report: FileReport, tell: Callable[[int], None]
) -> None:
    """Add every violation in ``stream``, from its start, to ``report``. Rows that cannot be read are left out.

    ``tell`` is called with the rows looked at so far. Raises ``UsageError`` where the schema turns out to be wrong.
    """
    with schema:
        for row in located_rows(stream, path):
            for violation in schema.violations(row.data):
                message = f"{violation.path} is not what the schema asks for: {violation.message}."
                record = Record(row.number, top_field(violation.steps), violation.path)
                report.add(codes.SCHEMA, message, *row.place(violation.steps), record=record)
            tell(row.number)
