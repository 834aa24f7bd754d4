"""What only a whole file shows: rows that are too few, metadata that no row fills."""

from collections.abc import Callable

from osmo_checks.datasets import codes
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row import RowChecker
from osmo_checks.finding import Position


def look_at_whole(
    report: FileReport, rows: RowChecker, place: Callable[[int, int], Position], advice: str = "write rows to it"
) -> None:
    """Report it, once ``report.rows`` is known. ``place`` turns a row and an offset in it into a position."""
    if report.ends_early():
        return
    least = rows.rules.min_rows
    if not report.rows:
        report.add(codes.NO_ROWS, f"The file has no rows: {advice}.")
    elif report.rows < least:
        has = "1 row" if report.rows == 1 else f"{report.rows} rows"
        report.add(codes.TOO_FEW_ROWS, f"The file has {has}, and the platform takes {least} or more: add rows.")
    if rows.useless_metadata:
        message = "The metadata of every row is empty and cannot be stored: leave the column out, or add a key."
        report.add(codes.METADATA_EMPTY_OBJECT, message, place(*rows.useless_metadata))
    if rows.metadata.is_full:
        message = "Metadata has more than 10,000 different keys: use a list of objects."
        report.add(codes.METADATA_TOO_WIDE, message)
