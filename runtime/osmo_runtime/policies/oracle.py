r"""``oracle`` or ``oracle:TEMPLATE``: the row's label, through the tools it is offered.

If tools are offered and none was used since the last user message, it calls the one whose name and description share
most words with that message, once, with arguments that satisfy the tool's schema. Then it gives the final answer.

The answer is TEMPLATE with ``{label}`` replaced. Without one it follows the prompt: one that shows ``####`` gets
``#### label``, ``\boxed{`` gets ``\boxed{label}``, ``<answer>`` gets ``<answer>label</answer>``; any other gets the
bare label.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

from osmo_checks.errors import UsageError
from osmo_runtime.model import Message
from osmo_runtime.policies.arguments import arguments_for
from osmo_runtime.policies.base import ChatReply, ChatRequest, ToolCall, last_user_text, text_of

#: What a prompt shows, and the answer it then expects.
_ANSWER_FORMATS = (
    ("####", "#### {label}"),
    ("\\boxed{", "\\boxed{{label}}"),
    ("<answer>", "<answer>{label}</answer>"),
)


class OraclePolicy:
    def __init__(self, template: str | None = None) -> None:
        self._template = template

    @classmethod
    def from_argument(cls, argument: str | None) -> Self:
        if argument is not None and "{label}" not in argument:
            raise UsageError(
                f"The template of the policy `oracle` has to hold {{label}}, but is {argument!r}: "
                "write for example `--policy 'oracle:#### {label}'`."
            )
        return cls(argument)

    async def answer(self, request: ChatRequest) -> ChatReply:
        if request.tools and request.options.get("tool_choice") != "none" and not _used_a_tool(request.messages):
            return ChatReply(tool_calls=[_tool_call(request)])
        template = self._template or template_for(request.messages)
        return ChatReply(content=template.replace("{label}", request.label or ""))


def _used_a_tool(messages: Sequence[Message]) -> bool:
    for message in reversed(messages):
        if message.get("role") == "tool":
            return True
        if message.get("role") == "user":
            return False
    return False


def template_for(messages: Sequence[Message]) -> str:
    """Return how a prompt wants answers written, with ``{label}`` where the answer goes."""
    prompt = "\n".join(text_of(message) for message in messages if message.get("role") in ("system", "user"))
    return next((template for sign, template in _ANSWER_FORMATS if sign in prompt), "{label}")


def _tool_call(request: ChatRequest) -> ToolCall:
    text = last_user_text(request.messages)
    tool = _most_fitting(request.tools, text)
    schema = tool.get("parameters")
    return ToolCall(str(tool.get("name", "")), arguments_for(schema if isinstance(schema, Mapping) else {}, text))


def _most_fitting(tools: Sequence[Mapping[str, Any]], text: str) -> Mapping[str, Any]:
    """Return the tool that shares most words with ``text``; the first of equals."""
    wanted = _words(text)
    return max(tools, key=lambda tool: len(wanted & _words(f"{tool.get('name', '')} {tool.get('description', '')}")))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.replace("_", " ").lower()))
