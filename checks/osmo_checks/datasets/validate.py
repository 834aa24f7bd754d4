"""Validate dataset files: the right rules, the right reader, one report a file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from osmo_checks.contracts import NEWEST_GENERATION, generation_of, generations, load_contract
from osmo_checks.datasets import codes
from osmo_checks.datasets.changes import Watched
from osmo_checks.datasets.observe import Batch, Observer, ReadAgain, shared_prompts
from osmo_checks.datasets.opening import Opened, open_dataset
from osmo_checks.datasets.packed import UnpackError
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import MAX_FINDINGS, FileReport
from osmo_checks.datasets.rows import telling
from osmo_checks.datasets.rules import DatasetRules, rules_of
from osmo_checks.errors import InputError, UsageError
from osmo_checks.finding import Position, Record
from osmo_checks.workspace import find_workspace

if TYPE_CHECKING:
    from osmo_checks.datasets.row_schema import RowSchema


def rules_for(path: Path, generation: str | None = None) -> DatasetRules:
    """Return the rules of an SDK generation: else that of the workspace ``path`` lies in, and in none the newest.

    Raises ``UsageError`` for a generation that does not exist.
    """
    if generation is not None and generation not in generations():
        raise UsageError(f"There is no contract {generation!r}: choose one of {', '.join(generations())}.")
    if generation is None:
        workspace = find_workspace(path.parent)
        generation = generation_of(workspace.root) if workspace else NEWEST_GENERATION
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
    report = FileReport(shown, most, seen=seen or Observer())
    with validated(path, report, rules, tick, schema=schema):
        return report


@contextmanager
def validated(
    path: Path,
    report: FileReport,
    rules: DatasetRules,
    tick: Callable[[int], None] = lambda _bytes: None,
    *,
    schema: "RowSchema | None" = None,
) -> Iterator[None]:
    """Add what is wrong with the dataset ``path`` to ``report``; while the context lasts, it can be compared.

    How far the file is when it is read again is told as ``reading_tells`` says. The rest is as with ``validate_file``.
    """
    validate = require_dataset(path).validate
    with ExitStack() as files:
        try:
            opened = files.enter_context(open_dataset(path, strict=False))
            watched = Watched(opened.file, path)
            report.ends_early = opened.ends_early
            validate(opened.stream, rules, report, opened.in_bytes_of_the_file(tick))
            report.seen.read_again = _told(report.seen.read_again, opened)
            report.add_remarks(report.seen.remarks())
            if schema is not None:
                from osmo_checks.datasets.schema_look import look_at_schema

                look_at_schema(opened.stream, path, schema, report, telling(opened))
            _look_at_file(opened, watched, report)
        except OSError as error:
            raise InputError(f"{report.path} cannot be read: {error.strerror}.") from error
        yield


def _told(read_again: ReadAgain, opened: Opened) -> ReadAgain:
    def again() -> Iterator[Batch]:
        tell, rows = telling(opened), 0
        for batch in read_again():
            rows += len(batch.rows)
            tell(rows)
            yield batch

    return again


def _look_at_file(opened: Opened, watched: Watched, report: FileReport) -> None:
    """Report what kept the file from being read as it is, now that its rows were looked at."""
    change = watched.change()
    if change:
        report.add(codes.FILE_CHANGED, change)
    elif opened.unpacked and opened.unpacked.problem:
        _say_broken(opened.unpacked.problem, opened.unpacked.whole_lines, report)


def _say_broken(problem: str, whole_lines: int, report: FileReport) -> None:
    if not report.rows:
        report.add(codes.BROKEN_ARCHIVE, f"{problem} No row could be looked at.")
        return
    rows = "1 row before it was" if report.rows == 1 else f"{report.rows:,} rows before it were"
    record = Record(report.rows, None, None)
    report.add(codes.BROKEN_ARCHIVE, f"{problem} The {rows} looked at.", Position(whole_lines or 1, 1), record=record)


def compare(report: FileReport, other: FileReport) -> None:
    """Add the rows of a file whose prompts another file has too. Both were ``validated`` to compare, and are open.

    Raises ``InputError`` where a file cannot be read again.
    """
    try:
        report.add_remarks(shared_prompts(report.seen, other.seen, other.path))
    except (OSError, UnpackError) as error:
        raise InputError(f"{report.path} and {other.path} cannot be read again: {error}.") from error
