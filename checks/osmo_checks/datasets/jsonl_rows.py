"""The rows of JSON Lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from osmo_checks.datasets import codes
from osmo_checks.datasets.metadata import UnprovedError, quotes_in
from osmo_checks.datasets.scan import Flaw, Scan, position_in, scan
from osmo_checks.datasets.sniff import BYTE_ORDER_MARK, HEAD_BYTES, what_instead
from osmo_checks.errors import InputError

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decode = msgspec.json.Decoder().decode

#: What does not keep a row from being read.
_TOLERATED = (codes.DUPLICATE_KEY, codes.NUL_CHARACTER, codes.NUMBER_TOO_LARGE)


def read(stream: BinaryIO, path: Path, *, is_exact: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place (``path:line``) and the data of each row.

    Raises ``InputError`` at the first row that cannot be read, or with ``is_exact`` has a key twice, naming line and
    column.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    instead = what_instead(head)
    if instead:
        raise InputError(f"{path} is {instead}, not UTF-8 text: convert or unpack it first.")
    if head.startswith(BYTE_ORDER_MARK):
        raise InputError(f"{path}:1:1: The file starts with a byte order mark: save it as UTF-8 without one.")
    yield from _lines(stream, path, is_exact=is_exact)


def _lines(stream: BinaryIO, path: Path, *, is_exact: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            row = _decode(line)
        except _UNREADABLE:
            row = _read_closely(line, path, number)
        if not isinstance(row, dict):
            raise InputError(f"{path}:{number}:1: A row is a JSON object in curly brackets: give its values names.")
        if is_exact and (second := second_key(line, row)):
            place = position_in(line.decode().rstrip("\r\n"), second.start, number)
            raise InputError(f"{path}:{place.row}:{place.column}: {second.message}")
        yield f"{path}:{number}", row


def second_key(content: bytes, row: dict[str, Any]) -> Flaw | None:
    """Return the first key that comes twice in the JSON ``content``, of which ``row`` was read."""
    try:
        if b"\\u0022" not in content and quotes_in(row) == content.count(b'"'):
            return None  # there is no quotation mark left for another key
    except (UnprovedError, RecursionError):
        pass
    return next((flaw for flaw in scan(content.decode()).flaws if flaw.code is codes.DUPLICATE_KEY), None)


def _read_closely(content: bytes, path: Path, first_line: int) -> Any:
    """Return what the fast reader would not: a number beyond its range. Raises ``InputError`` for anything else."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        place = position_in(before, len(before), first_line)
        message = f"The byte 0x{content[error.start]:02X} is not UTF-8: convert the file to UTF-8."
        raise InputError(f"{path}:{place.row}:{place.column}: {message}") from error
    text = text.rstrip("\r\n")
    _require_readable(scan(text), text, path, first_line)
    import json

    return json.loads(text)


def _require_readable(found: Scan, text: str, path: Path, first_line: int) -> None:
    for flaw in found.flaws:
        if not can_be_read(flaw, text):
            place = position_in(text, flaw.start, first_line)
            raise InputError(f"{path}:{place.row}:{place.column}: {flaw.message}")


def can_be_read(flaw: Flaw, text: str) -> bool:
    """Tell whether Python reads the row in ``text`` in spite of a flaw: it stops at thousands of digits."""
    if flaw.code is not codes.NUMBER_TOO_LARGE:
        return flaw.code in _TOLERATED
    import json

    try:
        json.loads(text[flaw.start : flaw.end])
    except ValueError:
        return False
    return True
