"""A run's folder, ``.osmosis/runs/<name>/``, and what is written to it.

inputs.json      what the run was started with
journal.jsonl    one line an attempt; what is in here counts
retried.jsonl    lines of attempts that failed and were owed again
metrics.json, summary.jsonl, trajectories/row_<row>_run_<repeat>.json   as the platform's download has them
artifacts/       files that rollouts wrote to ``ctx.artifacts_dir``
logs/            what rollouts printed, one file a worker
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from osmo_checks.errors import UsageError
from osmo_checks.files import atomic_writer, write_atomically
from osmo_runtime import metrics, own_files, redact, trajectory
from osmo_runtime.journal import Entry, Journal, entries
from osmo_runtime.model import Report, Row

RUNS = ".osmosis/runs"
#: Seconds that results are gathered for one write to the disk.
_COMMIT_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class RunFolder:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def inputs(self) -> Path:
        return self.path / "inputs.json"

    @property
    def bookkeeping(self) -> tuple[Path, ...]:
        """The files that say that the folder is a run's."""
        return self.journal, self.inputs, self.path / "lock"

    @property
    def retried(self) -> Path:
        return self.path / "retried.jsonl"

    def put_aside(self) -> None:
        """Move an earlier run of this name, if there is one, to a name of its own beside it."""
        if not self.journal.exists():
            return
        aside = self.path.with_name(f"{self.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
        aside.mkdir()
        for entry in self.path.iterdir():
            if entry.name != "lock":
                entry.rename(aside / entry.name)
        self.logs.mkdir()
        self.trajectories.mkdir()

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def trajectories(self) -> Path:
        return self.path / "trajectories"

    def rollout_id(self, attempt: object) -> str:
        return f"{self.name}-{attempt}"

    def write_metrics(self, about: Mapping[str, Any], pass_threshold: float) -> metrics.Totals:
        """Write ``metrics.json`` and ``summary.jsonl`` from a journal that is in order, entry by entry."""
        totals = metrics.Totals(pass_threshold)
        with atomic_writer(self.path / "summary.jsonl") as lines:
            for entry in entries(self.journal):
                totals.add(entry)
                line = metrics.summary_line(entry, self.rollout_id(entry.attempt))
                lines.write(json.dumps(line).encode() + b"\n")
        content = {"eval_run": {"id": self.name, "name": self.name, **about}, "summary": totals.summary()}
        write_atomically(self.path / "metrics.json", json.dumps(content, indent=2).encode() + b"\n")
        return totals


@contextmanager
def opened(workspace: Path, name: str) -> Iterator[RunFolder]:
    """Make or take up the run ``name``, for this process alone; if nothing comes to count, undo what was made here.

    Raises ``UsageError`` for a name that is no plain file name, and while another process has the run.
    """
    require_plain(name)
    folder = RunFolder(workspace / RUNS / name)
    before = {file for file in folder.bookkeeping if file.exists()}
    folder.logs.mkdir(parents=True, exist_ok=True)
    folder.trajectories.mkdir(exist_ok=True)
    with (folder.path / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"The run {name} is going on in another process: wait for it, or use another --name."
            raise UsageError(message) from None
        try:
            yield folder
        finally:
            if not folder.journal.exists() or folder.journal.stat().st_size == 0:
                _undo(folder, before)


def _undo(folder: RunFolder, before: Collection[Path]) -> None:
    """Remove the bookkeeping that was not there before, and folders that stayed empty; all else is the user's."""
    for file in folder.bookkeeping:
        if file not in before:
            file.unlink(missing_ok=True)
    artifacts = folder.path / "artifacts"
    for place in (folder.logs, folder.trajectories, *artifacts.glob("*"), artifacts, folder.path):
        with suppress(OSError):
            place.rmdir()


def require_plain(name: str) -> None:
    """Raise ``UsageError`` unless ``name`` is one path component that is not hidden."""
    if not name or name.startswith((".", "-")) or Path(name).name != name or not name.isprintable() or len(name) > 200:
        message = f"--name {name!r} cannot be a folder's name: use letters, digits, '-', '_' and '.'."
        raise UsageError(message)


class Recorder:
    """Writes reports to the folder in groups. A result counts, and ``counted`` hears of it, once the disk has it."""

    def __init__(
        self,
        folder: RunFolder,
        journal: Journal,
        *,
        row: Callable[[int], Row],
        secrets: redact.Replacer,
        counted: Callable[[Entry], None],
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._row = row
        self._secrets = secrets
        self._counted = counted
        self._waiting: list[Report] = []
        self._writing = asyncio.Lock()

    def add(self, report: Report) -> None:
        self._waiting.append(report)

    async def keep_writing(self) -> None:
        """Write what has been added, again and again, until cancelled. Raises ``OSError`` as writing does."""
        while True:
            await asyncio.sleep(_COMMIT_EVERY_S)
            await asyncio.shield(self.write())

    async def write(self) -> None:
        """Write what has been added so far, after what is being written already."""
        async with self._writing:
            reports, self._waiting = self._waiting, []
            if reports:
                for entry in await asyncio.to_thread(self._commit, reports):
                    self._counted(entry)

    def _commit(self, reports: Sequence[Report]) -> list[Entry]:
        written = [self._write_trajectory(redact.in_report(report, self._secrets)) for report in reports]
        self._journal.append(entry.to_line() for entry in written)
        return written

    def _write_trajectory(self, report: Report) -> Entry:
        row = redact.in_row(self._row(report.attempt.row), self._secrets)
        document = trajectory.document(report, row, self._folder.rollout_id(report.attempt))
        path = self._folder.trajectories / f"{report.attempt}.json"
        with own_files.opened(path, os.O_TRUNC) as stream:
            stream.write(trajectory.to_json(document).encode() + b"\n")
        return Entry.of(report)
