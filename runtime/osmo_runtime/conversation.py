"""A trajectory turned back into messages of the Chat Completions API, and into text that people read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from osmo_runtime.model import Message

_ROLES = {"system": "system", "user": "user", "agent": "assistant"}


def messages_of(trajectory: Mapping[str, Any]) -> list[Message]:
    """Return the conversation in the shape that fine-tuning and Chat Completions take."""
    return [message for step in trajectory.get("steps", ()) for message in _messages(step)]


def _messages(step: Mapping[str, Any]) -> Iterator[Message]:
    results = step.get("observation", {}).get("results", ())
    calls = step.get("tool_calls", ())
    if step.get("message") or calls or not results:
        message: Message = {"role": _ROLES.get(step.get("source", ""), "user"), "content": step.get("message", "")}
        if step.get("reasoning_content"):
            message["reasoning_content"] = step["reasoning_content"]
        if calls:
            message["tool_calls"] = [_call(call) for call in calls]
        yield message
    for result in results:
        call_id = result.get("source_call_id") or result.get("extra", {}).get("tool_call_id") or ""
        yield {"role": "tool", "tool_call_id": str(call_id), "content": result.get("content") or ""}


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    arguments = call.get("arguments", {})
    # What the model wrote, where it was no JSON object.
    text = arguments["_raw"] if set(arguments) == {"_raw"} else json.dumps(arguments, ensure_ascii=False)
    function = {"name": call.get("function_name", ""), "arguments": text if isinstance(text, str) else json.dumps(text)}
    return {"id": call.get("tool_call_id", ""), "type": "function", "function": function}


def as_text(messages: list[Message]) -> Iterator[str]:
    """Yield lines to read: who speaks on a line, what was said below it, indented."""
    for message in messages:
        yield f"[{_speaker(message)}]"
        for text in (message.get("reasoning_content"), message.get("content")):
            yield from (f"  {line}" for line in str(text or "").splitlines())
        for call in message.get("tool_calls", ()):
            yield f"  -> {call['function']['name']}({call['function']['arguments']})   {call['id']}"
        yield ""


def _speaker(message: Message) -> str:
    call = message.get("tool_call_id")
    return f"{message['role']} {call}" if call else str(message["role"])
