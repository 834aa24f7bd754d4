"""A bar on stderr for what takes more than a second: how far a dataset is read, and how many rows per second."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import Any, Final

from osmo_checks.datasets.rows import reading_tells

#: Seconds before a bar appears.
_PATIENCE_S: Final = 1.0

#: Seconds between two changes of it.
_EVERY_S: Final = 0.1


class LateBar:
    """A bar that appears if it takes long, and only on a terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_wanted = sys.stderr.isatty()
        self._begun = monotonic()
        self._next = self._begun + _PATIENCE_S
        self._rows_before = 0
        self._rows = 0
        self._bar: Any = None

    def part(self, *, before: int, total: int) -> Callable[[int, int], None]:
        """Return what to call with the bytes and rows read so far of the next part.

        It begins after ``before`` of ``total`` bytes.
        """
        self._rows_before += self._rows
        self._rows = 0

        def update(read: int, rows: int) -> None:
            self._rows = rows
            self._update(before + read, total)

        return update

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _update(self, read: int, total: int) -> None:
        now = monotonic()
        if not self._is_wanted or now < self._next:
            return
        self._next = now + _EVERY_S
        self._bar = self._bar or self._start()
        speed = f"{(self._rows_before + self._rows) / (now - self._begun):,.0f} rows/s"
        self._bar.update(self._bar.task_ids[0], completed=read, total=total, speed=speed)

    def _start(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), DownloadColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.add_task(self._what, speed="")
        bar.start()
        return bar


@contextmanager
def late_bar(what: str) -> Iterator[LateBar]:
    """Give a bar, and take it away in the end."""
    bar = LateBar(what)
    try:
        yield bar
    finally:
        bar.close()


def shown_by(bar: LateBar) -> AbstractContextManager[None]:
    """Let a bar show how far every dataset is that is read, or read again, in a context."""
    return reading_tells(lambda size: bar.part(before=0, total=size))


@contextmanager
def reading_shown() -> Iterator[None]:
    """Show how far every dataset is that is read in this context; one that is read twice fills the bar twice."""
    with late_bar("reading") as bar, shown_by(bar):
        yield
