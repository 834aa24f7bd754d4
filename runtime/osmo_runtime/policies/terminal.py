"""The terminal of policies that ask a person: what is shown there, and what is typed."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from osmo_checks.printable import printable
from osmo_runtime import untrusted
from osmo_runtime.model import Message
from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, ToolCall, text_of

HELP = 'Your answer, or: /tool NAME {"argument": 1}   /empty   /fail   (a line that ends in \\ goes on)'
_NOBODY = "nobody answers at the terminal any more"


class NotMeantError(Exception):
    """What was typed can be no answer; the text says why."""


def is_there() -> bool:
    """Tell whether there is a terminal to read from and to write to."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Terminal:
    """Reads lines without a thread: one that waits for a line cannot be ended when the run is interrupted."""

    def __init__(self) -> None:
        self._rest = b""
        self._has_ended = False

    def write(self, text: str) -> None:
        """Write text, control characters made visible: they could do anything to a terminal."""
        plain = printable(text, keep="\n\t")
        sys.stderr.write(f"{plain}\n")
        sys.stderr.flush()

    async def answer(self, request: ChatRequest) -> ChatReply:
        """Return what the person answers. Raises ``PolicyError`` where there is no answer."""
        while True:
            try:
                return reply_of(await self.read(), request)
            except NotMeantError as error:
                self.write(f"{error}\n{HELP}")

    async def read(self) -> str:
        """Return the next line, with those that it goes on in. Raises ``PolicyError`` where there is none."""
        text = await self._line()
        while text.endswith("\\"):
            text = f"{text[:-1]}\n{await self._line()}"
        return text

    async def _line(self) -> str:
        while b"\n" not in self._rest:
            if self._has_ended:
                raise PolicyError(_NOBODY)
            await self._readable()
            read = os.read(sys.stdin.fileno(), 65536)
            self._has_ended = not read
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(sys.stdin, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(sys.stdin)


def reply_of(line: str, request: ChatRequest) -> ChatReply:
    """Read what was typed. Raises ``NotMeantError`` for what can be no answer, and ``PolicyError`` for /fail."""
    command, _, rest = line.strip().partition(" ")
    match command:
        case "":
            raise NotMeantError("An empty line is no answer; /empty is.")
        case "/empty":
            return ChatReply(content="")
        case "/fail":
            raise PolicyError("the person at the terminal gave no answer")
        case "/tool":
            return ChatReply(tool_calls=[_tool_call(rest.strip(), request)])
    return ChatReply(content=line)


def _tool_call(text: str, request: ChatRequest) -> ToolCall:
    name, _, written = text.partition(" ")
    offered = [str(tool.get("name")) for tool in request.tools]
    if name not in offered:
        raise NotMeantError(f"There is no tool {name!r}; there is: {', '.join(offered) or 'none'}.")
    try:
        arguments = untrusted.loads(written or "{}")
    except ValueError as error:
        raise NotMeantError(f"The arguments are not JSON: {error}.") from None
    if not isinstance(arguments, dict):
        raise NotMeantError('The arguments have to be an object, as in {"a": 1}.')
    return ToolCall(name, arguments)


def shown(message: Message) -> str:
    return "\n".join((f"[{message.get('role')}] {text_of(message)}", *_calls(message)))


def _calls(message: Message) -> Iterator[str]:
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield f"    calls {function.get('name')} {function.get('arguments')}"


def signature(tool: Mapping[str, Any]) -> str:
    schema = tool.get("parameters")
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    arguments = properties if isinstance(properties, Mapping) else {}
    kinds = (f"{name}: {_kind(value)}" for name, value in arguments.items())
    return f"tool {tool.get('name')}({', '.join(kinds)})  {tool.get('description') or ''}".rstrip()


def _kind(schema: Any) -> str:
    kind = schema.get("type") if isinstance(schema, Mapping) else None
    return kind if isinstance(kind, str) else json.dumps(schema, default=str)
