"""Rows against a JSON Schema of the user's, on top of what every dataset has to keep."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from osmo_checks.bundled import data_folder
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.errors import UsageError
from osmo_checks.paths import kind_of_given
from osmo_checks.patience import Patience

if TYPE_CHECKING:
    from jsonschema.protocols import Validator
    from referencing import Registry

#: Characters of jsonschema's sentences, which quote the whole value.
_MOST: Final = 160
#: Seconds that one row may take.
_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that a schema does not allow: the keys and indices that lead to it, and a sentence that says why."""

    steps: tuple[str | int, ...]
    message: str

    @property
    def path(self) -> str:
        path = ROOT
        for step in self.steps:
            path = step_to(path, step)
        return path


class RowSchema:
    """A schema that rows are held to, within a ``with`` block."""

    def __init__(self, path: Path, validator: "Validator") -> None:
        self.path = path
        self._validator = validator
        self._patience = Patience(_SECONDS)

    def __enter__(self) -> Self:
        self._patience.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._patience.__exit__()

    def violations(self, row: Any) -> list[Violation]:
        """Return what a row breaks. Raises ``UsageError`` where the schema itself turns out to be wrong."""
        from referencing.exceptions import Unresolvable

        try:
            return self._patience.call(self._violations, row)
        except TimeoutError as error:
            raise UsageError(
                f"{self.path} takes more than {self._patience.seconds} seconds for one row: write its patterns without "
                "repetitions inside of repetitions."
            ) from error
        except Unresolvable as error:
            message = f"refers to {error.ref!r}, which is not in it: put that below $defs"
            raise UsageError(f"{self.path} {message}.") from error
        except RecursionError as error:
            raise UsageError(f"{self.path} refers to itself without end: take that reference out.") from error

    def _violations(self, row: Any) -> list[Violation]:
        errors = self._validator.iter_errors(row)
        return [Violation(tuple(error.absolute_path), _shortened(error.message)) for error in errors]


def read_schema(path: Path) -> RowSchema:
    """Return the JSON Schema in ``path``; it may refer to those that are shipped. Raises ``UsageError``."""
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for

    schema = _json_in(path)
    kind = validator_for(schema)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        where = Violation(tuple(error.absolute_path), "").path
        raise UsageError(f"{path} is no JSON Schema: at {where}, {_shortened(error.message)}.") from error
    return RowSchema(path, kind(schema, registry=_shipped()))


def _json_in(path: Path) -> Any:
    if kind_of_given(path) != "file":
        raise UsageError(f"{path} is no file: name a JSON Schema with --schema.")
    try:
        schema = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON ({error}): name a JSON Schema with --schema.") from error
    if not isinstance(schema, dict | bool):
        raise UsageError(f"{path} is no JSON Schema: a schema is a JSON object.")
    return schema


def _shipped() -> "Registry[Any]":
    """Return our schemas of rows by file name. Nothing is ever fetched."""
    from referencing import Registry, Resource

    files = sorted(data_folder("schemas").glob("dataset-row*.schema.json"))
    named = [(file.name, Resource.from_contents(json.loads(file.read_bytes()))) for file in files]
    return Registry[Any]().with_resources(named)


def _shortened(message: str) -> str:
    return message if len(message) <= _MOST else f"{message[: _MOST // 2]} … {message[-_MOST // 2 :]}"
