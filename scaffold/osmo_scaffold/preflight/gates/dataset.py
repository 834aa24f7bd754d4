"""Every row of the dataset, where it is on this machine."""

import shlex

from osmo_checks.datasets.registry import FORMATS
from osmo_checks.datasets.upload import convert_command, is_taken
from osmo_checks.endings import ending_of, packing_of
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted, finding_lines


def check(situation: Situation) -> Outcome:
    name, path = situation.config.text("dataset"), situation.rows_file
    if name is None:
        return skipped("The config names no dataset.")
    if situation.dataset is None:
        return skipped(f"The dataset {name!r} is not in data/, so its rows cannot be looked at.")
    shown = situation.workspace.relative(situation.dataset)
    if path is None:
        return skipped(f"{shown} cannot be read here: only {', '.join(FORMATS)} can.")
    if not is_taken(path, situation.dataset_rules):
        ending = ending_of(path) + packing_of(path)
        message = f"{shown}: the platform takes no {ending} files, so it cannot have these rows."
        return failed(message, convert_command(path, shown, situation.dataset_rules))
    return _of_rows(situation, shown)


def _of_rows(situation: Situation, shown: str) -> Outcome:
    if situation.validated is None:
        return skipped(f"{shown} cannot be read here.")
    report = situation.validated.report
    rows = f"{shown}, {counted(report.rows, 'row')}"
    mend = f"osmo-scaffold dataset validate {shlex.quote(shown)}"
    if report.errors:
        return failed(f"{rows}: {counted(report.errors, 'error')}.", mend, finding_lines(report.findings))
    if report.warnings:
        return warned(f"{rows}: {counted(report.warnings, 'warning')}.", mend, finding_lines(report.findings))
    return passed(f"{rows}: nothing was found.")
