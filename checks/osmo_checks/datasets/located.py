"""The rows of a file with the places of the values in them, for checks on top of the file's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeAlias

import msgspec

from osmo_checks.datasets.csv_text import CsvText
from osmo_checks.datasets.json_elements import Element, Elements
from osmo_checks.datasets.json_rows import is_array
from osmo_checks.datasets.places import node_at
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.scan import position_in, scan
from osmo_checks.endings import ending_of
from osmo_checks.errors import InputError
from osmo_checks.finding import Position

#: The keys and indices that lead to a value of a row.
Steps: TypeAlias = Sequence[str | int]

#: Bytes; a longer line is not read as a value.
_MAX_LINE: Final = 64 * 1024 * 1024

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
_decode = msgspec.json.Decoder().decode


class Located(NamedTuple):
    """A row, its number from 1, and what says where a value of it begins and ends."""

    number: int
    data: Any
    place: Callable[[Steps], tuple[Position, Position]]


def located_rows(stream: BinaryIO, path: Path) -> Iterator[Located]:
    """Yield the rows of a file from its start. Those that cannot be read are counted and left out."""
    stream.seek(0)
    ending = ending_of(path)
    if ending == ".csv":
        return _records(stream)
    if ending == ".json" and is_array(stream):
        return _elements(stream)
    return _lines(stream) if ending in (".jsonl", ".json") else _columns(stream, path)


def top_field(steps: Steps) -> str | None:
    """Return the top-level field that steps lead into."""
    return steps[0] if steps and isinstance(steps[0], str) else None


def _lines(stream: BinaryIO) -> Iterator[Located]:
    row = 0
    for number, line in enumerate(_physical_lines(stream), 1):
        if not line.strip():
            continue
        row += 1
        try:
            data = _decode(line)
        except _UNREADABLE:
            continue
        text = line.decode().rstrip("\r\n")
        yield Located(row, data, partial(_place_in_text, text, partial(position_in, text, first_row=number)))


def _physical_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long, its beginning."""
    while line := stream.readline(_MAX_LINE):
        yield line
        while len(line) == _MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(_MAX_LINE)


def _elements(stream: BinaryIO) -> Iterator[Located]:
    elements = (element for element in Elements(stream) if isinstance(element, Element))
    for row, element in enumerate(elements, 1):
        try:
            data = _decode(element.text.encode())
        except _UNREADABLE:
            continue
        yield Located(row, data, partial(_place_in_text, element.text, element.place))


def _place_in_text(text: str, place: Callable[[int], Position], steps: Steps) -> tuple[Position, Position]:
    root = scan(text).root
    node = root and node_at(root, steps)
    return (place(node.start), place(node.end)) if node else (place(0), place(0))


def _records(stream: BinaryIO) -> Iterator[Located]:
    text = CsvText(stream)
    header: Sequence[str] | None = None
    row = 0
    while record := text.next_record():
        if record.is_blank:
            continue
        if header is None:
            header = record.values
            continue
        row += 1
        if len(record.cells) == len(header):
            data = dict(zip(header, record.values, strict=True))
            starts = {name: record.place(cell.start) for name, cell in zip(header, record.cells, strict=True)}
            yield Located(row, data, partial(_place_of_field, starts, record.place(0)))


def _columns(stream: BinaryIO, path: Path) -> Iterator[Located]:
    """Yield the records of Parquet, up to one that cannot be read, which was said."""
    try:
        for number, (_, data) in enumerate(require_dataset(path).read(stream, path), 1):
            places = {name: Position(number, index) for index, name in enumerate(data, 1)}
            yield Located(number, data, partial(_place_of_field, places, Position(number, 1)))
    except InputError:
        return


def _place_of_field(places: Mapping[str, Position], whole: Position, steps: Steps) -> tuple[Position, Position]:
    place = places.get(top_field(steps) or "", whole)
    return place, place
