"""``dataset validate``."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from osmo_checks import formats
from osmo_checks.datasets.named import naming_of
from osmo_checks.datasets.observe import Observer
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import MAX_FINDINGS, FileReport
from osmo_checks.datasets.rules import DatasetRules
from osmo_checks.datasets.upload import look_at_file
from osmo_checks.datasets.validate import compare, rules_for, validated
from osmo_checks.errors import InputError, UsageError
from osmo_checks.paths import absolute, is_same_file
from osmo_checks.workspace import find_workspace
from osmo_scaffold.commands.dataset_progress import LateBar, late_bar, shown_by
from osmo_scaffold.output import emit, has_colour, say

if TYPE_CHECKING:
    from osmo_checks.datasets.row_schema import RowSchema


def validate(
    paths: Sequence[str],
    *,
    max_findings: int | None = None,
    schema: Path | None = None,
    contract: str | None = None,
    output_format: str = "text",
) -> int:
    """Validate dataset files; return 1 if any has an error, else 0. ``max_findings`` of all files are shown.

    ``contract`` is the SDK generation whose rules are asked, as ``rules_for`` takes it.
    """
    files = [Path(path) for path in dict.fromkeys(paths)]
    for file in files:
        require_dataset(file)
    rules = {file: rules_for(file, contract) for file in files}
    rows_keep = _schema(schema)
    reports: list[FileReport] = []
    total, before = sum(file.stat().st_size for file in files), 0
    with late_bar("validating") as bar, shown_by(bar), ExitStack() as open_files:
        for file in files:
            naming = naming_of(file)
            others = [other for other in naming.others if not any(is_same_file(other, given) for given in files)]
            seen = Observer(prompt_tokens=naming.prompt_tokens, compares=len(files) > 1 or bool(others))
            report = FileReport(_shown(file), _left(max_findings, reports), seen=seen)
            tick = _tick(bar.part(before=before, total=total), seen)
            before += file.stat().st_size
            look_at_file(file, rules[file], report)
            open_files.enter_context(validated(file, report, rules[file], tick, schema=rows_keep))
            for name, earlier in zip(files, reports, strict=False):
                if not is_same_file(file, name):
                    compare(report, earlier)
            for other in others:
                _compare_with_named(report, other, bar)
            reports.append(report)
    _emit(reports, sorted({one.generation for one in rules.values()}), str(output_format))
    if contract is None:
        _tell_which_contract(files, rules)
    return 1 if any(report.errors for report in reports) else 0


def _tell_which_contract(files: Sequence[Path], rules: Mapping[Path, DatasetRules]) -> None:
    """Say whose rules were asked of files that no workspace has, where nothing else shows it."""
    outside = [file for file in files if find_workspace(file.parent) is None]
    if outside:
        names = ", ".join(map(str, outside))
        generation = rules[outside[0]].generation
        say(f"{names}: in no workspace, so the rules are those of SDK {generation}; --contract asks those of another.")


def _tick(tell: Callable[[int, int], None], seen: Observer) -> Callable[[int], None]:
    """Return what to call with the bytes read of a file whose rows are shown to ``seen``."""
    return lambda read: tell(read, seen.rows)


def _left(max_findings: int | None, reports: Sequence[FileReport]) -> int:
    """Return how many findings may be shown of the next file."""
    return MAX_FINDINGS if max_findings is None else max_findings - sum(len(report.findings) for report in reports)


def _compare_with_named(report: FileReport, other: Path, bar: LateBar) -> None:
    """Compare with a dataset that a config of the workspace names; what is wrong with that is not the question."""
    named = FileReport(_shown(other), most=0, seen=Observer(compares=True))
    tick = _tick(bar.part(before=0, total=other.stat().st_size), named.seen)
    with suppress(UsageError, InputError), validated(other, named, rules_for(other), tick):
        compare(report, named)


def _schema(path: Path | None) -> "RowSchema | None":
    if path is None:
        return None
    from osmo_checks.datasets.row_schema import read_schema

    return read_schema(path)


def _emit(reports: Sequence[FileReport], contracts: Sequence[str], output_format: str) -> None:
    summary = {
        "files": len(reports),
        "rows": sum(report.rows for report in reports),
        "errors": sum(report.errors for report in reports),
        "warnings": sum(report.warnings for report in reports),
        "not_shown": sum(report.hidden for report in reports),
        "contracts": contracts,
    }
    findings = [finding for report in reports for finding in sorted(report.findings, key=lambda found: found.start)]
    colour = has_colour(sys.stdout)
    emit(formats.render(output_format, findings, summary=summary, sources=lambda _path: None, colour=colour))
    for report in reports:
        if report.hidden:
            more = "1 more finding was" if report.hidden == 1 else f"{report.hidden:,} more findings were"
            say(f"{report.path}: {more} counted and not shown.")


def _shown(file: Path) -> str:
    """Return a path as findings name it: relative to its workspace, or as it was given."""
    workspace = find_workspace(file.parent)
    return workspace.relative(absolute(file)) if workspace else file.as_posix()
