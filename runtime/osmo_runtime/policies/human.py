"""``human``: you answer, in the terminal, one call at a time."""

import asyncio
from typing import Self

from osmo_checks.errors import UsageError
from osmo_runtime.model import Attempt
from osmo_runtime.policies import terminal
from osmo_runtime.policies.base import ChatReply, ChatRequest, Setting, without_argument


class HumanPolicy:
    def __init__(self) -> None:
        self._terminal = terminal.Terminal()
        self._turn = asyncio.Lock()
        self._shown: dict[Attempt, int] = {}

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        without_argument("human", argument)
        return cls()

    def prepare(self, setting: Setting) -> None:  # noqa: ARG002 - it is what a policy is told
        if not terminal.is_there():
            raise UsageError("The policy `human` needs a terminal: without one, use `--policy script:FILE`.")

    async def answer(self, request: ChatRequest) -> ChatReply:
        async with self._turn:
            self._terminal.write(self._question(request))
            return await self._terminal.answer(request)

    def _question(self, request: ChatRequest) -> str:
        """Return what is to be answered: the messages that were not shown before, and the tools."""
        attempt = request.attempt
        already = self._shown.get(attempt, 0)
        self._shown[attempt] = len(request.messages)
        head = f"--- row {attempt.row}, repeat {attempt.repeat}, call {request.call} ---"
        messages = (terminal.shown(message) for message in request.messages[already:])
        tools = (terminal.signature(tool) for tool in request.tools)
        return "\n".join(("", head, *messages, *tools, terminal.HELP))
