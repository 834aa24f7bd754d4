"""Holds all rows of a file to a schema, and says where in the file each violation is."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from osmo_checks.datasets import codes
from osmo_checks.datasets.places import node_at
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row_schema import RowSchema, Violation, top_field
from osmo_checks.datasets.scan import position_in, scan
from osmo_checks.datasets.sniff import HEAD_BYTES
from osmo_checks.errors import InputError
from osmo_checks.finding import Position, Record

_LINE: Final = re.compile(r":(\d+)$")
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_decode = msgspec.json.Decoder().decode


class _Located(NamedTuple):
    """A row, its number from 1, the line it starts on (or its record), and its JSON text if it is one."""

    number: int
    line: int
    data: Any
    text: bytes | None


def look_at_schema(stream: BinaryIO, path: Path, schema: RowSchema, report: FileReport) -> None:
    """Add every violation in ``stream``, from its start, to ``report``. Rows that cannot be read are left out.

    Raises ``UsageError`` where the schema turns out to be wrong.
    """
    stream.seek(0)
    is_array = path.suffix.lower() == ".json" and stream.read(HEAD_BYTES).lstrip().startswith(b"[")
    is_lines = path.suffix.lower() in (".jsonl", ".json") and not is_array
    stream.seek(0)
    for row in _lines(stream) if is_lines else _rows(stream, path):
        for violation in schema.violations(row.data):
            _add(report, row, violation)


def _lines(stream: BinaryIO) -> Iterator[_Located]:
    number = 0
    for line, text in enumerate(stream, 1):
        if not text.strip():
            continue
        number += 1
        try:
            yield _Located(number, line, _decode(text), text)
        except _UNREADABLE:
            continue


def _rows(stream: BinaryIO, path: Path) -> Iterator[_Located]:
    """Yield the rows of other formats, up to one that cannot be read, which was said."""
    try:
        for number, (place, data) in enumerate(require_dataset(path).read(stream, path), 1):
            line = _LINE.search(place)
            yield _Located(number, int(line[1]) if line else number, data, None)
    except InputError:
        return


def _add(report: FileReport, row: _Located, violation: Violation) -> None:
    path = violation.path
    record = Record(row.number, top_field(violation.steps), path)
    start, end = _place(row, violation.steps)
    report.add(codes.SCHEMA, f"{path} is not what the schema asks for: {violation.message}.", start, end, record=record)


def _place(row: _Located, steps: Sequence[str | int]) -> tuple[Position, Position | None]:
    if row.text is None:
        fields = list(row.data) if isinstance(row.data, dict) else []
        field = top_field(steps)
        return Position(row.line, fields.index(field) + 1 if field in fields else 1), None
    text = row.text.decode("utf-8")
    root = scan(text.rstrip("\r\n")).root
    node = root and node_at(root, steps)
    if node is None:
        return Position(row.line, 1), None
    return position_in(text, node.start, row.line), position_in(text, node.end, row.line)
