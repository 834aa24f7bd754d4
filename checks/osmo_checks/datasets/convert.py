"""Turn the rows of a file into rows that keep the dataset contract: fields renamed, added, extracted."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, Final

from osmo_checks.datasets.reading_changes import changes_by_reading
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.targets import require_target
from osmo_checks.datasets.writing import Data, in_fields, json_text, row_writers
from osmo_checks.errors import InputError, UsageError
from osmo_checks.patience import Patience

#: Written before all other fields, in this order.
_PROMPT_FIELDS = ("system_prompt", "user_prompt", "ground_truth")

#: For one search of an expression in one row. Some expressions try more ways than there are atoms.
_PATIENCE: Final = Patience(seconds=2)


@dataclass(frozen=True, slots=True)
class Field:
    """A field to write: ``make`` returns its value, given a row's place and data; ``needs`` are the fields it reads."""

    make: Callable[[str, Data], Any]
    needs: tuple[str, ...] = ()


def plan_fields(
    mapping: Sequence[str], constants: Sequence[str], extractions: Sequence[str], templates: Sequence[str] = ()
) -> dict[str, Field]:
    """Return how to make each new field, from options as the command line has them, in the order to write them.

    Raises ``UsageError`` for an option that cannot be understood and for a field that two of them make.
    """
    planned = [
        *(_mapped(option) for option in mapping),
        *(_constant(option) for option in constants),
        *(_extracted(option) for option in extractions),
        *(_filled(option) for option in templates),
    ]
    fields = dict(planned)
    if len(fields) < len(planned):
        names = [name for name, _ in planned]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"The field {twice!r} is made twice: keep one of the options that make it.")
    return {name: fields[name] for name in _in_order(fields)}


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written: the number of rows, the fields they have, and what is no longer as it was."""

    rows: int
    fields: tuple[str, ...]
    changes: tuple[str, ...]


def convert(source: Path, target: Path, fields: Mapping[str, Field], *, keep: bool, overwrite: bool) -> Converted:
    """Write the rows of ``source`` with ``fields`` to ``target``, in the format that its name means.

    ``keep`` keeps all other fields too. ``target`` is written whole or not at all. Raises ``UsageError`` for paths and
    fields that cannot be, ``InputError`` for a row that cannot be converted.
    """
    allowed = require_target([source], target, overwrite=overwrite)
    rows = 0
    names: dict[str, None] = {}
    left_out: dict[str, None] = {}
    used = {need for field in fields.values() for need in field.needs}
    converted = _converted(read_placed_rows(source, is_exact=True), fields, keep=keep)
    with _PATIENCE, row_writers({"": allowed}) as writers:
        write = writers[""].write
        for place, data, row in converted:
            write(place, row)
            names.update(dict.fromkeys(row))
            left_out.update(dict.fromkeys(name for name in data if name not in row and name not in used))
            rows += 1
        if not rows:
            raise InputError(f"{source} has no rows, so nothing was written.")
    lost = [f"Fields that no option names were left out: {in_fields(left_out)}."] if left_out else []
    read = changes_by_reading(source, lambda name: name in used or (keep and name not in fields))
    return Converted(rows, tuple(names), (*lost, *read, *writers[""].changes))


def _converted(
    rows: Iterable[tuple[str, Data]], fields: Mapping[str, Field], *, keep: bool
) -> Iterator[tuple[str, Data, Data]]:
    """Yield the place of each row, the row, and what to write for it."""
    for number, (place, data) in enumerate(rows):
        if number == 0:
            _require_fields(place, data, fields)
        made = {name: field.make(place, data) for name, field in fields.items()}
        kept = {name: made.get(name, data.get(name)) for name in _in_order({**data, **made})} if keep else made
        yield place, data, kept


def _require_fields(place: str, data: Data, fields: Mapping[str, Field]) -> None:
    """Raise ``UsageError`` where the first row lacks a field: then the options are wrong, not the row."""
    lacking = next((need for field in fields.values() for need in field.needs if need not in data), None)
    if lacking is not None:
        raise UsageError(f"{place}: there is no field {lacking!r}; use one of {', '.join(data)}.")


def _in_order(names: Iterable[str]) -> list[str]:
    names = list(names)
    return [*(name for name in _PROMPT_FIELDS if name in names), *(n for n in names if n not in _PROMPT_FIELDS)]


def _pair(option: str, text: str, form: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not (left and equals and (right or option == "--const")):
        raise UsageError(f"{option} {text!r} cannot be understood: write {option} {form}.")
    return left, right


def _mapped(text: str) -> tuple[str, Field]:
    old, new = _pair("--map", text, "OLD=NEW")
    return new, Field(lambda place, data: _value(place, data, old), needs=(old,))


def _constant(text: str) -> tuple[str, Field]:
    name, value = _pair("--const", text, "NAME=VALUE")
    return name, Field(lambda _place, _data: value)


def _extracted(text: str) -> tuple[str, Field]:
    form = "NAME=FIELD:REGEX"
    name, rest = _pair("--extract", text, form)
    field, colon, written = rest.partition(":")
    if not (field and colon and written):
        raise UsageError(f"--extract {text!r} cannot be understood: write --extract {form}.")
    try:
        pattern = re.compile(written)
    except re.error as error:
        raise UsageError(f"--extract {text!r} has a wrong regular expression: {error}.") from error

    def make(place: str, data: Data) -> str:
        value = _value(place, data, field)
        if not isinstance(value, str):
            raise InputError(f"{place}: {field} is not a text, so nothing can be extracted from it.")
        try:
            match = _PATIENCE.call(pattern.search, value)
        except TimeoutError as error:
            raise InputError(
                f"{place}: {written} takes more than {_PATIENCE.seconds} seconds in {field}: "
                "write it without repetitions inside of repetitions."
            ) from error
        if match is None or (pattern.groups and match[1] is None):
            raise InputError(f"{place}: {written} matches nothing in {field}: change the expression or the row.")
        return str(match[1] if pattern.groups else match[0])

    return name, Field(make, needs=(field,))


def _filled(text: str) -> tuple[str, Field]:
    name, template = _pair("--template", text, "NAME=TEXT")
    try:
        parts = list(_parsed(template))
    except ValueError as error:
        raise UsageError(f"--template {text!r} cannot be understood ({error}): write {{{{ for a bracket.") from error
    needs = tuple(field for _, field in parts if field is not None)

    def make(place: str, data: Data) -> str:
        return "".join(before + ("" if field is None else _shown(place, data, field)) for before, field in parts)

    return name, Field(make, needs)


def _parsed(template: str) -> Iterator[tuple[str, str | None]]:
    """Yield each text and the field that follows it. Raises ``ValueError`` for more than names in brackets."""
    for before, field, form, conversion in Formatter().parse(template):
        if field == "" or form or conversion:
            raise ValueError("brackets hold a field's name and nothing else")
        yield before, field


def _shown(place: str, data: Data, field: str) -> str:
    """Return a value as a template has it: text as it is, anything else as JSON."""
    value = _value(place, data, field)
    return value if isinstance(value, str) else json_text(place, value)


def _value(place: str, data: Data, field: str) -> Any:
    if field in data:
        return data[field]
    raise InputError(f"{place}: the row has no field {field!r}, and the first row has: add it.")
