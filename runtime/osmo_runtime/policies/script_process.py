"""The process that runs the file of ``script:FILE``, as the supervisor sees it."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from osmo_runtime import untrusted
from osmo_runtime.child import Child
from osmo_runtime.log import Log

#: Seconds that a process has to give a sign of life, before it is taken for blocked.
_SIGN_OF_LIFE_S = 2.0


class ProcessEndedError(Exception):
    """The process is gone, and a call that it had will have no answer; the text is a clause about the process."""


class ScriptProcess:
    """``start`` it, ``ask`` it many things at a time, and ``close`` it whatever happens."""

    def __init__(self, child: Child, log: Log) -> None:
        self._child = child
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._looking: set[asyncio.Task[None]] = set()
        self.has_answered = False
        #: Why it is over, as a clause; empty while it is not.
        self.ended = ""
        self._listening = asyncio.gather(self._read_replies(), log.keep(child.errors))

    @classmethod
    async def start(cls, path: Path, log: Log) -> Self:
        # -P keeps the working folder, which is the user's, out of the way of our own imports.
        command = (sys.executable, "-P", "-m", "osmo_runtime.policies.script_child", str(path))
        return cls(await Child.start(*command, environment={"PYTHONUNBUFFERED": "1"}), log)

    async def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the process says to a request. Raises ``ProcessEndedError``.

        Where the caller gives up waiting, a process that does not answer anything any more is ended: it is blocked,
        and would keep all later calls waiting.
        """
        try:
            return await self._say({"request": request})
        except asyncio.CancelledError:
            looking = asyncio.create_task(self._end_if_blocked())
            self._looking.add(looking)
            looking.add_done_callback(self._looking.discard)
            raise

    async def close(self) -> None:
        await self._child.close()
        await self._listening
        await asyncio.gather(*self._looking)

    async def _say(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if self.ended:
            raise ProcessEndedError(self.ended)
        number, self._asked = self._asked, self._asked + 1
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._child.write_line(json.dumps({"id": number, **order}, default=str).encode())
        try:
            reply: dict[str, Any] = await waiting
        finally:
            del self._waiting[number]
        return reply

    async def _end_if_blocked(self) -> None:
        try:
            await asyncio.wait_for(self._say({}), _SIGN_OF_LIFE_S)
        except TimeoutError:
            self._end("its process was blocked (does it wait without `await`?)")
        except ProcessEndedError:
            pass

    async def _read_replies(self) -> None:
        try:
            while line := await self._child.read_line():
                self._hand_out(untrusted.loads(line))
            await self._child.ended(within_s=1.0)
            self._end(f"its process ended (exit code {self._child.exit_code})")
        except (ValueError, TypeError, KeyError):
            self._end(
                "something else than answers came out of its process "
                "(does it fork, or write to file descriptors that it did not open?)"
            )

    def _hand_out(self, reply: dict[str, Any]) -> None:
        waiting = self._waiting.get(reply["id"])
        if waiting is not None and not waiting.done():
            self.has_answered = True
            waiting.set_result(reply)

    def _end(self, why: str) -> None:
        self.ended = self.ended or why
        self._child.kill()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ProcessEndedError(self.ended))
