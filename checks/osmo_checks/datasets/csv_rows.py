"""The rows of CSV files: every value is a text."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from osmo_checks.datasets.csv_flaws import uneven
from osmo_checks.datasets.csv_split import split
from osmo_checks.datasets.csv_text import CsvText, Record
from osmo_checks.datasets.decoding import bad_byte_at, bad_byte_message
from osmo_checks.datasets.sniff import BYTE_ORDER_MARK, HEAD_BYTES, what_instead
from osmo_checks.errors import InputError


def read(stream: BinaryIO, path: Path, *, is_exact: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place (``path:line``, where it starts) and the data of each row. Blank lines are none.

    Raises ``InputError`` at the first row that cannot be read, or with ``is_exact`` has a quotation mark that readers
    leave out, naming line and column.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    instead = what_instead(head)
    if instead:
        raise InputError(f"{path} is {instead}, not UTF-8 text: convert or unpack it first.")
    if head.startswith(BYTE_ORDER_MARK):
        raise InputError(f"{path}:1:1: The file starts with a byte order mark: save it as UTF-8 without one.")
    text = CsvText(stream)
    header = _header(text, path)
    if header:
        for line, values in _rows(text, len(header), path, is_exact=is_exact):
            yield f"{path}:{line}", dict(zip(header, values, strict=True))


def _header(text: CsvText, path: Path) -> Sequence[str]:
    record = text.next_record()
    while record and record.is_blank:
        record = text.next_record()
    if record is None:
        return ()
    _require_readable(record, path)
    names = record.values
    twice = next((cell for index, cell in enumerate(record.cells) if cell.value in names[:index]), None)
    if twice:
        place = record.place(twice.start)
        message = f"A second column is called {twice.value!r}: remove or rename one."
        raise InputError(f"{path}:{place.row}:{place.column}: {message}")
    return names


def _rows(text: CsvText, width: int, path: Path, *, is_exact: bool) -> Iterator[tuple[int, Sequence[str]]]:
    while ahead := text.ahead():
        table = split(ahead, width, text.line)
        if table:
            yield from zip(table.lines, table.rows, strict=True)
            text.take(table.size, table.line_count)
        else:
            yield from _rows_one_by_one(text.records_in(ahead), width, path, is_exact=is_exact)


def _rows_one_by_one(
    records: Iterable[Record], width: int, path: Path, *, is_exact: bool
) -> Iterator[tuple[int, Sequence[str]]]:
    for record in records:
        if record.is_blank:
            continue
        _require_readable(record, path)
        if is_exact:
            _require_closed_cells(record, path)
        if len(record.cells) != width:
            flaw = uneven(record, width)
            place = record.place(flaw.start)
            raise InputError(f"{path}:{place.row}:{place.column}: {flaw.message}")
        yield record.line, record.values


def _require_readable(record: Record, path: Path) -> None:
    bad = bad_byte_at(record.text)
    if bad is not None:
        at, message = bad, bad_byte_message(record.text, bad)
    elif record.unclosed is not None:
        at, message = record.unclosed, "The quotation mark that opens this cell is not closed."
    elif record.is_cut:
        at, message = 0, "The row is too long to be read: give every row a line of its own."
    else:
        return
    place = record.place(at)
    raise InputError(f"{path}:{place.row}:{place.column}: {message}")


def _require_closed_cells(record: Record, path: Path) -> None:
    """Raise ``InputError`` where text follows the quotation mark that closes a cell: readers leave that mark out."""
    junk = next((cell.junk for cell in record.cells if cell.junk is not None), None)
    if junk is not None:
        place = record.place(junk)
        message = 'Text follows the quotation mark that closes the cell: write "" for one inside it.'
        raise InputError(f"{path}:{place.row}:{place.column}: {message}")
