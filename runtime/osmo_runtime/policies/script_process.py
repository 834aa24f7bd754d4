"""The process that runs the file of ``script:FILE``, as the supervisor sees it."""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from osmo_runtime import untrusted
from osmo_runtime.child import Child
from osmo_runtime.log import Log

#: Seconds between looks for a sign of life while calls wait.
_LOOK_EVERY_S = 2.0
#: Seconds that a process has to give one, before it is taken for blocked.
_SIGN_OF_LIFE_S = 2.0


class ProcessEndedError(Exception):
    """The process is gone, and a call that it had will have no answer; the text is a clause about the process."""


class ScriptProcess:
    """``start`` it, ``ask`` it many things at a time, and ``close`` it whatever happens."""

    def __init__(self, child: Child, log: Log) -> None:
        self._child = child
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self.has_answered = False
        #: Why it is over, as a clause; empty while it is not.
        self.ended = ""
        self._given_up = asyncio.Event()
        self._watching = asyncio.create_task(self._watch())
        self._listening = asyncio.gather(self._read_replies(), log.keep(child.errors))

    @classmethod
    async def start(cls, path: Path, log: Log) -> Self:
        # -P keeps the working folder, which is the user's, out of the way of our own imports.
        command = (sys.executable, "-P", "-m", "osmo_runtime.policies.script_child", str(path))
        return cls(await Child.start(*command, environment={"PYTHONUNBUFFERED": "1"}), log)

    async def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the process says to a request. Raises ``ProcessEndedError``.

        Once a caller has given up waiting, a process that does not answer anything any more is ended: it is blocked,
        and would keep all later calls waiting. Until then it may be at something that takes its time.
        """
        try:
            reply = await self._say({"request": request})
        except asyncio.CancelledError:
            self._given_up.set()
            raise
        self.has_answered = True
        return reply

    async def close(self) -> None:
        await self._child.close()
        await self._listening
        await self._watching

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

    async def _watch(self) -> None:
        while not self.ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._given_up.wait(), _LOOK_EVERY_S)
            if self._waiting or self._given_up.is_set():
                await self._look()

    async def _look(self) -> None:
        """Wait for a sign of life; where there is none in time, end the process once a caller has given up."""
        sign, given_up = asyncio.create_task(self._say({})), asyncio.create_task(self._given_up.wait())
        await asyncio.wait({sign}, timeout=_SIGN_OF_LIFE_S)
        await asyncio.wait({sign, given_up}, return_when=asyncio.FIRST_COMPLETED)
        if not sign.done():
            self._end("its process was blocked (does it wait without `await`?)")
        given_up.cancel()
        self._given_up.clear()
        await asyncio.gather(sign, given_up, return_exceptions=True)

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
            waiting.set_result(reply)

    def _end(self, why: str) -> None:
        self.ended = self.ended or why
        self._given_up.set()
        self._child.kill()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ProcessEndedError(self.ended))
