"""The rows of a ``.json`` file: an array of objects, or JSON Lines under that name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from osmo_checks.datasets import jsonl_rows
from osmo_checks.datasets.decoding import bad_byte_at, bad_byte_message
from osmo_checks.datasets.json_elements import Element, Elements, Fault
from osmo_checks.datasets.scan import scan
from osmo_checks.datasets.sniff import BYTE_ORDER_MARK, HEAD_BYTES
from osmo_checks.errors import InputError
from osmo_checks.finding import Position

_UNREADABLE = (msgspec.DecodeError, UnicodeEncodeError, RecursionError)
_decode = msgspec.json.Decoder().decode


def read(stream: BinaryIO, path: Path, *, is_exact: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place (``path:line``, where it starts) and the data of each row.

    Raises ``InputError`` at the first row that cannot be read, or with ``is_exact`` has a key twice, naming line and
    column.
    """
    if is_array(stream):
        if stream.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
            stream.seek(0)
        yield from _array(stream, path, is_exact=is_exact)
    else:
        yield from jsonl_rows.read(stream, path, is_exact=is_exact)


def is_array(stream: BinaryIO) -> bool:
    """Tell whether the first character, but for a byte order mark, is a ``[``. The stream stays at its start."""
    head = stream.read(HEAD_BYTES).removeprefix(BYTE_ORDER_MARK)
    while head and not head.strip():
        head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return head.lstrip().startswith(b"[")


def _array(stream: BinaryIO, path: Path, *, is_exact: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for element in Elements(stream):
        if isinstance(element, Fault):
            raise _error(path, element.place, element.message)
        try:
            row = _decode(element.text.encode())
        except _UNREADABLE:
            row = _read_closely(element, path)
        if not isinstance(row, dict):
            raise _error(path, element.start, "A row is a JSON object in curly brackets: give its values names.")
        if is_exact and (second := jsonl_rows.second_key(element.text.encode(), row)):
            raise _error(path, element.place(second.start), second.message)
        yield f"{path}:{element.start.row}", row


def _read_closely(element: Element, path: Path) -> Any:
    """Return what the fast reader would not: a number beyond its range. Raises ``InputError`` for anything else."""
    text = element.text
    bad = bad_byte_at(text)
    if bad is not None:
        raise _error(path, element.place(bad), bad_byte_message(text, bad))
    for flaw in scan(text).flaws:
        if not jsonl_rows.can_be_read(flaw, text):
            raise _error(path, element.place(flaw.start), flaw.message)
    import json

    return json.loads(text)


def _error(path: Path, place: Position, message: str) -> InputError:
    return InputError(f"{path}:{place.row}:{place.column}: {message}")
