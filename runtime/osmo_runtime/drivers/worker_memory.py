"""How much memory workers may have, and which of them has to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

#: How many times the memory that it has when it is loaded a worker may have in any case.
_MAY_GROW = 1.25
#: How many times of what is too much for another attempt is too much to go on, where a limit was asked for.
_FAR_TOO_MUCH = 1.5
_GREW = (
    "its worker grew to more than {mb:.0f} MB of memory and was ended: look for what grows without end, "
    "or allow more with --worker-memory"
)
_GREW_MOST = (
    "its worker was ended with {own_mb:.0f} MB of memory, the most of all workers, which together had more than "
    "{mb:.0f} MB: look for what grows without end, take fewer --workers, or allow each more with --worker-memory"
)


class Worker(Protocol):
    """Above ``enough_mb``, it is given no more attempts: it ``is_spent``."""

    is_spent: bool
    enough_mb: float

    @property
    def memory_mb(self) -> float: ...


class WorkerMemory:
    """Watches all workers of a run; one that has more than ``each_mb`` is replaced when its attempts have ended.

    One that grows far beyond that is ended with its attempts. Where no limit is given (``None``), each may have its
    share of ``all_mb``; the largest is ended, but only when all together have more than that. What the rollout needs
    to be loaded, and a quarter more, a worker may have in any case.
    """

    def __init__(self, each_mb: float | None, workers: int, all_mb: float) -> None:
        self._each_mb = each_mb
        self._share_mb = all_mb / workers
        self._all_mb = all_mb
        self._needed: dict[Worker, float] = {}
        self._seen: dict[Worker, float] = {}

    @contextmanager
    def watched(self, worker: Worker, loaded_mb: float) -> Iterator[None]:
        """Count ``worker`` among the others, and set what is enough for it."""
        needed_mb = loaded_mb * _MAY_GROW
        worker.enough_mb = max(self._share_mb if self._each_mb is None else self._each_mb, needed_mb)
        self._needed[worker], self._seen[worker] = needed_mb, loaded_mb
        try:
            yield
        finally:
            del self._needed[worker], self._seen[worker]

    def look(self, worker: Worker) -> str:
        """Look at one worker; return why it has to end, an empty text where it does not."""
        mb = self._seen[worker] = worker.memory_mb
        worker.is_spent = worker.is_spent or mb > worker.enough_mb
        if self._each_mb is not None:
            over_mb = worker.enough_mb * _FAR_TOO_MUCH
            return _GREW.format(mb=over_mb) if mb > over_mb else ""
        over_mb = max(self._all_mb, sum(self._needed.values()))
        if sum(self._seen.values()) <= over_mb or mb < max(self._seen.values()):
            return ""
        self._seen[worker] = 0.0  # so that no other ends for the memory that this one gives back
        return _GREW_MOST.format(own_mb=mb, mb=over_mb)
