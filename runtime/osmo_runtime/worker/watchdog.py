"""Notices user code that blocks the event loop, which no deadline inside the loop can end."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any
from weakref import WeakKeyDictionary

from osmo_runtime.worker.attempt import GRACE_S, Phase

_EVERY_S = 0.25
#: Seconds for which something that an attempt left behind when it ended may block the loop, which others are in.
_LATE_S = 5.0

Stuck = Callable[[Phase, Any], None]


class Watchdog:
    """Calls ``stuck(phase, frame)``, once, when the loop stands still beyond a phase's deadline and grace.

    It does so as well when an attempt that has ended holds up the loop for long.

    ``frame`` is where the loop's thread stands. The tasks that an attempt starts are known to be its own.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, stuck: Stuck) -> None:
        self._loop = loop
        self._stuck = stuck
        self._phases: WeakKeyDictionary[asyncio.Task[Any], Phase] = WeakKeyDictionary()
        self._thread_id = threading.get_ident()
        self._beat = time.monotonic()
        loop.set_task_factory(self._new_task)  # type: ignore[arg-type]  # typeshed wants the keywords it knows

    def start(self) -> None:
        self._beat_now()
        threading.Thread(target=self._watch, name="osmo-watchdog", daemon=True).start()

    def belongs_to(self, task: asyncio.Task[Any], phase: Phase) -> None:
        self._phases[task] = phase

    def tasks_of(self, phase: Phase) -> set[asyncio.Task[Any]]:
        """Return the tasks of an attempt that have not ended."""
        return {task for task in asyncio.all_tasks(self._loop) if self._phases.get(task) is phase}

    def _new_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **options)
        parent = asyncio.current_task(loop)
        phase = self._phases.get(parent) if parent is not None else None
        if phase is not None:
            self._phases[task] = phase
        return task

    def _beat_now(self) -> None:
        self._beat = time.monotonic()
        self._loop.call_later(_EVERY_S, self._beat_now)

    def _watch(self) -> None:
        while True:
            time.sleep(_EVERY_S)
            now = time.monotonic()
            if now - self._beat < GRACE_S:
                continue
            task = asyncio.current_task(self._loop)
            phase = self._phases.get(task) if task is not None else None
            if phase is not None and self._is_over(phase, now):
                self._stuck(phase, sys._current_frames().get(self._thread_id))  # noqa: SLF001 - the way to see it
                return

    def _is_over(self, phase: Phase, now: float) -> bool:
        if phase.has_ended:
            return now > self._beat + _LATE_S
        return now > phase.deadline + GRACE_S
