"""Messages of samples in the Chat Completions shape. Servers send them as the rollout's framework writes them.

The SDK itself converts them for its own trajectories, which it keeps to itself.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from osmo_runtime.model import ROLES, Message


def chat_messages(messages: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Return messages of Strands (content blocks) and of the OpenAI Agents SDK (Responses items) as chat messages.

    Those that are chat messages already, or of some other shape, stay as they are.
    """
    found: list[Message] = []
    for message in messages:
        for converted in list(_converted(message)) or [dict(message)]:
            _add(found, converted)
    return found


def _converted(message: Mapping[str, Any]) -> Iterator[Message]:
    kind, content = message.get("type"), message.get("content")
    if kind == "function_call":
        yield {"role": "assistant", "content": None, "tool_calls": [_called(message, "call_id", "arguments")]}
    elif kind == "function_call_output":
        yield {"role": "tool", "tool_call_id": message.get("call_id"), "content": _as_text(message.get("output"))}
    elif message.get("role") in ROLES and _are_blocks(content):
        yield from _of_blocks(str(message["role"]), content)
    elif message.get("role") in ROLES and _are_parts(content):
        yield {"role": message["role"], "content": "\n".join(part["text"] for part in content)}
    else:
        yield dict(message)


def _of_blocks(role: str, blocks: list[dict[str, Any]]) -> Iterator[Message]:
    """Yield what one message of Strands says: results of tools first, each a message of its own."""
    for block in blocks:
        result = block.get("toolResult")
        if isinstance(result, dict):
            yield {"role": "tool", "tool_call_id": result.get("toolUseId"), "content": _result(result.get("content"))}
    calls = [
        _called(block["toolUse"], "toolUseId", "input") for block in blocks if isinstance(block.get("toolUse"), dict)
    ]
    texts = [block["text"] for block in blocks if isinstance(block.get("text"), str)]
    if texts or calls:
        text = "\n".join(texts) or None
        yield {"role": role, "content": text, **({"tool_calls": calls} if calls else {})}


def _add(found: list[Message], message: Message) -> None:
    """Add a message; one that only calls tools belongs to the agent's message before it."""
    calls = message.get("tool_calls")
    before = found[-1] if found else {}
    if calls and message.get("content") is None and before.get("role") == "assistant":
        found[-1] = {**before, "tool_calls": [*before.get("tool_calls", ()), *calls]}
    else:
        found.append(message)


def _called(call: Mapping[str, Any], name_of_id: str, name_of_arguments: str) -> dict[str, Any]:
    arguments = call.get(name_of_arguments)
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {"id": call.get(name_of_id), "type": "function", "function": {"name": call.get("name"), "arguments": text}}


def _result(content: Any) -> str:
    if isinstance(content, list) and all(
        isinstance(part, dict) and isinstance(part.get("text"), str) for part in content
    ):
        return "\n".join(part["text"] for part in content)
    return _as_text(content)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _are_blocks(content: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Tell whether ``content`` is what Strands has: objects that are named by what they hold."""
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(block, dict) and "type" not in block for block in content)
        and any(name in block for block in content for name in ("text", "toolUse", "toolResult"))
    )


def _are_parts(content: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Tell whether ``content`` is what the Responses API has: parts whose types say who wrote them."""
    return (
        isinstance(content, list)
        and bool(content)
        and all(
            isinstance(part, dict)
            and part.get("type") in ("input_text", "output_text")
            and isinstance(part.get("text"), str)
            for part in content
        )
    )
