"""``runs tail``."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from osmo_checks.printable import printable
from osmo_checks.workspace import require_workspace
from osmo_runtime.journal import Entry, entry_of
from osmo_runtime.model import Failed
from osmo_runtime.runs import Run, require_run
from osmo_scaffold.output import OutputFormat, emit, emit_json

_LOOK_EVERY_S = 0.2
#: Characters of a failure's message that are shown.
_SHOWN = 120


def tail(name: str, *, lines: int, follow: bool, output_format: OutputFormat) -> int:
    """Show the last attempts of a run, and the next ones for as long as it goes on."""
    run = require_run(require_workspace(Path.cwd()).root, name)
    if output_format is OutputFormat.JSON:
        last = deque(run.entries(), maxlen=lines)
        emit_json({"run": run.name, "state": run.state, "attempts": [entry.to_json() for entry in last]})
        return 0
    for entry in _last_and_next(run, lines) if follow and not run.is_downloaded else deque(run.entries(), maxlen=lines):
        emit(printable(_line(entry)))
    return 0


def _last_and_next(run: Run, lines: int) -> Iterator[Entry]:
    goes_on = run.is_going_on
    while goes_on and not run.folder.journal.exists():
        time.sleep(_LOOK_EVERY_S)
        goes_on = run.is_going_on
    if not run.folder.journal.exists():
        return
    with run.folder.journal.open("rb") as stream:
        new = _whole_lines(stream, run.folder.journal)
        yield from deque(new, maxlen=lines)
        while goes_on:
            time.sleep(_LOOK_EVERY_S)
            # Asked before reading: what is written until the run ends is read once more.
            goes_on = run.is_going_on
            yield from _whole_lines(stream, run.folder.journal)


def _whole_lines(stream: IO[bytes], path: Path) -> Iterator[Entry]:
    """Yield what has been written since the last time; half a line is left for the next."""
    while (line := stream.readline()).endswith(b"\n"):
        yield entry_of(line, path)
    stream.seek(-len(line), os.SEEK_CUR)


def _line(entry: Entry) -> str:
    outcome = entry.outcome
    if isinstance(outcome, Failed):
        said = f"failed   {outcome.boundary.value}: {outcome.message.partition(chr(10))[0][:_SHOWN]}"
    else:
        said = "skipped" if outcome.reward is None else f"reward   {outcome.reward:.6g}"
    return f"row {entry.attempt.row:<6} attempt {entry.attempt.repeat:<4} {entry.duration_ms:>9,.0f} ms  {said}"
