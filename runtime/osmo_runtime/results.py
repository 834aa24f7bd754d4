"""A run's folder, ``.osmosis/runs/<name>/``, and what is written to it.

inputs.json      what the run was started with
journal.jsonl    one line an attempt; what is in here counts
retried.jsonl    lines of attempts that failed and were owed again
times.json       when it was first started, and how long it took so far
metrics.json, summary.jsonl, trajectories/row_<row>_run_<repeat>.json   as the platform's download has them
artifacts/       files that rollouts wrote to ``ctx.artifacts_dir``
logs/            what rollouts printed, one file a worker
"""

import fcntl
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from osmo_checks.errors import UsageError
from osmo_checks.files import atomic_writer, write_atomically
from osmo_runtime import own_files, times
from osmo_runtime.journal import Entry, entries, take
from osmo_runtime.metrics import Totals, summary_line
from osmo_runtime.model import Attempt
from osmo_runtime.write_errors import RUNS, in_a_sentence

__all__ = ["RUNS", "RunFolder", "opened", "require_plain"]


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
    def retried(self) -> Path:
        return self.path / "retried.jsonl"

    @property
    def times(self) -> Path:
        return self.path / "times.json"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.json"

    @property
    def summary(self) -> Path:
        return self.path / "summary.jsonl"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def bookkeeping(self) -> tuple[Path, ...]:
        """The files that say that the folder is a run's."""
        return self.journal, self.inputs, self.times, self.lock

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def trajectories(self) -> Path:
        return self.path / "trajectories"

    def rollout_id(self, attempt: object) -> str:
        return f"{self.name}-{attempt}"

    def put_aside(self) -> None:
        """Move an earlier run of this name, if there is one, to a name of its own beside it."""
        if not self.journal.exists() and not self.inputs.exists():
            return
        aside = self.path.with_name(f"{self.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
        aside.mkdir()
        for entry in self.path.iterdir():
            if entry != self.lock:
                entry.rename(aside / entry.name)
        self.logs.mkdir()
        self.trajectories.mkdir()

    def owe_again(self, is_meant: Callable[[Entry], bool]) -> None:
        """Take attempts out of the journal; the run has not finished then, and its numbers are removed."""
        if any(map(is_meant, entries(self.journal))):
            self.metrics.unlink(missing_ok=True)
            self.summary.unlink(missing_ok=True)
            times.end_killed(self.times, self.journal)
            take(self.journal, self.retried, is_meant)

    def drop_empty_artifacts(self) -> None:
        """Remove attempts' folders for files of their own that stayed empty; workers leave some."""
        artifacts = self.path / "artifacts"
        if not artifacts.is_symlink():
            for place in (*artifacts.glob("*"), artifacts):
                with suppress(OSError):
                    place.rmdir()

    def written_totals(self, pass_threshold: float) -> Totals | None:
        """Return the journal's numbers if ``metrics.json`` has the same already."""
        try:
            with own_files.read(self.metrics) as stream:
                found = json.load(stream)
        except (OSError, ValueError, RecursionError):
            return None
        totals = Totals(pass_threshold)
        for entry in entries(self.journal):
            totals.add(entry)
        is_same = self.summary.exists() and isinstance(found, dict) and found.get("summary") == totals.summary()
        return totals if is_same else None

    def write_metrics(
        self, about: Mapping[str, Any], pass_threshold: float, resumed: Collection[Attempt] = ()
    ) -> Totals:
        """Write ``metrics.json`` and ``summary.jsonl`` from a journal that is in order, entry by entry.

        ``resumed`` are attempts that an earlier invocation counted.
        """
        totals = Totals(pass_threshold)
        with atomic_writer(self.summary) as lines:
            for entry in entries(self.journal):
                totals.add(entry)
                is_resumed = entry.attempt in resumed
                line = summary_line(entry, self.rollout_id(entry.attempt), is_resumed=is_resumed)
                lines.write(json.dumps(line).encode() + b"\n")
        content = {"eval_run": {"id": self.name, "name": self.name, **about}, "summary": totals.summary()}
        write_atomically(self.metrics, json.dumps(content, indent=2).encode() + b"\n")
        return totals


@contextmanager
def opened(workspace: Path, name: str, *, fresh: bool = False) -> Iterator[RunFolder]:
    """Make or take up the run ``name``, for this process alone; if nothing comes to count, undo what was made here.

    ``fresh`` puts an earlier run of the name aside. Raises ``UsageError`` for a name that is no plain file name, and
    while another process has the run, and ``InputError`` where its folder cannot be written.
    """
    require_plain(name)
    folder = RunFolder(workspace / RUNS / name)
    was_there = folder.lock.exists()
    with _locked(folder):
        if fresh:
            with in_a_sentence(name):
                folder.put_aside()
        before = {file for file in folder.bookkeeping if file.exists() and (was_there or file != folder.lock)}
        try:
            yield folder
        finally:
            if not folder.journal.exists() or folder.journal.stat().st_size == 0:
                _undo(folder, before)


@contextmanager
def _locked(folder: RunFolder) -> Iterator[None]:
    with in_a_sentence(folder.name):
        folder.logs.mkdir(parents=True, exist_ok=True)
        folder.trajectories.mkdir(exist_ok=True)
        lock = own_files.to_lock(folder.lock)
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"The run {folder.name} is going on in another process: wait for it, or use another --name."
            raise UsageError(message) from None
        yield


def _undo(folder: RunFolder, before: Collection[Path]) -> None:
    """Remove the bookkeeping that was not there before, and folders that stayed empty; all else is the user's."""
    for file in folder.bookkeeping:
        if file not in before:
            file.unlink(missing_ok=True)
    folder.drop_empty_artifacts()
    for place in (folder.logs, folder.trajectories, folder.path):
        with suppress(OSError):
            place.rmdir()


def require_plain(name: str) -> None:
    """Raise ``UsageError`` unless a run's ``name`` is one path component that is not hidden."""
    if not name or name.startswith((".", "-")) or Path(name).name != name or not name.isprintable() or len(name) > 200:
        message = f"{name!r} cannot be the name of a run: use letters, digits, '-', '_' and '.'."
        raise UsageError(message)
