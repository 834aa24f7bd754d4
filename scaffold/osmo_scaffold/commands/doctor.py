"""``osmo-scaffold doctor``: what the workspace lacks, and ``--fix`` to add it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from osmo_checks.engine import check_layout
from osmo_checks.errors import UsageError
from osmo_checks.finding import Finding
from osmo_checks.formats import counts, render
from osmo_checks.paths import kind_of_given
from osmo_checks.workspace import Workspace, find_workspace
from osmo_scaffold.generate.interrupts import held_interrupts
from osmo_scaffold.generate.repair import mend, repairs_of
from osmo_scaffold.generate.repository import enclosing_repository
from osmo_scaffold.output import OutputFormat, emit, emit_json, has_colour, say


def doctor(path: Path | None, *, fix: bool, output_format: OutputFormat) -> int:
    """Report on the layout of the workspace at ``path`` (this folder's, if none); 1 where something is left to do."""
    workspace = _workspace(path or Path())
    added: Sequence[str] = ()
    if fix:
        repairs = repairs_of(workspace)
        with held_interrupts() as check:
            mend(workspace, repairs, check)
        added = repairs.paths
    findings = check_layout(workspace)
    if output_format is OutputFormat.JSON:
        _emit_json(workspace, findings, added)
    else:
        _emit_text(findings, added, fix=fix)
    return int(bool(findings))


def _workspace(path: Path) -> Workspace:
    """Return the workspace ``path`` lies in, or the repository that is to become one."""
    folder = Path(os.path.realpath(path))
    if kind_of_given(folder) != "folder":
        raise UsageError(f"There is no folder {str(path)!r}: check its spelling.")
    found = find_workspace(folder)
    repository = enclosing_repository(folder)
    if found and repository and repository != found.root and repository.is_relative_to(found.root):
        raise UsageError(
            f"{repository} is a git repository of its own inside the workspace {found.root}: "
            "name the workspace to look at that, or move the repository out of it."
        )
    root = found.root if found else repository
    if root is None:
        raise UsageError(
            f"{path.absolute()} is neither in a workspace nor in a git repository: go to one, "
            "or make a workspace with `osmo-scaffold new PATH`."
        )
    return Workspace(root)


def _emit_json(workspace: Workspace, findings: Sequence[Finding], added: Sequence[str]) -> None:
    emit_json(
        {
            "workspace": {"path": workspace.root.as_posix()},
            "added": list(added),
            "findings": [finding.to_json() for finding in findings],
            "summary": counts(findings),
        }
    )


def _emit_text(findings: Sequence[Finding], added: Sequence[str], *, fix: bool) -> None:
    if added:
        emit("Added:\n" + "\n".join(f"  {path}" for path in added))
    if findings:
        colour = has_colour(sys.stdout)
        emit(render("text", findings, summary=counts(findings), sources=lambda _path: None, colour=colour))
        if not fix:
            say("`osmo-scaffold doctor --fix` adds what is missing, and changes nothing that is there.")
    else:
        emit("The workspace has all that it needs.")
