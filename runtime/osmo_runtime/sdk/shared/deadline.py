"""A time limit on user code, which may not keep to it."""

import asyncio
import time
from types import TracebackType
from typing import Self


class Deadline:
    """An ``asyncio.timeout`` of ``limit_s`` seconds, less those already ``spent_s`` waiting; ``None`` is no limit.

    Code that blocks the event loop or swallows its cancellation comes to its end all the same: ``passed`` tells.
    """

    def __init__(self, phase: str, limit_s: float | None, spent_s: float = 0.0) -> None:
        self._phase = phase
        self._limit_s = limit_s
        self._spent_s = spent_s
        self._budget = None if limit_s is None else max(limit_s - spent_s, 0.0)
        self._timeout = asyncio.timeout(self._budget)
        self._started = time.monotonic()

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)

    @property
    def fired(self) -> bool:
        """Whether the code was cancelled, rather than having raised a ``TimeoutError`` of its own."""
        return self._timeout.expired()

    @property
    def passed(self) -> bool:
        """Whether the code took longer than it might, however it ended."""
        if self._budget is None:
            return False
        return self.fired or time.monotonic() - self._started > self._budget

    @property
    def message(self) -> str:
        queued = f" ({self._spent_s:.1f}s of it spent queued)" if self._spent_s >= 0.1 else ""
        return f"{self._phase} exceeded its {self._limit_s}s deadline{queued}"
