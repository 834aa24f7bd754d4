"""Splits a file in parts, so that each has its share of every label and nothing that is asked is in two of them."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import isclose
from pathlib import Path
from typing import Any, Final

from osmo_checks.datasets.keys import as_text, digest, label_of, metadata_of, question_of
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.rules import METADATA
from osmo_checks.datasets.targets import Target, require_target
from osmo_checks.datasets.writing import Data, row_writers
from osmo_checks.endings import packing_of
from osmo_checks.errors import InputError, UsageError

#: Parts, so that one byte a row says which.
_MOST_PARTS: Final = 255


@dataclass(frozen=True, slots=True)
class Part:
    """``share`` is of all rows, more than 0 and at most 1."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Written:
    """A part's file, and how many rows it has."""

    name: str
    path: Path
    rows: int


def parts_of(options: Sequence[str]) -> list[Part]:
    """Return the parts that options like ``train=0.9`` ask for. Raises ``UsageError`` for what cannot be."""
    parts = [_part(option) for option in options]
    names = [part.name for part in parts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"Two parts are called {twice!r}: give each its own name.")
    total = sum(part.share for part in parts)
    if not 2 <= len(parts) <= _MOST_PARTS or not isclose(total, 1, abs_tol=1e-9):
        raise UsageError(f"The shares of the parts are {total:g} in all: name two parts or more that make 1.")
    return parts


def split(
    source: Path,
    parts: Sequence[Part],
    *,
    folder: Path | None,
    by: str | None = None,
    stratify: str | None,
    seed: int,
    overwrite: bool,
) -> list[Written]:
    """Write each row of ``source`` to one part's file beside it, or in ``folder``, in the order of the rows.

    Rows that ask the same, or have the same value at ``by`` (a field, or as ``metadata.question`` one in metadata), go
    to the same part. ``stratify`` is a field whose values are spread evenly, or ``label``. The file is read twice;
    memory holds some numbers for each prompt, not its text. Raises ``UsageError`` for options
    that cannot be and ``InputError`` for a row that cannot be read.
    """
    targets = {
        part.name: require_target([source], path_of_part(source, part.name, folder), overwrite=overwrite)
        for part in parts
    }
    chosen = _choose(source, parts, _question(by), _stratum(stratify), seed)
    counts = [chosen.count(index) for index in range(len(parts))]
    for part, count in zip(parts, counts, strict=True):
        if not count:
            what = "prompts" if by is None else f"values of {by}"
            raise InputError(f"{source} has too few {what} for a part of {part.share:g}: {part.name} would be empty.")
    _write(source, [targets[part.name] for part in parts], chosen)
    return [Written(part.name, targets[part.name].path, count) for part, count in zip(parts, counts, strict=True)]


def path_of_part(source: Path, name: str, folder: Path | None) -> Path:
    """Return the file of a part: ``data.jsonl.gz`` has ``data-train.jsonl.gz``."""
    packing = source.suffix if packing_of(source) else ""
    inner = Path(source.name.removesuffix(packing))
    return (folder or source.parent) / f"{inner.stem}-{name}{inner.suffix}{packing}"


def _part(option: str) -> Part:
    name, _, share = option.partition("=")
    try:
        number = float(share)
    except ValueError:
        number = 0.0
    if not name or "/" in name or "\0" in name or not 0 < number < 1:
        raise UsageError(f"--part {option!r} cannot be understood: write --part NAME=SHARE, such as train=0.9.")
    return Part(name, number)


def _question(by: str | None) -> Callable[[str, Data], bytes]:
    if by is None:
        return lambda _place, row: question_of(row)
    field, _, inner = by.partition(".")

    def value_at(place: str, row: Data) -> bytes:
        holder, name = (metadata_of(row) or {}, inner) if field == METADATA and inner else (row, by)
        if name not in holder:
            raise InputError(f"{place}: the row has no {by} to keep together by: use another field, or add it.")
        return as_text(holder[name]).encode("utf-8", errors="surrogatepass")

    return value_at


def _stratum(field: str | None) -> Callable[[str, Data], Any]:
    if field is None:
        return lambda _place, _row: None
    if field == "label":
        return lambda _place, row: label_of(row)

    def value_of(place: str, row: Data) -> Any:
        if field not in row:
            raise InputError(f"{place}: the row has no field {field!r} to stratify by: use another, or add it.")
        return row[field]

    return value_of


def _choose(
    source: Path,
    parts: Sequence[Part],
    question: Callable[[str, Data], bytes],
    stratum: Callable[[str, Data], Any],
    seed: int,
) -> bytearray:
    """Return the index of the part that each row goes to."""
    keys = array("Q")
    sizes: dict[int, int] = {}
    strata: dict[int, int] = {}
    for place, row in read_placed_rows(source, is_exact=True):
        key = digest(question(place, row), f"prompt {seed}")
        keys.append(key)
        sizes[key] = sizes.get(key, 0) + 1
        if key not in strata:
            value = stratum(place, row)
            strata[key] = 0 if value is None else digest(as_text(value).encode(), f"stratum {seed}")
    if not keys:
        raise InputError(f"{source} has no rows, so nothing was written.")
    homes = _homes(sorted(sizes, key=lambda key: (strata[key], key)), sizes, parts)
    return bytearray(homes[key] for key in keys)


def _homes(keys: Sequence[int], sizes: Mapping[int, int], parts: Sequence[Part]) -> dict[int, int]:
    """Return the part of each prompt. Prompts come stratum by stratum, in an order that the seed decides.

    Each goes to the part that lacks most of its share so far. So every run of prompts, and with it every stratum, is
    spread as the shares say, and what is too rare to be spread by itself is spread together.
    """
    shares = [part.share for part in parts]
    lacks = [0.0] * len(parts)
    homes = {}
    for key in keys:
        size = sizes[key]
        lacks = [lack + share * size for lack, share in zip(lacks, shares, strict=True)]
        home = max(range(len(parts)), key=lacks.__getitem__)
        lacks[home] -= size
        homes[key] = home
    return homes


def _write(source: Path, targets: Sequence[Target], chosen: bytearray) -> None:
    with row_writers({str(index): target for index, target in enumerate(targets)}) as writers:
        writes = [writers[str(index)].write for index in range(len(targets))]
        for home, row in zip_longest(chosen, read_placed_rows(source)):
            if home is None or row is None:
                raise InputError(f"{source} has changed while it was split: split it again.")
            writes[home](*row)
