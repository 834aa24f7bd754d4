"""``empty``: no text and no tool call. A grader that rewards this rewards nothing at all."""

from typing import Self

from osmo_runtime.policies.base import ChatReply, ChatRequest, without_argument


class EmptyPolicy:
    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        without_argument("empty", argument)
        return cls()

    async def answer(self, request: ChatRequest) -> ChatReply:  # noqa: ARG002 - it is what a policy is given
        return ChatReply(content="")
