"""A server that runs already, started by somebody else: it is asked, and never ended."""

import asyncio
import ipaddress
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from osmo_checks.errors import InputError, UsageError
from osmo_runtime.drivers.server.http import GarbageError, Http, RefusedError, UnreachableError
from osmo_runtime.drivers.server.servers import HEALTH_S, Running, capacity_of, health

_EVERY_S = 0.25
#: Seconds between looks whether it is still there.
_WATCH_S = 1.0


def _new_suffix() -> str:
    return "-" + secrets.token_hex(4)


@dataclass(slots=True)
class GivenServer:
    """``patience_s`` is what it has to answer. It remembers attempts of earlier runs, hence the suffix to their ids."""

    url: str
    patience_s: float
    suffix: str = field(default_factory=_new_suffix)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """Yield the server. Raises ``InputError`` where it does not answer."""
        async with Http(self.url) as http:
            said = await self._healthy(http)
            yield Running(http, capacity_of(said), lambda: _gone(http))

    def useless(self, why: str) -> InputError:
        return InputError(
            f"The server at {self.url} is of no use: {why}; "
            "start the rollout's server there; the same command with the run's `--name` goes on."
        )

    async def _healthy(self, http: Http) -> Mapping[str, Any]:
        until = time.monotonic() + self.patience_s
        while True:
            try:
                return await health(http, HEALTH_S)
            except GarbageError as error:
                raise self.useless(str(error)) from None
            except UnreachableError as error:
                if time.monotonic() > until:
                    raise self.useless(str(error)) from None
            await asyncio.sleep(_EVERY_S)


def require_local(url: str) -> str:
    """Return the address of a server without what does not belong to it. Raises ``UsageError`` for one elsewhere."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise UsageError(f"--server {url!r} is no address: it looks like http://127.0.0.1:8000.")
    if not _is_loopback(host):
        raise UsageError(
            f"--server {url!r} is on another machine, which cannot reach the policy: "
            "that is served on this machine's loopback only; run the server here."
        )
    where = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{where}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _gone(http: Http) -> str:
    """Wait until nobody listens at the server's address; one that is slow to answer is still there."""
    while True:
        await asyncio.sleep(_WATCH_S)
        try:
            await health(http, HEALTH_S)
        except RefusedError:
            return "is not there any more"
        except (UnreachableError, GarbageError):
            continue
