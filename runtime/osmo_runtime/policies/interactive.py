"""Stops at every model call of a run, and lets a person look at it before the rollout gets its answer.

It stands in front of the policy, where the endpoint asks, so it stops the calls of every agent framework.
"""

import asyncio
import signal
from collections.abc import Callable, Container

from osmo_runtime.model import Attempt
from osmo_runtime.policies import terminal
from osmo_runtime.policies.base import ChatReply, ChatRequest, Policy, PolicyError, Setting, Wrapper

_HELP = "n next   c continue to the end   m messages   t tools   e edit the reply   r N go to row N   q quit"


class Guide:
    """What the person decided, over the runs that one session may start: each jump to a row starts another.

    ``row`` is the row to go to; ``has_quit`` and ``goes_on`` are what they say.
    """

    def __init__(self, rows: Container[int]) -> None:
        self.rows = rows
        self.row: int | None = None
        self.has_quit = False
        self.goes_on = False
        self.terminal = terminal.Terminal()

    def in_front_of(self, policy: Policy) -> Policy:
        return InteractivePolicy(policy, self)


class InteractivePolicy(Wrapper):
    def __init__(self, inner: Policy, guide: Guide) -> None:
        super().__init__(inner)
        self._guide = guide
        self._turn = asyncio.Lock()
        self._shown: dict[Attempt, int] = {}
        self._redact: Callable[[str], str] = str

    def prepare(self, setting: Setting) -> None:
        super().prepare(setting)
        self._redact = setting.redact

    async def answer(self, request: ChatRequest) -> ChatReply:
        async with self._turn:
            reply = await self._inner_reply(request)
            if not self._guide.goes_on:
                self._show(self._question(request))
                reply = await self._decided(request, reply)
            if isinstance(reply, PolicyError):
                raise reply
            return reply

    async def _inner_reply(self, request: ChatRequest) -> ChatReply | PolicyError:
        try:
            return await self._inner.answer(request)
        except PolicyError as error:
            return error

    async def _decided(self, request: ChatRequest, reply: ChatReply | PolicyError) -> ChatReply | PolicyError:
        self._show(_reply(reply), _HELP)
        while True:
            command, _, rest = (await self._command()).strip().partition(" ")
            match command:
                case "n" | "":
                    return reply
                case "c":
                    self._guide.goes_on = True
                    return reply
                case "m":
                    self._show(*map(terminal.shown, request.messages), _reply(reply))
                case "t":
                    self._show(*map(terminal.signature, request.tools), f"tools offered: {len(request.tools)}")
                case "e":
                    reply = await self._edited(request)
                case "r":
                    await self._go_to(rest.strip())
                case "q":
                    self._guide.has_quit = True
                    await self._end()
                case _:
                    self._show(_HELP)

    async def _command(self) -> str:
        """Return the next line; where nobody types any more, that is to quit."""
        try:
            return await self._guide.terminal.read()
        except PolicyError:
            return "q"

    async def _edited(self, request: ChatRequest) -> ChatReply | PolicyError:
        self._show(terminal.HELP)
        try:
            reply: ChatReply | PolicyError = await self._guide.terminal.answer(request)
        except PolicyError as error:
            reply = error
        self._show(_reply(reply), _HELP)
        return reply

    async def _go_to(self, wanted: str) -> None:
        if not wanted.isdecimal() or int(wanted) not in self._guide.rows:
            self._show(f"The run has no row {wanted!r}: say r and a number, as in r 3; rows count from 0.")
            return
        self._guide.row = int(wanted)
        await self._end()

    async def _end(self) -> None:
        """End the run as Ctrl-C does: what is counted stays, the attempt here is given back."""
        signal.raise_signal(signal.SIGINT)
        await asyncio.Event().wait()

    def _question(self, request: ChatRequest) -> str:
        """Return where the run is, and the messages that were not shown before."""
        attempt = request.attempt
        already = self._shown.get(attempt, 0)
        self._shown[attempt] = len(request.messages)
        label = "" if request.label is None else f", label {request.label}"
        head = f"--- row {attempt.row}, attempt {attempt.repeat}, call {request.call}{label} ---"
        return "\n".join(("", head, *(terminal.shown(message) for message in request.messages[already:])))

    def _show(self, *texts: str) -> None:
        self._guide.terminal.write(self._redact("\n".join(texts)))


def _reply(reply: ChatReply | PolicyError) -> str:
    if isinstance(reply, PolicyError):
        return f"[reply] none: {reply}"
    calls = (f"    calls {call.name} {call.arguments}" for call in reply.tool_calls)
    return "\n".join((f"[reply] {reply.content or ''}".rstrip(), *calls))
