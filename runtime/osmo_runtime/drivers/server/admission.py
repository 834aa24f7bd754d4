"""How servers of SDK 0.3 take orders, and how they are told to stop: the same in all versions."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from osmo_runtime.drivers.server.http import Answer, GarbageError, Http, UnreachableError
from osmo_runtime.drivers.server.wire import Order, require_accepted

_ACCEPTED = 202
_FULL = 429
#: Seconds to wait where a full server does not say how many, and the most that it can ask for.
_WAIT_S = 1.0
_MAX_WAIT_S = 60.0
#: Seconds that a server has to answer that it cancelled something.
_CANCEL_S = 5.0


async def admitted(http: Http, request: Mapping[str, Any]) -> Answer:
    """Give the server an order, again and again while it is full, and return how it took it.

    Raises ``UnreachableError``, and ``GarbageError`` where it does not take it.
    """
    while True:
        answer = await http.post("/rollout", request, timeout_s=None)
        if answer.status != _FULL:
            require_accepted(answer, _ACCEPTED)
            return answer
        await asyncio.sleep(_wait_s(answer))


async def cancel(http: Http, order: Order) -> None:
    """Cancel an attempt. A server that does not answer, or does not know it any more, is none the worse for it."""
    with suppress(UnreachableError, GarbageError):
        await http.post("/rollout/cancel", {"ids": [order.rollout_id]}, timeout_s=_CANCEL_S)


def _wait_s(answer: Answer) -> float:
    try:
        asked = float(answer.headers.get("retry-after", _WAIT_S))
    except ValueError:
        return _WAIT_S
    return min(max(asked, 0.05), _MAX_WAIT_S) if asked == asked else _WAIT_S  # noqa: PLR0124 - not a number
