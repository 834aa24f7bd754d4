"""A limit of time for work that may take forever, such as somebody's regular expression over somebody's text."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, Self, TypeVar

A = TypeVar("A")
T = TypeVar("T")
#: Counts the seconds that this process computes, so that a busy machine makes nobody late.
_TIMER: Final = signal.ITIMER_VIRTUAL


class Patience:
    """Ends calls that take longer than ``seconds`` of processor time, within a ``with`` block.

    Only the main thread can be interrupted; elsewhere, and outside of the block, there is no limit.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends_calls = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGVTALRM, _raise)
            self._ends_calls = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._ends_calls:
            signal.signal(signal.SIGVTALRM, self._before)
            self._ends_calls = False

    def call(self, function: Callable[[A], T], argument: A) -> T:
        """Return ``function(argument)``. Raises ``TimeoutError`` where that takes too long."""
        if not self._ends_calls:
            return function(argument)
        signal.setitimer(_TIMER, self.seconds)
        try:
            return function(argument)
        finally:
            signal.setitimer(_TIMER, 0)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError
