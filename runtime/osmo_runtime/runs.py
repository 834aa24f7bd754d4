"""Runs that are there, read back: what they were started with, what came out, what was said.

The platform's own, in ``.osmosis/evals/``, are read as well: they have no journal, but the rest is the same.
"""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from osmo_checks.errors import InputError, UsageError
from osmo_runtime import downloads, journal, own_files
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt
from osmo_runtime.results import RUNS, RunFolder, require_plain
from osmo_runtime.statistics.gathering import Statistics, gather

_SUMMARY = "summary.jsonl"
#: What the platform takes for a pass where a config says nothing.
_PASS_THRESHOLD = 1.0


@dataclass(frozen=True)
class Run:
    folder: RunFolder

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """What the run was started with. Empty where nobody can tell any more."""
        return _object(self.folder.inputs) or downloads.inputs_of(self.metrics)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """What ``metrics.json`` says; empty until a run has finished."""
        return _object(self.folder.metrics)

    @property
    def rollout(self) -> str:
        return str(self.inputs.get("rollout", ""))

    @property
    def policy(self) -> str:
        """Who answered, and what went wrong on purpose."""
        fault = self.inputs.get("fault")
        return f"{self.inputs.get('policy', '')}{f' with {fault}' if fault else ''}"

    @property
    def started_at(self) -> str:
        """ISO 8601; empty for a run that has not finished."""
        return str(_within(self.metrics, "eval_run").get("started_at", ""))

    @property
    def pass_threshold(self) -> float:
        found = self.count("pass_threshold")
        return _PASS_THRESHOLD if found is None else float(found)

    @property
    def reward_mean(self) -> float | None:
        return _number(_within(_within(self.metrics, "summary"), "reward_stats").get("mean"))

    def count(self, name: str) -> float | None:
        """Return a number of the summary; ``None`` for a run that has not finished."""
        return _number(_within(self.metrics, "summary").get(name))

    @property
    def is_going_on(self) -> bool:
        """Whether a process has the run now."""
        try:
            with own_files.read(self.folder.lock) as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    @property
    def state(self) -> str:
        return "going on" if self.is_going_on else "finished" if self.metrics else "stopped"

    def entries(self) -> Iterator[Entry]:
        """Yield the attempts that count. Raises ``InputError`` as reading a journal does."""
        if self.is_downloaded:
            return downloads.entries(self.folder.path / _SUMMARY)
        return journal.entries(self.folder.journal)

    @property
    def is_downloaded(self) -> bool:
        return not self.folder.inputs.is_file()

    def statistics(self, max_response_length: int | None = None) -> Statistics:
        return gather(self.entries(), self.pass_threshold, max_response_length)

    def trajectory(self, attempt: Attempt) -> dict[str, Any] | None:
        """Return what an attempt's trajectory file says; ``None`` where it is missing or is none."""
        return _object(self.folder.trajectories / f"{attempt}.json") or None


def all_runs(workspace: Path) -> list[Run]:
    """Return the workspace's runs, the one that was written last at the end."""
    ours = [path for path in (workspace / RUNS).glob("*") if (path / "inputs.json").is_file()]
    theirs = [path for path in (workspace / downloads.EVALS).glob("*") if (path / _SUMMARY).is_file()]
    places = [*ours, *theirs]
    return [Run(RunFolder(path)) for path in sorted(places, key=lambda path: (_written(path), path.name))]


def require_run(workspace: Path, name: str) -> Run:
    """Return a run. Raises ``UsageError`` where there is none of that name, and says which there are."""
    require_plain(name)
    run = Run(RunFolder(workspace / RUNS / name))
    if run.folder.inputs.is_file():
        return run
    downloaded = Run(RunFolder(workspace / downloads.EVALS / name))
    if (downloaded.folder.path / _SUMMARY).is_file():
        return downloaded
    names = [found.name for found in all_runs(workspace)]
    if not names:
        raise UsageError(f"There is no run {name!r}, nor any other: make one with `osmo-scaffold run`.")
    close = get_close_matches(name, names, n=1) or names[-1:]
    raise UsageError(f"There is no run {name!r}: did you mean {close[0]}? `osmo-scaffold runs list` has all.")


def require_entry(run: Run, row: int, repeat: int | None = None) -> Entry:
    """Return an attempt at a row: the first one, if not told which. Raises ``UsageError`` where there is none."""
    found = {entry.attempt.repeat: entry for entry in run.entries() if entry.attempt.row == row}
    if not found:
        raise UsageError(f"The run {run.name} has no attempt at row {row}; rows count from 0.")
    wanted = min(found) if repeat is None else repeat
    if wanted not in found:
        known = ", ".join(map(str, sorted(found)))
        raise UsageError(f"The run {run.name} has no attempt {repeat} at row {row}: there is {known}.")
    return found[wanted]


def _within(found: dict[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _object(path: Path) -> dict[str, Any]:
    try:
        with own_files.read(path) as stream:
            data = json.load(stream)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        raise InputError(f"{path.parent.name}/{path.name} cannot be read as JSON: something has changed it.") from None
    return data if isinstance(data, dict) else {}


def _written(folder: Path) -> float:
    written = (folder / name for name in ("journal.jsonl", _SUMMARY))
    return next((path for path in written if path.exists()), folder).stat().st_mtime
