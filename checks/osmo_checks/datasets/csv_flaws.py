"""What can be wrong with CSV as such, before anyone asks what its cells hold."""

from collections.abc import Iterator, Sequence

from osmo_checks.datasets import codes
from osmo_checks.datasets.csv_text import MAX_CELL, MAX_RECORD, Cell, Record
from osmo_checks.datasets.decoding import bad_byte_at, bad_byte_message
from osmo_checks.datasets.scan import Flaw, quoted
from osmo_checks.finding import Severity

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def flaws_of(record: Record) -> Iterator[Flaw]:
    """Yield what is wrong with how a record is written."""
    bad = bad_byte_at(record.text)
    if bad is not None:
        yield Flaw(codes.INVALID_UTF8, bad, bad + 1, bad_byte_message(record.text, bad))
    if record.is_cut:
        message = f"This row was not looked at: it has over {MAX_RECORD:,} characters. Look at its line ends."
        yield Flaw(codes.LINE_TOO_LONG, 0, 0, message)
    if record.unclosed is not None:
        message = 'The quotation mark that opens this cell is not closed: close it, or write "" for one in the text.'
        yield Flaw(codes.UNCLOSED_QUOTATION, record.unclosed, record.unclosed + 1, message)
    for cell in record.cells:
        yield from _cell_flaws(record, cell)


def uneven(record: Record, header: int) -> Flaw:
    """Return what is wrong with a record that has another number of cells than the header."""
    has = _count(len(record.cells))
    if len(record.cells) > header:
        at, end = record.cells[header].start, record.cells[-1].end
        message = f"The row has {has} and the header {header}: put texts with commas in quotation marks."
        return Flaw(codes.UNEVEN_ROW, at, end, message)
    at = record.cells[-1].end
    return Flaw(codes.UNEVEN_ROW, at, at, f"The row has {has} and the header {header}: add the missing ones.")


def blank_line() -> Flaw:
    """Return what is wrong with a blank line, which the platform takes for a row without cells."""
    message = "The line is blank, and the platform rejects it as a row without cells: remove it."
    return Flaw(codes.BLANK_LINE, 0, 0, message, Severity.ERROR)


def separator_flaw(record: Record) -> Flaw | None:
    """Return what is wrong with a header that is more, or something else, than names between commas."""
    if record.text.lstrip().startswith("{"):
        message = "This is JSON, not CSV: give the file the ending .jsonl."
        return Flaw(codes.WRONG_SEPARATOR, 0, 1, message)
    if len(record.cells) != 1:
        return None
    for char, name in _SEPARATORS.items():
        at = record.text.find(char)
        if at >= 0:
            message = f"The names are separated by {name}: write the file again with commas."
            return Flaw(codes.WRONG_SEPARATOR, at, at + 1, message)
    return None


def name_flaws(record: Record, needed: Sequence[str]) -> Iterator[Flaw]:
    """Yield what is wrong with the names in a header; of those that look ``needed`` more is said elsewhere."""
    seen: set[str] = set()
    for number, cell in enumerate(record.cells, 1):
        name = cell.value
        if name in seen:
            message = f"A second column is called {quoted(name)}: remove or rename one."
            yield Flaw(codes.DUPLICATE_COLUMN, cell.start, cell.end, message)
        elif not name.strip():
            message = f"Column {number} has no name: give it one, or remove the column."
            yield Flaw(codes.COLUMN_NAME, cell.start, cell.end, message)
        elif name != name.strip() and name.strip().lower() not in needed:
            message = f"The name {quoted(name)} has white space around it: remove that."
            yield Flaw(codes.COLUMN_NAME, cell.start, cell.end, message)
        seen.add(name)


def _cell_flaws(record: Record, cell: Cell) -> Iterator[Flaw]:
    if cell.junk is not None:
        message = 'Text follows the quotation mark that closes the cell: write "" for one inside it.'
        yield Flaw(codes.TEXT_AFTER_QUOTATION, cell.junk, cell.end, message)
    if len(cell.value) > MAX_CELL:
        message = f"The cell has {len(cell.value):,} characters, and the platform's reader stops at {MAX_CELL:,}."
        yield Flaw(codes.CELL_TOO_LONG, cell.start, cell.end, message)
    if "\0" in cell.value:
        at = record.text.index("\0", cell.start)
        yield Flaw(codes.NUL_CHARACTER, at, at + 1, "The text contains the character NUL: remove it.")


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
