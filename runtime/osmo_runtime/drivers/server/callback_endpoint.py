"""Where servers of the older protocols deliver results: on loopback, one address and token for each attempt."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from osmo_runtime import untrusted
from osmo_runtime.drivers.server.http import MAX_ANSWER, GarbageError

Said = dict[str, Any]


def _future() -> asyncio.Future[Said]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True)
class Delivery:
    """What comes back for one attempt. The futures end with what was said first, or with ``GarbageError``.

    ``crash`` is what the server said of a rollout that it could not finish after it had reported the workflow's end.
    """

    url: str
    token: str
    completed: asyncio.Future[Said] = field(default_factory=_future)
    graded: asyncio.Future[Said] = field(default_factory=_future)
    crash: Said | None = None

    @property
    def completion_url(self) -> str:
        return self.url + "/completed"

    @property
    def grader_url(self) -> str:
        return self.url + "/graded"

    def take(self, kind: str, said: Said) -> None:
        future = self.completed if kind == "completed" else self.graded
        if not future.done():
            future.set_result(said)
        elif kind == "completed" and said.get("status") != "success":
            self.crash = said

    def spoil(self, error: GarbageError) -> None:
        for future in (self.completed, self.graded):
            if not future.done():
                future.set_exception(error)
                future.exception()  # looked at, or asyncio complains where nobody waits for it


class CallbackEndpoint:
    """Use it as an async context manager; it listens while the block runs."""

    def __init__(self) -> None:
        self._deliveries: dict[str, Delivery] = {}
        app = web.Application(client_max_size=MAX_ANSWER)
        app.router.add_post("/attempts/{key}/{kind:completed|graded}", self._deliver)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        self._address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def open(self, token: str) -> Delivery:
        key = secrets.token_urlsafe(18)
        delivery = self._deliveries[key] = Delivery(f"{self._address}/attempts/{key}", token)
        return delivery

    def close(self, delivery: Delivery) -> None:
        """Forget the attempt: its address opens nothing any more."""
        self._deliveries.pop(delivery.url.rsplit("/", 1)[1], None)

    async def _deliver(self, request: web.Request) -> web.Response:
        delivery = self._deliveries.get(request.match_info["key"])
        if delivery is None:
            return web.json_response({"detail": "this attempt is over, or never was"}, status=404)
        sent = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, f"Bearer {delivery.token}".encode()):
            return web.json_response({"detail": "unauthorized"}, status=401)
        try:
            said = await _object(request)
        except GarbageError as error:
            delivery.spoil(error)
            return web.json_response({"detail": str(error)}, status=422)
        delivery.take(request.match_info["kind"], said)
        return web.json_response({})


async def _object(request: web.Request) -> Said:
    try:
        data = untrusted.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise GarbageError(f"it delivered a result of more than {MAX_ANSWER} bytes") from None
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise GarbageError("it delivered a result that is no JSON object")
    return data
