"""The dataset formats by file ending. A new one is a module that reads and validates it, and a line here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from osmo_checks.datasets import jsonl, jsonl_rows
from osmo_checks.datasets.packed import PACKINGS
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import DatasetRules
from osmo_checks.endings import ending_of
from osmo_checks.errors import UsageError
from osmo_checks.paths import kind_of_given

#: Given a file that is open for reading and its path: yields the place and the data of each row.
Read = Callable[[BinaryIO, Path], Iterator[tuple[str, dict[str, Any]]]]

#: Given an open file, the rules, a report to fill and what to call with the bytes read so far.
Validate = Callable[[BinaryIO, DatasetRules, FileReport, Callable[[int], None]], None]

#: Given an open file: yields a field, how to begin a sentence on what reading changes in it, and the path of that.
Changes = Callable[[BinaryIO], Iterator[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Format:
    """``needs_seeking``: reading goes back and forth in the file, so that one that is compressed is unpacked first.

    ``read_exactly`` reads too, and refuses rows of which readers leave something out, where the format allows such.
    ``changes`` are what becomes something else by reading, in a format that has more kinds of values than JSON.
    """

    read: Read
    validate: Validate
    needs_seeking: bool = False
    read_exactly: Read | None = None
    changes: Changes | None = None


def _read_csv(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import csv_rows

    return csv_rows.read(stream, path)


def _read_csv_exactly(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import csv_rows

    return csv_rows.read(stream, path, is_exact=True)


def _validate_csv(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    from osmo_checks.datasets import csv_file

    csv_file.validate(stream, rules, report, tick)


def _read_json(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import json_rows

    return json_rows.read(stream, path)


def _read_json_exactly(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import json_rows

    return json_rows.read(stream, path, is_exact=True)


def _validate_json(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    from osmo_checks.datasets import json_file

    json_file.validate(stream, rules, report, tick)


def _read_parquet(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import parquet_rows

    return parquet_rows.read(stream, path)


def _read_parquet_exactly(stream: BinaryIO, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    from osmo_checks.datasets import parquet_rows

    return parquet_rows.read(stream, path, is_exact=True)


def _validate_parquet(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    from osmo_checks.datasets import parquet

    parquet.validate(stream, rules, report, tick)


def _changes_in_parquet(stream: BinaryIO) -> Iterator[tuple[str, str, str]]:
    from osmo_checks.datasets import parquet_changes

    return parquet_changes.changes_in(stream)


FORMATS: Final[Mapping[str, Format]] = {
    ".jsonl": Format(jsonl_rows.read, jsonl.validate, read_exactly=partial(jsonl_rows.read, is_exact=True)),
    ".json": Format(_read_json, _validate_json, read_exactly=_read_json_exactly),
    ".csv": Format(_read_csv, _validate_csv, read_exactly=_read_csv_exactly),
    ".parquet": Format(
        _read_parquet,
        _validate_parquet,
        needs_seeking=True,
        read_exactly=_read_parquet_exactly,
        changes=_changes_in_parquet,
    ),
}


def require_dataset(path: Path) -> Format:
    """Return the format of the dataset file ``path``. Raises ``UsageError`` where it is none."""
    kind = kind_of_given(path)
    if kind == "folder":
        raise UsageError(f"{path} is a folder: name the dataset files in it.")
    if kind is None:
        raise UsageError(f"{path} does not exist: check the name.")
    if kind != "file":
        raise UsageError(f"{path} is not a regular file: copy it to one.")
    ending = ending_of(path)
    if ending not in FORMATS:
        *most, least = FORMATS
        raise UsageError(
            f"{path} does not end like a dataset: use a file that ends with {', '.join(most)} or {least}, or is one of "
            f"these compressed ({', '.join(PACKINGS)})."
        )
    return FORMATS[ending]
