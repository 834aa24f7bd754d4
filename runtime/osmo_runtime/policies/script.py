"""``script:FILE``: a Python file with ``async def answer(request) -> str | dict``.

The file is the user's code, so it runs in a child process: one, for the whole run, that answers many calls at a time.
``request`` is a dict with ``messages``, ``tools``, ``label``, ``metadata``, ``row``, ``repeat``, ``call``, ``seed`` and
``options``. A dict that comes back may hold ``content`` and ``tool_calls``, a list of ``{"name", "arguments"}``.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Self

from osmo_checks.errors import UsageError
from osmo_checks.paths import is_file
from osmo_runtime import untrusted
from osmo_runtime.child import Child
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, Setting, ToolCall


class ScriptPolicy:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Setting().log
        self._child: Child | None = None
        self._listening: list[asyncio.Task[None]] = []
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._broken = ""

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        if not argument:
            raise UsageError("The policy `script` needs a Python file: write `--policy script:FILE`.")
        path = Path(argument)
        if not is_file(path):
            raise UsageError(f"The policy's file {argument} does not exist.")
        return cls(path.absolute())

    def prepare(self, setting: Setting) -> None:
        self._log = setting.log

    async def answer(self, request: ChatRequest) -> ChatReply:
        child = await self._started()
        if self._broken:
            raise PolicyError(f"{self._path.name}: {self._broken}")
        number, self._asked = self._asked, self._asked + 1
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        child.write_line(json.dumps({"id": number, "request": _request_json(request)}, default=str).encode())
        try:
            return _reply_from(await waiting, self._path.name)
        finally:
            del self._waiting[number]

    async def close(self) -> None:
        if self._child is not None:
            await self._child.close()
        await asyncio.gather(*self._listening)

    async def _started(self) -> Child:
        async with self._starting:
            if self._child is None:
                # -P keeps the working folder, which is the user's, out of the way of our own imports.
                command = (sys.executable, "-P", "-m", "osmo_runtime.policies.script_child", str(self._path))
                self._child = await Child.start(*command, environment={"PYTHONUNBUFFERED": "1"})
                listening = (self._read_replies(self._child), self._log.keep(self._child.errors))
                self._listening = [asyncio.create_task(work) for work in listening]
            return self._child

    async def _read_replies(self, child: Child) -> None:
        """Hand out replies until there are no more; from then on every call is told why."""
        try:
            while line := await child.read_line():
                self._hand_out(untrusted.loads(line))
            await child.ended(within_s=1.0)
            self._broken = f"its process ended (exit code {child.exit_code})"
        except (ValueError, TypeError, KeyError):
            self._broken = (
                "something else than answers came out of its process "
                "(does it fork, or write to file descriptors that it did not open?)"
            )
        child.kill()
        for number in self._waiting:
            self._hand_out({"id": number, "error": self._broken})

    def _hand_out(self, reply: dict[str, Any]) -> None:
        waiting = self._waiting.get(reply["id"])
        if waiting is not None and not waiting.done():
            waiting.set_result(reply)


def _request_json(request: ChatRequest) -> dict[str, Any]:
    return {
        "messages": list(request.messages),
        "tools": list(request.tools),
        "label": request.label,
        "metadata": request.metadata,
        "row": request.attempt.row,
        "repeat": request.attempt.repeat,
        "call": request.call,
        "seed": request.seed,
        "options": dict(request.options),
    }


def _reply_from(reply: dict[str, Any], name: str) -> ChatReply:
    if "answer" not in reply:
        raise PolicyError(f"{name}: {reply.get('error')}")
    answer = reply["answer"]
    if isinstance(answer, str):
        return ChatReply(content=answer)
    if not _is_answer(answer):
        raise PolicyError(
            f"{name}: answer() has to return a str or a dict with content (str) and tool_calls "
            f'({{"name": str, "arguments": dict}}), not {json.dumps(answer)[:200]}'
        )
    calls = answer.get("tool_calls") or ()
    tool_calls = [ToolCall(call["name"], call.get("arguments") or {}) for call in calls]
    return ChatReply(content=answer.get("content"), tool_calls=tool_calls)


def _is_answer(answer: Any) -> bool:
    if not isinstance(answer, dict) or not isinstance(answer.get("content"), str | None):
        return False
    calls = answer.get("tool_calls") or []
    return isinstance(calls, list) and all(_is_call(call) for call in calls)


def _is_call(call: Any) -> bool:
    return (
        isinstance(call, dict) and isinstance(call.get("name"), str) and isinstance(call.get("arguments") or {}, dict)
    )
