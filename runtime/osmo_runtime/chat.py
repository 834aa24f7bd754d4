"""Chat Completions, as bytes: reads a request's body, writes replies whole or as server-sent events.

Tokens are estimated, the same everywhere and for every policy: one for each four characters of text, rounded up.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from osmo_runtime import untrusted
from osmo_runtime.model import Message
from osmo_runtime.policies.base import ChatReply, text_of

MODEL = "osmosis-rollout"


class ChatError(Exception):
    """A request that is refused: ``status`` is HTTP's, ``kind`` and ``code`` are of OpenAI's error object.

    A caller may try again where ``retry_after_s`` says when.
    """

    def __init__(
        self,
        status: int,
        message: str,
        kind: str = "invalid_request_error",
        code: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.retry_after_s = retry_after_s

    def headers(self) -> dict[str, str]:
        """Return what OpenAI's clients, and others, go by: when to try again, or that it is no use."""
        if self.retry_after_s is not None:
            return {
                "Retry-After": str(math.ceil(self.retry_after_s)),
                "retry-after-ms": f"{self.retry_after_s * 1000:g}",
            }
        # A policy that fails once fails again.
        return {"x-should-retry": "false"} if self.status >= 500 else {}

    def body(self) -> bytes:
        error = {"message": str(self), "type": self.kind, "param": None, "code": self.code}
        return json.dumps({"error": error}).encode()


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """``tools`` are the function objects; ``options`` is everything else the caller said."""

    messages: list[Message]
    tools: list[dict[str, Any]]
    stream: bool
    include_usage: bool
    options: dict[str, Any] = field(default_factory=dict)


def parse_request(body: bytes) -> ParsedRequest:
    """Read a request's body. Raises ``ChatError`` (400) that says what is wrong."""
    try:
        data = untrusted.loads(body)
    except ValueError as error:
        raise ChatError(400, f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise ChatError(400, "The body has to be a JSON object.")
    messages = data.pop("messages", None)
    if not isinstance(messages, list) or not messages or not all(_is_message(message) for message in messages):
        raise ChatError(400, "messages has to be a list of at least one object with a role.")
    if data.get("n") not in (None, 1):
        raise ChatError(400, "Only n=1 is served: a rollout's model call has one reply.")
    stream_options = data.pop("stream_options", None)
    return ParsedRequest(
        messages=messages,
        tools=_functions(data.pop("tools", None)),
        stream=data.pop("stream", None) is True,
        include_usage=isinstance(stream_options, dict) and stream_options.get("include_usage") is True,
        options=data,
    )


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and isinstance(message.get("role"), str)


def _functions(tools: Any) -> list[dict[str, Any]]:
    if tools is None:
        return []
    if not isinstance(tools, list):
        raise ChatError(400, "tools has to be a list.")
    functions = [tool.get("function") if isinstance(tool, dict) else None for tool in tools]
    named = [function for function in functions if isinstance(function, dict) and function.get("name")]
    if len(named) != len(tools):
        raise ChatError(400, "Each of tools has to be an object with a function that has a name.")
    return named


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply with all that the wire needs; ``key`` (attempt and call) makes its ids the same in every run."""

    key: str
    message: Message
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int

    @property
    def usage(self) -> dict[str, int]:
        total = self.prompt_tokens + self.completion_tokens
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": total,
        }


def complete(key: str, messages: Sequence[Message], reply: ChatReply) -> Completion:
    message: Message = {"role": "assistant", "content": reply.content}
    if reply.tool_calls:
        message["tool_calls"] = [
            {
                "id": f"call_{_digest(f'{key}/{number}')}",
                "type": "function",
                "function": {"name": call.name, "arguments": _as_text(call.arguments)},
            }
            for number, call in enumerate(reply.tool_calls)
        ]
    return Completion(
        key=key,
        message=message,
        finish_reason=reply.finish_reason or ("tool_calls" if reply.tool_calls else "stop"),
        prompt_tokens=sum(_tokens(message) for message in messages),
        completion_tokens=_tokens(message),
    )


def _as_text(arguments: Mapping[str, Any] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(dict(arguments))


def whole(completion: Completion) -> bytes:
    choice = {"index": 0, "message": completion.message, "finish_reason": completion.finish_reason, "logprobs": None}
    body = {**_head(completion, "chat.completion"), "choices": [choice], "usage": completion.usage}
    return json.dumps(body).encode()


def events(completion: Completion, *, include_usage: bool) -> bytes:
    """Return the reply as server-sent events, in one piece: the policy's answer is complete before it is sent."""
    head = _head(completion, "chat.completion.chunk")
    deltas = [{"index": 0, "delta": delta, "finish_reason": None} for delta in _deltas(completion.message)]
    last = {"index": 0, "delta": {}, "finish_reason": completion.finish_reason}
    chunks: list[dict[str, Any]] = [{**head, "choices": [choice]} for choice in (*deltas, last)]
    if include_usage:
        chunks.append({**head, "choices": [], "usage": completion.usage})
    return b"".join(b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in chunks) + b"data: [DONE]\n\n"


def models() -> bytes:
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "osmo-scaffold"}
    return json.dumps({"object": "list", "data": [model]}).encode()


def _deltas(message: Message) -> list[dict[str, Any]]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": message["content"]}]
    for index, call in enumerate(message.get("tool_calls", ())):
        function = call["function"]
        opening = {**call, "index": index, "function": {"name": function["name"], "arguments": ""}}
        rest = {"index": index, "function": {"arguments": function["arguments"]}}
        deltas += [{"tool_calls": [opening]}, {"tool_calls": [rest]}]
    return deltas


def _head(completion: Completion, kind: str) -> dict[str, Any]:
    # `created` is a time, and the same seed has to give the same bytes.
    return {"id": f"chatcmpl-{_digest(completion.key)}", "object": kind, "created": 0, "model": MODEL}


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _tokens(message: Mapping[str, Any]) -> int:
    characters = len(text_of(message))
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            characters += len(str(function.get("name", ""))) + len(str(function.get("arguments", "")))
    return (characters + 3) // 4
