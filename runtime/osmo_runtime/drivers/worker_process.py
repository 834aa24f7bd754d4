"""One worker process, seen from the supervisor: started, given orders, ended with all that it started."""

import asyncio
import json
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from osmo_runtime.child import Child, how_it_ended
from osmo_runtime.drivers import replies
from osmo_runtime.drivers.surroundings import direct_loopback
from osmo_runtime.log import Log
from osmo_runtime.memory import own_mb
from osmo_runtime.model import Boundary, Failed

#: Who else can have written what no worker says.
FOREIGN_LINE = "something else than its worker's replies came out of its process (does the rollout fork, or write to \
file descriptors that it did not open?)"


class RolloutLoadError(Exception):
    """The rollout cannot be loaded, so no attempt of it can run."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message)
        self.failed = failed


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """What is executed: ``entrypoint`` is relative to ``folder``, ``env`` is added to this process's environment."""

    name: str
    folder: Path
    entrypoint: str
    generation: str
    agent_timeout_s: float
    grader_timeout_s: float
    env: Mapping[str, str] = field(default_factory=dict)


class WorkerProcess:
    """``load`` it within ``async with``: leaving the block kills the worker and every process that it started."""

    def __init__(self, plan: RolloutPlan, log: Log) -> None:
        self._plan = plan
        self._log = log
        #: How many attempts it was given, and of how many something goes on in it although their time is over.
        self.given = 0
        self.left_behind = 0
        #: Whether it should be given nothing more.
        self.is_spent = False
        #: More memory than this, in MB, makes it so.
        self.enough_mb = math.inf
        self._started: tuple[Child, asyncio.Task[None]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._started is not None:
            child, logging = self._started
            await child.close()
            await logging

    @property
    def _child(self) -> Child:
        assert self._started is not None  # noqa: S101 - nothing can be asked of a worker before it is loaded
        return self._started[0]

    @property
    def memory_mb(self) -> float:
        """The memory that is its own now; 0 where the system does not show it."""
        return own_mb(self._child.pid)

    def kill(self) -> None:
        """End it; what it said before may still be received."""
        self.is_spent = True
        self._child.kill()

    async def load(self, timeout_s: float) -> replies.Loaded | Failed:
        """Return what the worker says of the loaded rollout, or why it could not be loaded."""
        plan = self._plan
        try:
            await self._start()
        except OSError as error:
            return Failed(Boundary.LOAD, f"its process cannot be started ({error.strerror}: {error.filename})")
        self.send({"folder": str(plan.folder), "entrypoint": plan.entrypoint, "generation": plan.generation})
        try:
            line = await asyncio.wait_for(self.receive(), timeout_s)
            if line:
                return replies.read_load(line)
        except TimeoutError:
            return Failed(Boundary.LOAD, f"it was still being imported after {timeout_s:g} s (see --load-timeout)")
        except replies.ReplyError:
            return Failed(Boundary.LOAD, FOREIGN_LINE)
        return Failed(Boundary.LOAD, f"its process {await self.ended()} while it was imported")

    async def _start(self) -> None:
        env = self._plan.env
        child = await Child.start(
            # -P keeps the working folder, which is the user's, out of the way of our own imports.
            *(sys.executable, "-P", "-m", "osmo_runtime.worker"),
            folder=self._plan.folder,
            environment={**env, **direct_loopback({**os.environ, **env}), "PYTHONUNBUFFERED": "1"},
        )
        self._started = child, asyncio.create_task(self._log.keep(child.errors))

    def send(self, order: dict[str, Any]) -> None:
        self._child.write_line(json.dumps(order, default=str).encode())

    async def receive(self) -> bytes:
        """Return the next line, empty when the worker has ended.

        Raises ``ReplyError`` for a line that is longer than any may be.
        """
        try:
            return await self._child.read_line()
        except ValueError:
            raise replies.ReplyError from None

    async def ended(self) -> str:
        """Say how the process ended, once it has; one that only stopped speaking is ended here."""
        await self._child.ended(within_s=1.0)
        code = self._child.exit_code
        if code is None:
            self.kill()
            return "closed its line to the supervisor"
        return how_it_ended(code)
