"""When a run was first started, and how long it took: what its invocations took, added up.

Kept in ``times.json``. An invocation that was killed could not say when it ended: it is taken to have when it last
counted something.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from osmo_runtime import own_files


@dataclass(frozen=True, slots=True)
class Times:
    """``started_at`` and ``going_on_since`` are ISO 8601; the latter is empty once an invocation has ended."""

    started_at: str
    duration_ms: float = 0.0
    going_on_since: str = ""


def read(path: Path) -> Times:
    """Return what is kept; a run that has nothing starts now."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        with own_files.read(path) as stream:
            found: dict[str, Any] = json.load(stream)
        return Times(str(found["started_at"]), float(found["duration_ms"]), str(found["going_on_since"]))
    return Times(_now())


@contextmanager
def measured(path: Path, last_written: Path) -> Iterator[None]:
    """Add what the block takes to the times in ``path``.

    ``last_written`` is a file that says when an earlier invocation that was killed was still there. Where times cannot
    be written, nothing is said: then results cannot be either.
    """
    earlier = _ended(path, last_written)
    going_on = replace(earlier, going_on_since=_now())
    _write(path, going_on)
    started = time.monotonic()
    try:
        yield
    finally:
        taken_ms = (time.monotonic() - started) * 1000
        _write(path, replace(earlier, duration_ms=round(earlier.duration_ms + taken_ms, 3)))


def end_killed(path: Path, last_written: Path) -> None:
    """Add what an invocation took that was killed, if one was: do so before ``last_written`` is written otherwise."""
    if read(path).going_on_since:
        _write(path, _ended(path, last_written))


def _ended(path: Path, last_written: Path) -> Times:
    """Return what is kept, with the time of an invocation that was killed added."""
    found = read(path)
    return replace(found, duration_ms=found.duration_ms + _until_killed_ms(found, last_written), going_on_since="")


def _until_killed_ms(earlier: Times, last_written: Path) -> float:
    with suppress(OSError, ValueError):
        since = datetime.fromisoformat(earlier.going_on_since).timestamp()
        return max(0.0, (last_written.stat().st_mtime - since) * 1000)
    return 0.0


def _write(path: Path, times: Times) -> None:
    with suppress(OSError):
        own_files.write(path, json.dumps(asdict(times)).encode() + b"\n")


def _now() -> str:
    return datetime.now(UTC).isoformat()
