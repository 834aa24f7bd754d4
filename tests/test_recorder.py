"""Results on their way to the disk: none is lost in silence, whenever the writing is told to end."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from osmo_checks.errors import InputError
from osmo_runtime import journal
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Graded, Report, Row
from osmo_runtime.recorder import Recorder
from osmo_runtime.redact import secrets_of
from osmo_runtime.results import RunFolder

REPORT = Report(Attempt(0, 0), Graded(1.0), "2026-01-01T00:00:00+00:00", 0.5)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / ".osmosis" / "runs" / "it")
    made.trajectories.mkdir(parents=True)
    return made


def recorded_until_cancelled(folder: RunFolder, times: int = 1) -> tuple[object, list[Entry]]:
    """Cancel the writing of a report ``times`` while it is going on, then write what is left, as a run does.

    Return how it ended, and what was counted.
    """
    counted: list[Entry] = []

    async def recording() -> object:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def row(_: int) -> Row:
            loop.call_soon_threadsafe(begun.set)
            time.sleep(0.1)
            return Row(0, {"user_prompt": "?"})

        with Recorder(folder, row=row, secrets=secrets_of({}), counted=counted.append) as recorder:
            recorder.add(REPORT)
            writing = asyncio.create_task(recorder.keep_writing())
            await begun.wait()
            for _ in range(times):
                writing.cancel()
                await asyncio.sleep(0.01)
            (ended,) = await asyncio.gather(writing, return_exceptions=True)
            if not isinstance(ended, InputError):
                await recorder.write()
            return ended

    return asyncio.run(recording()), counted


def test_what_is_being_written_counts_though_the_run_ends(folder: RunFolder) -> None:
    ended, counted = recorded_until_cancelled(folder)
    assert isinstance(ended, asyncio.CancelledError)
    assert counted == list(journal.entries(folder.journal)) == [Entry.of(REPORT)]


def test_what_is_being_written_is_written_once_though_the_run_is_told_to_end_again(folder: RunFolder) -> None:
    _, counted = recorded_until_cancelled(folder, times=3)
    assert folder.journal.read_text() == Entry.of(REPORT).to_line()
    assert counted == [Entry.of(REPORT)]


def test_what_is_being_written_is_written_once_though_nobody_waits_for_it(folder: RunFolder) -> None:
    counted: list[Entry] = []
    begun = threading.Event()

    def row(_: int) -> Row:
        begun.set()
        time.sleep(0.1)
        return Row(0, {"user_prompt": "?"})

    async def interrupted(recorder: Recorder) -> None:
        recorder.add(REPORT)
        try:
            await recorder.write()
        finally:
            await recorder.write()

    async def recording() -> None:
        with Recorder(folder, row=row, secrets=secrets_of({}), counted=counted.append) as recorder:
            running = asyncio.create_task(interrupted(recorder))
            await asyncio.to_thread(begun.wait)
            # A second Ctrl-C ends all tasks, also those that are waited for.
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(recording())
    assert folder.journal.read_text() == Entry.of(REPORT).to_line()
    assert counted == [Entry.of(REPORT)]


def test_what_cannot_be_written_is_said_though_the_run_ends(folder: RunFolder) -> None:
    folder.trajectories.rmdir()
    folder.trajectories.symlink_to(folder.path)
    ended, counted = recorded_until_cancelled(folder)
    assert isinstance(ended, InputError)
    assert "remove .osmosis/runs/it/trajectories, which is none of the run's own" in str(ended)
    assert counted == []


def test_what_could_not_be_written_is_written_when_it_can_be(folder: RunFolder) -> None:
    counted: list[Entry] = []

    async def recording() -> None:
        row = Row(0, {"user_prompt": "?"})
        with Recorder(folder, row=lambda _: row, secrets=secrets_of({}), counted=counted.append) as recorder:
            recorder.add(REPORT)
            folder.trajectories.rmdir()
            with pytest.raises(InputError, match="Something removed files of the run it"):
                await recorder.write()
            folder.trajectories.mkdir()
            await recorder.write()

    asyncio.run(recording())
    assert counted == list(journal.entries(folder.journal)) == [Entry.of(REPORT)]
