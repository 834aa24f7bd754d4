"""A run's folder in which something else has taken the place of files: nothing waits for it, nothing breaks."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from osmo_checks.errors import InputError, UsageError
from osmo_runtime import inputs, times
from osmo_runtime.journal import Entry, Journal
from osmo_runtime.model import Attempt, Boundary, Failed
from osmo_runtime.results import RunFolder, opened
from osmo_runtime.runs import Run

FAILED = Entry(Attempt(0, 0), Failed(Boundary.WORKFLOW, "no"), 0, 0, 0, "", 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / ".osmosis" / "runs" / "it")
    made.path.mkdir(parents=True)
    return made


@pytest.fixture
def _no_waiting() -> Iterator[None]:
    """Fail a test that waits for ever."""

    def give_up(*_: object) -> None:
        pytest.fail("it waits for what is planted")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_no_waiting")
def test_a_pipe_in_the_place_of_numbers_is_not_waited_for(folder: RunFolder) -> None:
    os.mkfifo(folder.metrics)
    assert folder.written_totals(1.0) is None
    with pytest.raises(InputError, match=r"it/metrics\.json cannot be read"):
        _ = Run(folder).state
    with pytest.raises(FileExistsError):
        folder.write_metrics({}, 1.0)


@pytest.mark.usefixtures("_no_waiting")
def test_a_pipe_in_the_place_of_the_lock_is_not_waited_for(folder: RunFolder, tmp_path: Path) -> None:
    os.mkfifo(folder.lock)
    assert not Run(folder).is_going_on
    with pytest.raises(InputError, match=r"remove \.osmosis/runs/it/lock, which is none"), opened(tmp_path, "it"):
        pass


@pytest.mark.usefixtures("_no_waiting")
def test_a_pipe_in_the_place_of_the_inputs_is_not_waited_for(folder: RunFolder) -> None:
    os.mkfifo(folder.inputs)
    with pytest.raises(FileExistsError):
        inputs.write_or_compare(folder.inputs, "it", {})


def test_a_lock_that_is_a_link_locks_no_other_file(folder: RunFolder, tmp_path: Path) -> None:
    folder.lock.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"remove \.osmosis/runs/it/lock"), opened(tmp_path, "it"):
        pass
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("content", [b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_inputs_that_are_none_are_one_sentence(folder: RunFolder, content: bytes) -> None:
    folder.inputs.write_bytes(content)
    with pytest.raises(UsageError, match=r"inputs\.json that is not what was written: use another --name"):
        inputs.write_or_compare(folder.inputs, "it", {"seed": 0})


def test_time_between_invocations_is_not_the_runs_though_failed_attempts_are_owed_again(folder: RunFolder) -> None:
    with Journal(folder.journal) as writing:
        writing.append([FAILED.to_line()])
    began = datetime.now(UTC) - timedelta(hours=2)
    folder.times.write_text(json.dumps({"started_at": "", "duration_ms": 5.0, "going_on_since": began.isoformat()}))
    os.utime(folder.journal, (began.timestamp() + 1,) * 2)
    folder.owe_again(lambda _: True)
    with times.measured(folder.times, folder.journal):
        pass
    assert 1004 < times.read(folder.times).duration_ms < 3_600_000
