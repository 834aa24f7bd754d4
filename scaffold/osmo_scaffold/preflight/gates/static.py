"""The static checks, of all that the config reaches."""

import shlex

from osmo_checks.engine import check_workspace
from osmo_checks.finding import Finding, Severity
from osmo_checks.workspace import REQUIRED_FOLDERS
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted, finding_lines


def check(situation: Situation) -> Outcome:
    report = check_workspace(situation.workspace)
    found = [finding for finding in report.findings if _is_reached(situation, finding)]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    warnings = [finding for finding in found if finding.severity is not Severity.ERROR]
    mend = f"osmo-scaffold check {shlex.join(_paths(situation))}"
    if errors:
        return failed(
            f"{counted(len(errors), 'error')}: the platform would refuse or waste this.", mend, finding_lines(errors)
        )
    if warnings:
        return warned(f"No errors, {counted(len(warnings), 'warning')}.", mend, finding_lines(warnings))
    return passed("Nothing was found in the config and the code that it reaches.")


def _paths(situation: Situation) -> list[str]:
    folder = [situation.workspace.relative(situation.folder)] if situation.folder else []
    return [situation.shown, *folder]


def _is_reached(situation: Situation, finding: Finding) -> bool:
    # Without these folders the official command does not work at all.
    files = {situation.shown, *REQUIRED_FOLDERS, *situation.code}
    return finding.path in files or any(finding.path.startswith(f"{name}/") for name in _paths(situation)[1:])
