"""The rollout's own server, started here in the rollout's own environment, as the platform starts it."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osmo_runtime.child import Child, how_it_ended
from osmo_runtime.drivers.server.environment import Environment
from osmo_runtime.drivers.server.http import GarbageError, Http, UnreachableError
from osmo_runtime.drivers.server.servers import HEALTH_S, Running, capacity_of, health
from osmo_runtime.drivers.surroundings import direct_loopback
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.log import Log
from osmo_runtime.model import Boundary, Failed

#: Ports that are tried: another process may take one before the server does.
_PORTS = 3
_IN_USE = "address already in use"
_EVERY_S = 0.05
_MAX_TAIL = 4000


class _PortTakenError(Exception):
    """Another process listens where the server was to."""


@dataclass(slots=True)
class OwnServer:
    """``folder`` is the run's; ``load_timeout_s`` is what a server has to answer for the first time."""

    environment: Environment
    plan: RolloutPlan
    folder: Path
    log: Log
    load_timeout_s: float
    suffix: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """Yield a new server; its processes are gone when the block ends. Raises ``RolloutLoadError``."""
        for _ in range(_PORTS):
            try:
                async with self._process() as process:
                    said = await self._healthy(process)
                    yield Running(process.http, capacity_of(said), process.gone)
                    return
            except _PortTakenError:
                continue
        raise RolloutLoadError(Failed(Boundary.LOAD, "other processes took every port that its server was given"))

    def useless(self, why: str) -> RolloutLoadError:
        return RolloutLoadError(Failed(Boundary.LOAD, f"its server is of no use: {why}"))

    @asynccontextmanager
    async def _process(self) -> AsyncIterator["_Process"]:
        port, instance = _free_port(), secrets.token_hex(16)
        printed_before = _size(self.log.path)
        try:
            child = await Child.start(
                # -P keeps the working folder, which is the user's, out of the way of our own imports.
                *(sys.executable, "-P", "-m", "osmo_runtime.drivers.server.guard"),
                *self.environment.command(self.plan.entrypoint),
                folder=self.plan.folder,
                environment=self._variables(port, instance),
            )
        except OSError as error:
            message = f"its server cannot be started ({error.strerror}: {error.filename})"
            raise RolloutLoadError(Failed(Boundary.LOAD, message)) from None
        logging = asyncio.gather(self.log.keep(child.errors), self.log.keep(child.output))
        try:
            async with Http(f"http://127.0.0.1:{port}") as http:
                yield _Process(child, http, instance, self.log.path, printed_before)
        finally:
            await child.close()
            await logging

    def _variables(self, port: int, instance: str) -> dict[str, str]:
        """Return the environment of the server. What the platform sets comes last: no config can change it."""
        env = self.plan.env
        return {
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # or it asks the network for prices, and waits
            **env,
            **direct_loopback({**os.environ, **env}),
            "VIRTUAL_ENV": "",  # the one that is active here is not the rollout's
            "PYTHONUNBUFFERED": "1",
            "_OSMOSIS_ROLLOUT_PORT": str(port),
            "_OSMOSIS_ROLLOUT_ARTIFACT_ROOT": str(self.folder / "artifacts"),
            "_OSMOSIS_ROLLOUT_INSTANCE_ID": instance,
        }

    async def _healthy(self, process: "_Process") -> Mapping[str, Any]:
        """Return what the server says of itself, once it does. Raises ``RolloutLoadError``."""
        until = time.monotonic() + self.load_timeout_s
        why = "it gave no answer"
        while time.monotonic() < until:
            if process.has_ended:
                raise await process.not_loaded()
            try:
                said = await health(process.http, min(HEALTH_S, max(until - time.monotonic(), _EVERY_S)))
            except GarbageError as error:
                raise self.useless(str(error)) from None
            except UnreachableError as error:
                why = str(error)
                await asyncio.sleep(_EVERY_S)
                continue
            if said.get("instance_id") not in (None, process.instance):
                raise _PortTakenError
            return said
        message = f"its server was not ready after {self.load_timeout_s:g} s: {why} (see --load-timeout)"
        raise RolloutLoadError(Failed(Boundary.LOAD, message, process.tail()))


@dataclass(frozen=True, slots=True)
class _Process:
    """``instance`` is what its server calls itself, if it is new enough to do so."""

    child: Child
    http: Http
    instance: str
    log: Path
    printed_before: int

    @property
    def has_ended(self) -> bool:
        return self.child.exit_code is not None

    async def gone(self) -> str:
        while not await self.child.ended(within_s=3600):
            pass
        return self.how_it_ended()

    def how_it_ended(self) -> str:
        code = self.child.exit_code or 0
        # uv says so in an exit code where the server was ended by a signal.
        return how_it_ended(128 - code if code - 128 in signal.valid_signals() else code)

    async def not_loaded(self) -> Exception:
        """Return why the server ended before it had answered."""
        await asyncio.sleep(_EVERY_S)  # for what it printed last
        tail = self.tail()
        if _IN_USE in tail.lower():
            return _PortTakenError()
        said = [line.strip() for line in tail.splitlines() if line.strip()]
        why = f": {said[-1]}" if said else ""
        if self.child.exit_code == 0:
            why = ": when it is executed, it has to run its server, with uvicorn.run(...)"
        return RolloutLoadError(Failed(Boundary.LOAD, f"its server {self.how_it_ended()}{why}", tail))

    def tail(self) -> str:
        """Return the end of what it printed."""
        try:
            with self.log.open("rb") as stream:
                stream.seek(max(self.printed_before, _size(self.log) - _MAX_TAIL))
                return stream.read(_MAX_TAIL).decode("utf-8", "replace")
        except OSError:
            return ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
