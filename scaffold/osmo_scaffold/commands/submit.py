"""``osmo-scaffold submit``: the gate, and then the official command in our place."""

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from osmo_checks.errors import InputError, UsageError
from osmo_scaffold.commands.preflight import ask, show, situation_of
from osmo_scaffold.output import OutputFormat, SubmitKind, has_colour, say
from osmo_scaffold.preflight.report import as_text
from osmo_scaffold.preflight.situation import Situation


def submit(
    kind: SubmitKind,
    config: str,
    rest: Sequence[str],
    *,
    offline: bool,
    run: bool,
    secrets_file: Path | None,
    output_format: OutputFormat,
) -> int:
    """Submit ``config`` if every gate lets it; 1 where one does not.

    Otherwise this does not return: `osmosis` takes over the process, its terminal and its exit code. stdout is then
    its own, so what the gates said goes to stderr. Raises ``InputError`` where `osmosis` is not installed and
    ``UsageError`` for a config of the other kind.
    """
    situation = situation_of(config, offline=offline, run=run, secrets_file=secrets_file)
    _require_kind(situation, kind)
    osmosis = _find_osmosis()
    report = ask(situation)
    if not report.is_passed:
        show(report, output_format)
        return 1
    say(as_text(report, colour=has_colour(sys.stderr)))
    words = _words(situation, kind, rest, output_format)
    say(f"$ osmosis {shlex.join(words)}")
    sys.stdout.flush()
    os.chdir(situation.workspace.root)
    # Python ignores it for itself, and what takes our place would inherit that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        os.execv(osmosis, [osmosis, *words])  # noqa: S606 - no shell is what is wanted
    except OSError as error:
        raise InputError(f"{osmosis} cannot be started ({error.strerror}): install it anew.") from error


def _words(situation: Situation, kind: SubmitKind, rest: Sequence[str], output_format: OutputFormat) -> list[str]:
    secrets = ["--secrets-file", str(situation.secrets_file)] if situation.secrets_file else []
    json = ["--json"] if output_format is OutputFormat.JSON else []
    return [kind.value, "submit", situation.shown, *secrets, *json, *rest]


def _require_kind(situation: Situation, kind: SubmitKind) -> None:
    is_eval = situation.config.kind == "eval"
    if is_eval != (kind is SubmitKind.EVAL):
        right = SubmitKind.EVAL if is_eval else SubmitKind.TRAIN
        raise UsageError(f"{situation.shown} is submitted with `osmo-scaffold submit {right} {situation.shown}`.")


def _find_osmosis() -> str:
    beside = Path(sys.executable).with_name("osmosis")
    found = shutil.which("osmosis") or shutil.which(beside)
    if found is None:
        raise InputError(
            "The `osmosis` command is not installed: `uv tool install osmosis-ai` installs it, and "
            "`osmosis auth login` makes it yours."
        )
    return found
