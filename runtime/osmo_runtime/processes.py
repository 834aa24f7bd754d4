"""Ends child processes together with what they started, also what left their process group."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: The environment variable that says which child of ours a process descends from: environments are inherited.
MARK = "OSMO_SCAFFOLD_CHILD"
#: A process may start another while the list of processes is read.
_ROUNDS = 3


def kill_tree(leader: int, mark: str) -> None:
    """Kill the group that ``leader`` leads, what descends from it, and every process whose environment bears ``mark``.

    Only Linux shows processes' parents and environments: elsewhere, the group is all that is found.
    """
    for pid in descendants_of(leader):  # first: nobody can tell any more once their parents are gone
        kill(pid)
    _kill_marked(mark)
    # Last: the caller may be in the group.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _kill_marked(mark: str) -> None:
    """Kill the processes that bear ``mark``, but not this one. Only Linux shows their environments."""
    for _ in range(_ROUNDS):
        found = _marked(f"{MARK}={mark}".encode())
        for pid in found:
            kill(pid)
        if not found:
            return


def kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def descendants_of(pid: int) -> list[int]:
    """Return the processes that ``pid`` started, and those that they did, less this one."""
    children: dict[int, list[int]] = {}
    for stat in stats():
        children.setdefault(stat.parent, []).append(stat.pid)
    found, left = [], [pid]
    while left:
        started = children.pop(left.pop(), [])
        found += started
        left += started
    return [one for one in found if one != os.getpid()]


@dataclass(frozen=True, slots=True)
class Stat:
    """What the system says of a process. ``state`` is ``Z`` for one that has ended, and was not waited for."""

    pid: int
    state: str
    parent: int
    session: int


def stats() -> list[Stat]:
    """Return all processes; none where the system is not Linux."""
    found = (_stat(path) for path in Path("/proc").glob("[0-9]*/stat"))
    return [stat for stat in found if stat is not None]


def _stat(path: Path) -> Stat | None:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The process's name stands in parentheses, and may hold any others (proc(5)).
    state, parent, _group, session = text.rpartition(")")[2].split()[:4]
    return Stat(int(path.parent.name), state, int(parent), int(session))


def _marked(entry: bytes) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if pid != os.getpid() and entry in _environment(pid).split(b"\0")]


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
