"""Processes that a rollout leaves behind come to the supervisor, which ends them when the run ends. On Linux only.

A process with a session and an environment of its own, whose parent has ended, shows nothing else of where it is from.
"""

import asyncio
import ctypes
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from osmo_runtime import processes
from osmo_runtime.child import running_children
from osmo_runtime.processes import Stat

#: prctl(2).
_SET_CHILD_SUBREAPER = 36
_GET_CHILD_SUBREAPER = 37
_REAP_EVERY_S = 2.0
#: Seconds that a process has to end when it is killed, and between looks whether it has.
_PATIENCE_S = 1.0
_LOOK_EVERY_S = 0.005
#: A process that is killed may have left others, which come to us then.
_ROUNDS = 5


@asynccontextmanager
async def adopted() -> AsyncIterator[None]:
    """Take in the orphans of what is started in the block, and end them with it; children from before stay."""
    if sys.platform != "linux":
        yield
        return
    before = frozenset(stat.pid for stat in _children())
    was_adopting = _is_adopting()
    _adopt(True)
    reaping = asyncio.create_task(_keep_reaping(before))
    try:
        yield
    finally:
        reaping.cancel()
        _end_all(before)
        _adopt(was_adopting)


async def _keep_reaping(before: frozenset[int]) -> None:
    """Wait for orphans that have ended, or they would fill the table of processes in a long run.

    One has to be seen twice: a child of ours that ends while it is still being started looks the same for a moment.
    """
    seen: set[int] = set()
    while True:
        await asyncio.sleep(_REAP_EVERY_S)
        ended = {orphan.pid for orphan in _orphans(before) if orphan.state == "Z"}
        for pid in ended & seen:
            _reap(pid)
        seen = ended - seen


def _end_all(before: frozenset[int]) -> None:
    """End the orphans. One that goes on, since it is another user's for instance, is named on stderr and left alone."""
    left: set[int] = set()
    for _ in range(_ROUNDS):
        orphans = {orphan.pid for orphan in _orphans(before | left)}
        if not orphans:
            break
        for orphan in orphans:
            for pid in (*processes.descendants_of(orphan), orphan):
                processes.kill(pid)
        left |= _still_there(orphans)
    for pid in sorted(left):
        sys.stderr.write(f"Process {pid}, which the rollout started, goes on and cannot be ended from here: end it.\n")


def _still_there(pids: set[int]) -> set[int]:
    """Wait for processes that were killed; return those that have not ended in time."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        pids = {pid for pid in pids if not _reap(pid)}
        if not pids or time.monotonic() > until:
            return pids
        time.sleep(_LOOK_EVERY_S)


def _orphans(before: frozenset[int]) -> list[Stat]:
    """Return the children that came to us: those that we start share our session, or are a ``Child``."""
    known = before | running_children()
    return [stat for stat in _children() if stat.pid not in known and stat.session != os.getsid(0)]


def _children() -> list[Stat]:
    return [stat for stat in processes.stats() if stat.parent == os.getpid()]


def _reap(pid: int) -> bool:
    """Return whether a child has ended; it is no more then."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _is_adopting() -> bool:
    answer = ctypes.c_int(0)
    ctypes.CDLL(None).prctl(_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0)
    return bool(answer.value)


def _adopt(is_wanted: bool) -> None:
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, int(is_wanted), 0, 0, 0)
