"""``dataset validate``."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from osmo_checks import formats
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import MAX_FINDINGS, FileReport
from osmo_checks.datasets.validate import rules_for, validate_file
from osmo_checks.paths import absolute
from osmo_checks.workspace import find_workspace
from osmo_scaffold.output import emit, has_colour, say

if TYPE_CHECKING:
    from osmo_checks.datasets.row_schema import RowSchema

#: Seconds before a progress bar appears.
_PATIENCE_S: Final = 1.0


def validate(
    paths: Sequence[str],
    *,
    max_findings: int | None = None,
    schema: Path | None = None,
    output_format: str = "text",
) -> int:
    """Validate dataset files; return 1 if any has an error, else 0. ``max_findings`` of all files are shown."""
    files = [Path(path) for path in dict.fromkeys(paths)]
    for file in files:
        require_dataset(file)
    rows_keep = _schema(schema)
    left = max_findings
    reports: list[FileReport] = []
    with _progress(sum(file.stat().st_size for file in files)) as tick:
        done = 0
        for file in files:
            most = MAX_FINDINGS if left is None else left
            counted = partial(tick, done)
            report = validate_file(file, _shown(file), rules_for(file), counted, most=most, schema=rows_keep)
            left = None if left is None else left - len(report.findings)
            reports.append(report)
            done += file.stat().st_size
    _emit(reports, str(output_format))
    return 1 if any(report.errors for report in reports) else 0


def _schema(path: Path | None) -> "RowSchema | None":
    if path is None:
        return None
    from osmo_checks.datasets.row_schema import read_schema

    return read_schema(path)


def _emit(reports: Sequence[FileReport], output_format: str) -> None:
    summary = {
        "files": len(reports),
        "rows": sum(report.rows for report in reports),
        "errors": sum(report.errors for report in reports),
        "warnings": sum(report.warnings for report in reports),
        "not_shown": sum(report.hidden for report in reports),
    }
    findings = [finding for report in reports for finding in sorted(report.findings, key=lambda found: found.start)]
    colour = has_colour(sys.stdout)
    emit(formats.render(output_format, findings, summary=summary, sources=lambda _path: None, colour=colour))
    for report in reports:
        if report.hidden:
            say(f"{report.path}: {report.hidden:,} more findings were counted and are not shown.")


def _shown(file: Path) -> str:
    """Return a path as findings name it: relative to its workspace, or as it was given."""
    workspace = find_workspace(file.parent)
    return workspace.relative(absolute(file)) if workspace else file.as_posix()


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with the bytes of files done and of this file; a terminal gets a bar if it takes long."""
    if not sys.stderr.isatty():
        yield lambda _before, _read: None
        return
    bar = _LateBar(total)
    try:
        yield bar.update
    finally:
        bar.close()


class _LateBar:
    def __init__(self, total: int) -> None:
        self._total = total
        self._begin = monotonic() + _PATIENCE_S
        self._bar: Any = None

    def update(self, before: int, read: int) -> None:
        if self._bar is None:
            if monotonic() < self._begin:
                return
            self._bar = self._start()
        self._bar.update(self._bar.task_ids[0], completed=before + read)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _start(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.add_task("validating", total=self._total)
        bar.start()
        return bar
