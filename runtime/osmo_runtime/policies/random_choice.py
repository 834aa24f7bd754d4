"""``random``: the label of a random row, or a random tool. What it earns is what guessing earns.

Where tools are offered, every other call on average is of a random one of them, with arguments that satisfy its schema;
all others are answered with a random one of the dataset's labels, each of which is as likely, in the form that the
prompt asks for (see ``oracle``). ``--seed`` decides.
"""

from collections.abc import Mapping, Sequence
from typing import Self, TypeVar

from osmo_runtime.policies.arguments import arguments_for
from osmo_runtime.policies.base import (
    ChatReply,
    ChatRequest,
    Setting,
    ToolCall,
    fraction,
    last_user_text,
    without_argument,
)
from osmo_runtime.policies.oracle import template_for

T = TypeVar("T")


class RandomPolicy:
    def __init__(self) -> None:
        self._labels: Sequence[str] = ()

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        without_argument("random", argument)
        return cls()

    def prepare(self, setting: Setting) -> None:
        self._labels = list(dict.fromkeys(setting.labels))

    async def answer(self, request: ChatRequest) -> ChatReply:
        if request.tools and request.options.get("tool_choice") != "none" and fraction(request.seed, "kind") < 0.5:
            tool = _one_of(request.tools, fraction(request.seed, "tool"))
            schema = tool.get("parameters")
            arguments = arguments_for(schema if isinstance(schema, Mapping) else {}, last_user_text(request.messages))
            return ChatReply(tool_calls=[ToolCall(str(tool.get("name", "")), arguments)])
        label = _one_of(self._labels or ("",), fraction(request.seed, "label"))
        return ChatReply(content=template_for(request.messages).replace("{label}", label))


def _one_of(choices: Sequence[T], where: float) -> T:
    return choices[int(where * len(choices))]
