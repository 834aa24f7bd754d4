"""The journal: one line for each attempt that counts. A line counts once its newline is on the disk."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from osmo_checks.errors import InputError
from osmo_checks.files import atomic_writer, write_atomically
from osmo_runtime import own_files
from osmo_runtime.model import Attempt, Boundary, Failed, Graded, Outcome, Report
from osmo_runtime.tool_errors import tool_errors


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of an attempt; the conversation itself is in its trajectory.

    ``model_ms`` is the time that the policy took over all calls. ``tool_errors`` says how often which tool said what,
    and is ``None`` where none did.
    """

    attempt: Attempt
    outcome: Outcome
    calls: int
    prompt_tokens: int
    completion_tokens: int
    started_at: str
    duration_ms: float
    model_ms: float = 0.0
    tool_errors: Mapping[str, int] | None = None

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            attempt=report.attempt,
            outcome=report.outcome,
            calls=len(report.calls),
            prompt_tokens=sum(call.prompt_tokens for call in report.calls),
            completion_tokens=sum(call.completion_tokens for call in report.calls),
            started_at=report.started_at,
            duration_ms=round(report.duration_s * 1000, 3),
            model_ms=round(sum(call.latency_s for call in report.calls) * 1000, 3),
            tool_errors=tool_errors(report) or None,
        )

    def to_json(self) -> dict[str, Any]:
        match self.outcome:
            case Graded(reward):
                outcome: dict[str, Any] = {"outcome": "graded", "reward": reward}
            case Failed(boundary, message, traceback):
                outcome = {"outcome": "failed", "boundary": boundary.value, "message": message, "traceback": traceback}
        return {
            "row": self.attempt.row,
            "repeat": self.attempt.repeat,
            **outcome,
            "calls": self.calls,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "started_at": self.started_at,
            "duration_ms": self.duration_ms,
            "model_ms": self.model_ms,
            **({"tool_errors": self.tool_errors} if self.tool_errors else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        if data["outcome"] == "graded":
            outcome: Outcome = Graded(data["reward"])
        else:
            outcome = Failed(Boundary(data["boundary"]), data["message"], data["traceback"])
        return cls(
            attempt=Attempt(data["row"], data["repeat"]),
            outcome=outcome,
            calls=data["calls"],
            prompt_tokens=data["prompt_tokens"],
            completion_tokens=data["completion_tokens"],
            started_at=data["started_at"],
            duration_ms=data["duration_ms"],
            model_ms=data.get("model_ms", 0.0),
            tool_errors=data.get("tool_errors"),
        )

    def to_line(self) -> str:
        return json.dumps(self.to_json()) + "\n"


class Journal:
    """Appends lines to a file. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[bytes]

    def __enter__(self) -> Self:
        """Open the journal behind its last whole line: one that a crash tore never counted. Raises ``OSError``."""
        own_files.separate(self._path)
        self._stream = own_files.appended(self._path)
        whole = self._path.read_bytes().rfind(b"\n") + 1
        self._stream.truncate(whole)
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def append(self, lines: Iterable[str]) -> None:
        """Write lines and wait until the disk has them, all or none. Raises ``OSError`` as writing does."""
        handle = self._stream.fileno()
        before = os.fstat(handle).st_size
        try:
            _write(handle, "".join(lines).encode())
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, before)
            raise


def _write(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def entries(path: Path) -> Iterator[Entry]:
    """Yield the entries that count, one by one, as they were written; none where there is no journal.

    Raises ``InputError`` for a journal that cannot be read, or that something else has changed.
    """
    seen: set[tuple[int, int]] = set()
    for number, line in enumerate(_whole_lines(path), start=1):
        entry = entry_of(line, path, number)
        key = entry.attempt.row, entry.attempt.repeat
        if key not in seen:
            seen.add(key)
            yield entry


def entry_of(line: bytes, path: Path, number: int | None = None) -> Entry:
    """Read a line of the journal ``path``. Raises ``InputError``, which names it, where it is not what was written."""
    try:
        return Entry.from_json(json.loads(line))
    except (ValueError, KeyError, TypeError):
        which = "a line" if number is None else f"line {number}"
        message = f"{path.name} of the run, {which}, is not what was written: use another --name."
        raise InputError(message) from None


def _whole_lines(path: Path) -> Iterator[bytes]:
    try:
        stream = own_files.read(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{path.name} of the run cannot be read: {error.strerror}.") from error
    with stream:
        yield from (line for line in stream if line.endswith(b"\n"))


def rewrite_in_order(path: Path) -> None:
    """Sort a finished run's lines by row and repeat: the same seed then gives the same journal, apart from times.

    Only the lines' places are held in memory.
    """
    with own_files.read(path) as stream, atomic_writer(path) as ordered:
        for *_, start, length in sorted(_places(stream)):
            stream.seek(start)
            ordered.write(stream.read(length))


def _places(stream: IO[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Yield row and repeat of each line, and where it starts and how long it is."""
    start = 0
    for line in stream:
        entry = json.loads(line)
        yield entry["row"], entry["repeat"], start, len(line)
        start += len(line)


def take(path: Path, kept: Path, is_meant: Callable[[Entry], bool]) -> int:
    """Take attempts out of a journal, so that they are owed again, and return how many there were.

    Their lines go to the end of ``kept``. Raises ``InputError`` as ``entries`` does.
    """
    taken: list[Entry] = []
    left: list[Entry] = []
    for entry in entries(path):
        (taken if is_meant(entry) else left).append(entry)
    if taken:
        with Journal(kept) as before:
            before.append(entry.to_line() for entry in taken)
        write_atomically(path, "".join(entry.to_line() for entry in left).encode())
    return len(taken)
