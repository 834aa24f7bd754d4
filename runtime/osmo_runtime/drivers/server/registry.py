"""Which protocols there are, and which one a server speaks: found out by asking for addresses that only some have."""

from collections.abc import Callable
from dataclasses import dataclass

from osmo_runtime.drivers.server.bridge import Bridge
from osmo_runtime.drivers.server.callback_endpoint import CallbackEndpoint
from osmo_runtime.drivers.server.callbacks import Callbacks
from osmo_runtime.drivers.server.http import Answer, GarbageError, Http
from osmo_runtime.drivers.server.lease import Lease
from osmo_runtime.drivers.server.wire import Wire

#: Seconds that each question may take.
_PATIENCE_S = 10.0
_NOBODY = "osmo-scaffold-asks"


@dataclass(frozen=True, slots=True)
class WireKind:
    """``tell`` is the address that tells whether a server speaks it, and ``is_told`` reads the answer."""

    name: str
    tell: str
    is_told: Callable[[Answer], bool]
    make: Callable[[Http, CallbackEndpoint], Wire]


#: The newest first: each has what the ones below it lack.
KINDS = (
    # The address exists, and misses the lease.
    WireKind("lease", f"/rollout/{_NOBODY}/result", lambda answer: answer.status == 422, lambda http, _: Lease(http)),
    WireKind("bridge", f"/rollout/{_NOBODY}/status", lambda answer: answer.status == 200, Bridge),
    # The address exists, and wants to be posted to.
    WireKind("callbacks", "/rollout", lambda answer: answer.status == 405, Callbacks),
)


async def detect(http: Http) -> WireKind:
    """Return what the server speaks. Raises ``UnreachableError``, and ``GarbageError`` where that is nothing known."""
    for kind in KINDS:
        answer = await http.get(kind.tell, timeout_s=_PATIENCE_S)
        if kind.is_told(answer):
            return kind
    raise GarbageError("it speaks none of the SDK's protocols: it has no address /rollout to post to")
