"""What Ctrl-C and other signals that end the program do: wait until stopping is safe, or interrupt."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from osmo_scaffold.output import say

_SIGNALS_BUT_CTRL_C = (signal.SIGTERM, signal.SIGHUP)
_SIGNALS = (signal.SIGINT, *_SIGNALS_BUT_CTRL_C)


@contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Hold signals that would end the program; the function given raises ``KeyboardInterrupt`` if there was one.

    An error of the block becomes ``KeyboardInterrupt`` too then: programs we started get the same Ctrl-C, and fail.
    A signal that comes after the last call of the function is too late: the work is done.
    """
    arrived: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    def check() -> None:
        if arrived:
            raise KeyboardInterrupt

    with _handled_by(note):
        try:
            yield check
        except BaseException as error:
            if not arrived:
                raise
            say("interrupted: nothing was changed.")
            raise KeyboardInterrupt from error


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` in the block for every signal that would end the program, not for Ctrl-C alone."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handled_by(interrupt):
        yield


@contextmanager
def signals_as_ctrl_c() -> Iterator[None]:
    """Do in the block for every signal that would end the program what Ctrl-C does, as asyncio has it at that time."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        now = signal.getsignal(signal.SIGINT)
        if not callable(now):  # Ctrl-C is ignored, as in a shell's background
            raise KeyboardInterrupt
        now(number, frame)

    with _handled_by(pass_on, _SIGNALS_BUT_CTRL_C):
        yield


@contextmanager
def _handled_by(
    handler: Callable[[int, FrameType | None], None], numbers: Iterable[signal.Signals] = _SIGNALS
) -> Iterator[None]:
    with ExitStack() as handlers:
        # Only the main thread may set handlers, and only it is interrupted.
        if threading.current_thread() is threading.main_thread():
            for number in numbers:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    handlers.callback(signal.signal, number, signal.signal(number, handler))
        yield
