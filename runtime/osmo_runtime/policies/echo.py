"""``echo``: the last user message comes back. A grader that rewards this rewards the prompt."""

from typing import Self

from osmo_runtime.policies.base import ChatReply, ChatRequest, last_user_text, without_argument


class EchoPolicy:
    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        without_argument("echo", argument)
        return cls()

    async def answer(self, request: ChatRequest) -> ChatReply:
        return ChatReply(content=last_user_text(request.messages))
