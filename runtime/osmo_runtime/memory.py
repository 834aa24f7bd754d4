"""How much memory there is, and how much of it a process has."""

import os
from contextlib import suppress
from pathlib import Path

_MB = 1024**2
#: What a container may have, in bytes, or ``max``: cgroups of version 2, and of version 1.
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_mb() -> float:
    """Return the memory of this machine, or of this container where that has less, in MB."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in _LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(path.read_text(encoding="ascii")))
    return min(found) / _MB


def own_mb(pid: int) -> float:
    """Return the memory that is a process's own, in MB; 0 where it has ended, or the system is not Linux.

    Pages of files that it maps are not: the system takes them back as it needs to.
    """
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1:3]
    except OSError:
        return 0.0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE") / _MB
