"""``script:FILE``: a Python file with ``async def answer(request) -> str | dict``.

The file is the user's code, so it runs in a child process, which answers many calls at a time. One that ends is
replaced, and so is one that is blocked once a caller has given up waiting. Calls that still wait then are asked once
more, each in a process of its own; those that were given up at the same time as the one that blocks are lost with it.
``request`` is a dict with ``messages``, ``tools``, ``label``, ``metadata``, ``row``, ``repeat``, ``call``, ``seed`` and
``options``. A dict that comes back may hold ``content`` and ``tool_calls``, a list of ``{"name", "arguments"}``.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Self

from osmo_checks.errors import UsageError
from osmo_checks.paths import is_file
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, Setting, ToolCall
from osmo_runtime.policies.script_process import ProcessEndedError, ScriptProcess

#: Processes in a row that ended before they had answered anything, after which none is started any more.
_MOST_LOST = 3
#: Calls at a time that are asked once more: one that blocks must not keep the others waiting.
_ALONE_AT_ONCE = 4


class ScriptPolicy:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Setting().log
        self._process: ScriptProcess | None = None
        self._starting = asyncio.Lock()
        self._alone = asyncio.Semaphore(_ALONE_AT_ONCE)
        self._lost = 0

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
        asked = _request_json(request)
        process = await self._running()
        try:
            reply = await process.ask(asked)
        except ProcessEndedError:
            reply = await self._ask_alone(asked)
        return _reply_from(reply, self._path.name)

    async def close(self) -> None:
        if self._process is not None:
            await self._process.close()

    async def _running(self) -> ScriptProcess:
        """Return the process that all calls share, a new one where the last has ended. Raises ``PolicyError``."""
        async with self._starting:
            if self._process is not None and self._process.ended:
                self._lost = 0 if self._process.has_answered else self._lost + 1
                if self._lost >= _MOST_LOST:
                    raise PolicyError(f"{self._path.name}: {self._process.ended}")
                await self._process.close()
                self._process = None
            if self._process is None:
                self._process = await ScriptProcess.start(self._path, self._log)
            return self._process

    async def _ask_alone(self, asked: dict[str, Any]) -> dict[str, Any]:
        async with self._alone:
            process = await ScriptProcess.start(self._path, self._log)
            try:
                return await process.ask(asked)
            except ProcessEndedError as error:
                raise PolicyError(f"{self._path.name}: {error}") from None
            finally:
                await process.close()


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
