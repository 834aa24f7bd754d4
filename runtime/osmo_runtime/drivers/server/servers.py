"""What the driver knows of a server that runs, wherever it came from."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from osmo_runtime.drivers.server.http import GarbageError, Http, UnreachableError

#: Seconds that a server has to show that it is alive.
HEALTH_S = 5.0
_OK = 200
_NOT_ALLOWED = (401, 403)
_NOT_READY = 500


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers. ``capacity`` is its own limit on attempts at a time, if it has one.

    ``gone`` waits until the server is, and returns how it ended, as a clause about it.
    """

    http: Http
    capacity: int | None
    gone: Callable[[], Coroutine[Any, Any, str]]

    async def is_alive(self) -> bool:
        try:
            await health(self.http, HEALTH_S)
        except (UnreachableError, GarbageError):
            return False
        return True


class Server(Protocol):
    """Where a rollout's server comes from. ``suffix`` makes an attempt's id one that the server has not seen before."""

    suffix: str

    def running(self) -> AbstractAsyncContextManager[Running]:
        """Yield the server once it answers; where it does not, it raises what ``useless`` returns."""

    def useless(self, why: str) -> Exception:
        """Return what to raise where the server cannot be used at all."""


async def health(http: Http, timeout_s: float) -> Mapping[str, Any]:
    """Return what the server says of itself.

    Raises ``UnreachableError`` where it is not ready yet, or not any more, and ``GarbageError`` where it never will be.
    """
    answer = await http.get("/health", timeout_s=timeout_s)
    if answer.status >= _NOT_READY:
        raise UnreachableError(f"it answered /health with HTTP status {answer.status}")
    if answer.status in _NOT_ALLOWED:
        raise GarbageError(
            "it wants an API key (create_rollout_server(api_key=...)), and there is none to give: leave it out"
        )
    if answer.status != _OK:
        raise GarbageError(f"it answered /health with HTTP status {answer.status}: {answer.shown()}")
    return answer.json()


def capacity_of(said: Mapping[str, Any]) -> int | None:
    """Return how many attempts at a time a server wants at most; both backends of the SDK have words of their own."""
    concurrency = said.get("concurrency")
    nested = concurrency.get("max_concurrent") if isinstance(concurrency, dict) else None
    for value in (said.get("max_queue_depth"), nested):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None
