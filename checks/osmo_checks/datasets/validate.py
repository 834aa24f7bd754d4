"""Validate dataset files: the right rules, the right reader, one report a file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from osmo_checks.contracts import DEFAULT_GENERATION, generation_of, load_contract
from osmo_checks.datasets import codes
from osmo_checks.datasets.observe import Observer
from osmo_checks.datasets.opening import open_dataset
from osmo_checks.datasets.packed import UnpackError
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import MAX_FINDINGS, FileReport
from osmo_checks.datasets.rules import DatasetRules, rules_of
from osmo_checks.errors import InputError
from osmo_checks.workspace import find_workspace

if TYPE_CHECKING:
    from osmo_checks.datasets.row_schema import RowSchema


def rules_for(path: Path) -> DatasetRules:
    """Return the rules of the SDK generation of the workspace that ``path`` lies in."""
    workspace = find_workspace(path.parent)
    generation = generation_of(workspace.root) if workspace else DEFAULT_GENERATION
    return rules_of(load_contract(generation))


def validate_file(
    path: Path,
    shown: str,
    rules: DatasetRules,
    tick: Callable[[int], None] = lambda _bytes: None,
    *,
    most: int = MAX_FINDINGS,
    schema: "RowSchema | None" = None,
    seen: Observer | None = None,
) -> FileReport:
    """Return what is wrong with the dataset ``path``, which findings call ``shown``; the first ``most`` of it.

    ``tick`` is called now and then with the bytes read so far. Rows are held to ``schema`` too, and shown to ``seen``,
    which looks at all of them together. Raises ``UsageError`` for a path that is no dataset and ``InputError`` for a
    file that cannot be read.
    """
    validate = require_dataset(path).validate
    report = FileReport(shown, most, seen=seen or Observer())
    try:
        with open_dataset(path) as opened:
            stream = opened.stream
            validate(stream, rules, report, opened.in_bytes_of_the_file(tick))
            report.add_remarks(report.seen.remarks())
            if schema is not None:
                from osmo_checks.datasets.schema_look import look_at_schema

                look_at_schema(stream, path, schema, report)
    except UnpackError as error:
        report.add(codes.BROKEN_ARCHIVE, str(error))
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {error.strerror}.") from error
    return report
