"""``osmo-scaffold preflight``: the gate before a submission."""

import os
import sys
from pathlib import Path

from osmo_checks.paths import absolute
from osmo_runtime.dotenv import read_dotenv
from osmo_scaffold.output import OutputFormat, emit, emit_json, has_colour, say
from osmo_scaffold.preflight.report import Report, as_json, as_text, ask_all
from osmo_scaffold.preflight.situation import Situation, find_config


def preflight(config: str, *, offline: bool, run: bool, secrets_file: Path | None, output_format: OutputFormat) -> int:
    """Show what would keep ``config`` from running well on the platform; 1 where a gate fails."""
    report = ask(situation_of(config, offline=offline, run=run, secrets_file=secrets_file))
    show(report, output_format)
    return int(not report.is_passed)


def situation_of(config: str, *, offline: bool, run: bool, secrets_file: Path | None) -> Situation:
    """Return what the gates look at. Raises ``UsageError`` for a path that is not there."""
    file = absolute(secrets_file) if secrets_file else None
    return Situation(
        find_config(config),
        os.environ,
        offline=offline,
        may_run=run,
        secrets_file=file,
        names_in_file=_names_in(file) if file else frozenset(),
        tell=_tell,
    )


def _names_in(file: Path) -> frozenset[str]:
    """Return the names that a dotenv file gives a value: what the values are is looked at by nobody here."""
    return frozenset(name for name, value in read_dotenv(file).items() if value.strip())


def ask(situation: Situation) -> Report:
    """Ask every gate; a terminal shows which is being asked, and others are told of what takes long."""
    try:
        return ask_all(situation, lambda name: _show_instead(f"{name} ..."))
    except KeyboardInterrupt:
        _show_instead("")
        say("interrupted: nothing was changed, and nothing was submitted.")
        raise
    finally:
        _show_instead("")


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        _show_instead(text)
    else:
        say(text)


def _show_instead(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def show(report: Report, output_format: OutputFormat) -> None:
    if output_format is OutputFormat.JSON:
        emit_json(as_json(report))
    else:
        emit(as_text(report, colour=has_colour(sys.stdout)))
