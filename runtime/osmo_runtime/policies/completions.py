"""Chat Completions as a client speaks it: what a policy is asked as a request's body, and a reply read from a body."""

from collections.abc import Mapping
from typing import Any

from osmo_runtime.policies.base import ChatReply, ChatRequest, PolicyError, ToolCall, text_of

#: What rollouts say to the training cluster, and no other server understands; ours are the model and the stream.
_NOT_PASSED_ON = {"model", "stream", "n", "user", "metadata"}


def body_of(request: ChatRequest, model: str) -> dict[str, Any]:
    """Return the body that asks ``model`` what the rollout asked."""
    options = {name: value for name, value in request.options.items() if name not in _NOT_PASSED_ON}
    tools = [{"type": "function", "function": dict(function)} for function in request.tools]
    return {**options, "model": model, "messages": list(request.messages), **({"tools": tools} if tools else {})}


def reply_of(body: Any) -> ChatReply:
    """Read a completion. Raises ``PolicyError`` for what is none."""
    try:
        choice = body["choices"][0]
        message = choice["message"]
        calls = [_tool_call(call["function"]) for call in message.get("tool_calls") or ()]
        return ChatReply(_text(message), calls, choice.get("finish_reason"))
    except (KeyError, TypeError, IndexError, AttributeError):
        raise PolicyError("the model server's reply is no chat completion") from None


def _text(message: Mapping[str, Any]) -> str | None:
    return None if message.get("content") is None else text_of(message)


def _tool_call(function: Mapping[str, Any]) -> ToolCall:
    # Arguments go on as the model wrote them, well or badly.
    return ToolCall(str(function["name"]), str(function.get("arguments") or "{}"))
