"""Messages as frameworks write them, and as chat messages."""

from typing import Any

import pytest

from osmo_runtime.drivers.server.conversation import chat_messages

CALL = {"id": "c1", "type": "function", "function": {"name": "multiply", "arguments": '{"a": 2}'}}
ASKED = {"role": "user", "content": "2 x 3?"}
CALLED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOLD = {"role": "tool", "tool_call_id": "c1", "content": "6"}
ANSWERED = {"role": "assistant", "content": "6"}

STRANDS: list[dict[str, Any]] = [
    {"role": "user", "content": [{"text": "2 x 3?"}]},
    {"role": "assistant", "content": [{"toolUse": {"toolUseId": "c1", "name": "multiply", "input": {"a": 2}}}]},
    {"role": "user", "content": [{"toolResult": {"toolUseId": "c1", "status": "success", "content": [{"text": "6"}]}}]},
    {"role": "assistant", "content": [{"text": "6"}]},
]
RESPONSES: list[dict[str, Any]] = [
    {"role": "user", "content": "2 x 3?"},
    {"type": "function_call", "call_id": "c1", "name": "multiply", "arguments": '{"a": 2}', "id": "fc"},
    {"type": "function_call_output", "call_id": "c1", "output": "6"},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "6", "annotations": []}]},
]


@pytest.mark.parametrize("written", [STRANDS, RESPONSES, [ASKED, CALLED, TOLD, ANSWERED]])
def test_all_frameworks_say_the_same(written: list[dict[str, Any]]) -> None:
    assert chat_messages(written) == [ASKED, CALLED, TOLD, ANSWERED]


def test_what_is_said_and_called_at_once_stays_together() -> None:
    said = {"role": "assistant", "content": "I multiply."}
    items = [said, {"type": "function_call", "call_id": "c1", "name": "multiply", "arguments": '{"a": 2}'}]
    assert chat_messages(items) == [{**said, "tool_calls": [CALL]}]
    blocks = [{"text": "I multiply."}, {"toolUse": {"toolUseId": "c1", "name": "multiply", "input": {"a": 2}}}]
    assert chat_messages([{"role": "assistant", "content": blocks}]) == [{**said, "tool_calls": [CALL]}]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"role": 3, "content": [{"text": "x"}]},
        {"role": ["user"], "content": [{"text": "x"}]},
        {"role": "user", "content": [{"text": 3}]},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]},
        {"role": "user", "content": []},
        {"type": "function_call"},
        {"type": "function_call_output", "output": [1]},
        {"role": "user", "content": [{"toolResult": "x", "toolUse": []}]},
    ],
)
def test_what_is_of_no_known_shape_breaks_nothing(message: dict[str, Any]) -> None:
    found = chat_messages([message, message])
    assert found
    assert all(isinstance(message, dict) for message in found)
