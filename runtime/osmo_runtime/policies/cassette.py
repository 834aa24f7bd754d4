"""``record:FILE=POLICY`` and ``replay:FILE``: what a policy once answered, kept in a file and answered again.

A cassette is JSON Lines, one reply a line, under a digest of what was asked: messages, tools and options such as
``temperature``. Where one thing was asked often, each attempt and call has the reply of its own back; one that never
asked has the first. Secrets are replaced before anything is written, and before anything is looked for.

Recording adds to what is there, and a later reply to the same call of the same attempt stands instead of an earlier
one. A line counts once it is whole, so a recording that was killed can be replayed and gone on with.
"""

import fcntl
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Self, TypeAlias

from osmo_checks.errors import UsageError
from osmo_checks.paths import is_file
from osmo_runtime import redact, untrusted
from osmo_runtime.policies.base import ChatReply, ChatRequest, Policy, PolicyError, Setting, ToolCall, Wrapper, text_of

#: Who asked: row, repeat, number of the call.
Caller: TypeAlias = tuple[int, int, int]
#: What callers say of themselves, and not of what they ask.
_NOT_CONTENT = {"model", "user", "seed", "metadata", "safety_identifier"}
_SHOWN = 80


class RecordingPolicy(Wrapper):
    def __init__(self, path: Path, inner: Policy) -> None:
        super().__init__(inner)
        self._answer = inner.answer
        self._path = path
        self._change: Callable[[str], str] = str
        self._stream: IO[bytes] | None = None

    def prepare(self, setting: Setting) -> None:
        super().prepare(setting)
        self._change = setting.redact
        self._stream = _opened(self._path)

    async def answer(self, request: ChatRequest) -> ChatReply:
        reply = await self._answer(request)
        if self._stream is None:
            raise PolicyError(f"The cassette {self._path} is not open.")
        try:
            self._stream.write(_line(request, reply, self._change))
        except OSError as error:
            raise PolicyError(f"The reply cannot be recorded in {self._path}: {error.strerror}.") from error
        return reply

    async def close(self) -> None:
        await super().close()
        if self._stream is not None:
            self._stream.close()


class ReplayPolicy:
    def __init__(self, path: Path, replies: Mapping[str, Mapping[Caller, ChatReply]]) -> None:
        self._path = path
        self._replies = replies
        self._change: Callable[[str], str] = str

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        """Read a cassette. Raises ``UsageError`` for one that is not there, or holds something else."""
        if not argument:
            raise UsageError("The policy `replay` needs a cassette: write `--policy replay:FILE`.")
        path = Path(argument)
        if not is_file(path):
            message = f"The cassette {argument} does not exist: record it with `--policy record:{argument}=POLICY`."
            raise UsageError(message)
        return cls(path, _read(path))

    def prepare(self, setting: Setting) -> None:
        self._change = setting.redact

    async def answer(self, request: ChatRequest) -> ChatReply:
        replies = self._replies.get(_key(request, self._change))
        if replies is None:
            said = self._change(text_of(request.messages[-1]))[:_SHOWN]
            raise PolicyError(
                f"{self._path.name} has no reply to call {request.call} of this attempt, which ends in {said!r}: "
                f"record it with `--policy record:{self._path}=POLICY`."
            )
        return replies.get(_caller(request)) or replies[min(replies)]


def _caller(request: ChatRequest) -> Caller:
    return (request.attempt.row, request.attempt.repeat, request.call)


def _key(request: ChatRequest, change: Callable[[str], str]) -> str:
    """Return the digest of what is asked. Ids of tool calls are numbered: they differ from seed to seed."""
    options = {name: value for name, value in request.options.items() if name not in _NOT_CONTENT}
    content = {"messages": list(request.messages), "tools": list(request.tools), "options": options}
    text = json.dumps(redact.in_values(_numbered(content), change), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _numbered(content: dict[str, Any]) -> dict[str, Any]:
    """Return a request's content with the ids of tool calls in the order in which they come up."""
    numbers: dict[str, str] = {}

    def numbered(owner: Mapping[str, Any], name: str) -> dict[str, Any]:
        known = isinstance(owner.get(name), str)
        return {**owner, name: numbers.setdefault(owner[name], f"call_{len(numbers)}")} if known else dict(owner)

    messages = []
    for message in content["messages"]:
        changed = numbered(message, "tool_call_id")
        calls = message.get("tool_calls")
        if isinstance(calls, list):
            changed["tool_calls"] = [numbered(call, "id") if isinstance(call, dict) else call for call in calls]
        messages.append(changed)
    return {**content, "messages": messages}


def _line(request: ChatRequest, reply: ChatReply, change: Callable[[str], str]) -> bytes:
    row, repeat, call = _caller(request)
    calls = [{"name": made.name, "arguments": made.arguments} for made in reply.tool_calls]
    said = {"content": reply.content, "tool_calls": calls, "finish_reason": reply.finish_reason}
    written = {
        "request": _key(request, change),
        "row": row,
        "repeat": repeat,
        "call": call,
        "asked": change(text_of(request.messages[-1]))[:_SHOWN],
        "reply": redact.in_values(said, change),
    }
    return json.dumps(written, default=str).encode() + b"\n"


def _opened(path: Path) -> IO[bytes]:
    """Open a cassette behind its last whole line, for this process alone. Raises ``UsageError`` where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("ab", buffering=0)
    except OSError as error:
        raise UsageError(f"The cassette {path} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _read(path)
        stream.truncate(path.read_bytes().rfind(b"\n") + 1)
    except OSError:
        stream.close()
        raise UsageError(f"The cassette {path} is being recorded by another process: use another file.") from None
    except UsageError:
        stream.close()
        raise
    return stream


def _read(path: Path) -> dict[str, dict[Caller, ChatReply]]:
    """Return the replies on a cassette. Raises ``UsageError`` for lines that no recording wrote."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise UsageError(f"The cassette {path} cannot be read: {error.strerror}.") from error
    replies: dict[str, dict[Caller, ChatReply]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            data = untrusted.loads(line)
            caller = (int(data["row"]), int(data["repeat"]), int(data["call"]))
            replies.setdefault(data["request"], {})[caller] = _reply(data["reply"])
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{path} is no cassette: line {number} is not what a recording writes.") from None
    return replies


def _reply(data: Mapping[str, Any]) -> ChatReply:
    calls = [ToolCall(str(call["name"]), call["arguments"]) for call in data["tool_calls"]]
    return ChatReply(data["content"], calls, data["finish_reason"])
