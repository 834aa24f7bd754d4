"""What is still to be run, whoever executes it.

When an executor is lost, a worker or a server, nobody knows which of its attempts did it: they are owed again and run
alone, so that the next loss has one author.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice

from osmo_runtime.drivers.base import Work
from osmo_runtime.drivers.flight import Flight, now
from osmo_runtime.model import Attempt, Boundary, Failed, Report

#: An attempt that takes its executor down this often has failed.
_MAX_LOSSES = 2


class Owed:
    """True as long as there is any. ``work`` may be made as it is needed."""

    def __init__(self, work: Iterable[Work] = ()) -> None:
        self._rest = iter(work)
        self._back: deque[Work] = deque()
        self._suspects: deque[Work] = deque()
        self._losses: Counter[Attempt] = Counter()

    def __bool__(self) -> bool:
        if not self._back:
            self._back.extend(islice(self._rest, 1))
        return bool(self._suspects or self._back)

    def take(self, beside: Collection[Flight]) -> Work | None:
        """Take what may be started next on the executor that has ``beside`` under way; ``None`` where nothing may."""
        if self._losses and any(self._losses[flight.attempt] for flight in beside):
            return None
        if self._suspects:
            return None if beside else self._suspects.popleft()
        return self._back.popleft() if self._back else next(self._rest, None)

    def give_back(self, work: Sequence[Work]) -> None:
        self._back.extendleft(reversed(work))

    def owe_again(self, work: Work) -> bool:
        """Owe once more, alone, what an executor was lost with; return whether it may be: it has failed if not."""
        self._losses[work[0]] += 1
        may_be = self._losses[work[0]] < _MAX_LOSSES
        if may_be:
            self._suspects.append(work)
        return may_be

    def give_up(self, why: str, failed: Failed) -> Iterator[Report]:
        """Take all that is left, which cannot be run any more, and return it as failed."""
        outcome = Failed(Boundary.LOAD, f"{why}: {failed.message}", failed.traceback)
        left = chain(self._suspects, self._back, self._rest)
        self._suspects, self._back = deque(), deque()
        return (Report(attempt, outcome, now(), 0.0) for attempt, _ in left)


def is_worn_out(left_behind: int, share: int) -> bool:
    """Tell whether an executor of ``share`` attempts at a time should be given no more: ``left_behind`` go on in it."""
    return left_behind * 2 >= share
