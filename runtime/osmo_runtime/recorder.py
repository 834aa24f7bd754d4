"""What happens to a report: its trajectory is written, then its line in the journal; from then on it counts."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Self

from osmo_runtime import own_files, redact, trajectory
from osmo_runtime.child import to_its_end
from osmo_runtime.journal import Entry, Journal
from osmo_runtime.model import Report, Row
from osmo_runtime.results import RunFolder
from osmo_runtime.write_errors import in_a_sentence

#: Seconds that results are gathered for one write to the disk.
_COMMIT_EVERY_S = 0.1


class Recorder:
    """Writes reports to the folder in groups. A result counts, and ``counted`` hears of it, once the disk has it.

    A context manager. All of it raises ``InputError`` where the folder cannot be written.
    """

    def __init__(
        self,
        folder: RunFolder,
        *,
        row: Callable[[int], Row],
        secrets: redact.Replacer,
        counted: Callable[[Entry], None],
    ) -> None:
        self._folder = folder
        self._journal = Journal(folder.journal)
        self._row = row
        self._secrets = secrets
        self._counted = counted
        self._waiting: list[Report] = []
        self._written: deque[Entry] = deque()
        self._committing = threading.Lock()

    def __enter__(self) -> Self:
        with in_a_sentence(self._folder.name):
            self._journal.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        with self._committing:
            self._journal.__exit__()

    def add(self, report: Report) -> None:
        self._waiting.append(report)

    async def keep_writing(self) -> None:
        """Write what has been added, again and again, until cancelled."""
        while True:
            await asyncio.sleep(_COMMIT_EVERY_S)
            await self.write()

    async def write(self) -> None:
        """Write what has been added so far. Cancelled, however often, it ends when what is being written has been."""
        await to_its_end(self._write_waiting())

    async def _write_waiting(self) -> None:
        if self._waiting:
            await asyncio.to_thread(self._commit)
        while self._written:
            self._counted(self._written.popleft())

    def _commit(self) -> None:
        # A thread goes on where nobody waits for it any more: the next one begins with what is left after it.
        with self._committing, in_a_sentence(self._folder.name):
            reports = self._waiting.copy()
            entries = [self._write_trajectory(redact.in_report(report, self._secrets)) for report in reports]
            self._journal.append(entry.to_line() for entry in entries)
            del self._waiting[: len(reports)]
            self._written.extend(entries)

    def _write_trajectory(self, report: Report) -> Entry:
        row = redact.in_row(self._row(report.attempt.row), self._secrets)
        document = trajectory.document(report, row, self._folder.rollout_id(report.attempt))
        path = self._folder.trajectories / f"{report.attempt}.json"
        own_files.write(path, trajectory.to_json(document).encode() + b"\n")
        return Entry.of(report)
