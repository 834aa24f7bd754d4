"""Threads for code that cannot be awaited: each attempt has its own, so that those that hang hold up no other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

_own: ContextVar["OwnThreads | None"] = ContextVar("own_threads", default=None)


class OwnThreads:
    """The threads of one attempt, as many as asyncio gives to all. They end with the last task of it."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._calls: set[Future[Any]] = set()

    @property
    def are_at_work(self) -> bool:
        return bool(self._calls)

    def serve(self) -> None:
        """Serve what is called in threads from the current context, and from tasks that are started in it."""
        _own.set(self)

    def submit(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> "Future[Any]":
        if self._pool is None:
            self._pool = ThreadPoolExecutor(thread_name_prefix="asyncio")
        future = self._pool.submit(call, *args, **kwargs)
        self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return future


class Threads(ThreadPoolExecutor):
    """The event loop's default executor, which ``asyncio.to_thread`` uses. What belongs to no attempt shares it."""

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        own = _own.get()
        return super().submit(call, *args, **kwargs) if own is None else own.submit(call, *args, **kwargs)
