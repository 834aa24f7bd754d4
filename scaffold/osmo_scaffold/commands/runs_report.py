"""``runs report``."""

from pathlib import Path

from osmo_checks.errors import InputError
from osmo_checks.paths import kind_of_given
from osmo_checks.workspace import require_workspace
from osmo_runtime.report import write_report
from osmo_runtime.runs import require_run
from osmo_scaffold.commands.dataset_output import told_if_interrupted
from osmo_scaffold.commands.runs import max_response_length
from osmo_scaffold.output import OutputFormat, emit, emit_json


def report(name: str, *, other: str | None, target: Path | None, output_format: OutputFormat) -> int:
    """Write a page about a run, ``report.html`` in its folder if not told where."""
    workspace = require_workspace(Path.cwd())
    run = require_run(workspace.root, name)
    compared = require_run(workspace.root, other) if other else None
    path = target or run.folder.path / "report.html"
    if kind_of_given(path) == "folder":
        path /= "report.html"
    try:
        with told_if_interrupted(f"{path} was not written"):
            embedded = write_report(path, run, compared, max_response_length(workspace, run.rollout))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    if output_format is OutputFormat.JSON:
        emit_json({"run": run.name, "path": path.as_posix(), "conversations": embedded})
    else:
        emit(workspace.relative(path))
    return 0
