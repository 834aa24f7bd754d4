"""Errors of tools that frameworks told the model: found in conversations, counted over a run."""

from collections.abc import Iterable
from typing import Any

from osmo_runtime.journal import Entry
from osmo_runtime.metrics import Totals
from osmo_runtime.model import Attempt, Call, Graded, Message, Report, Sample
from osmo_runtime.statistics.gathering import gather
from osmo_runtime.statistics.plain import statistics_json
from osmo_runtime.tool_errors import OTHERS, tool_errors
from osmo_scaffold.commands.runs_text import statistics_lines

RAISED = "Error: KeyError - 'price'"


def conversation(*results: str) -> list[Message]:
    messages: list[Message] = [{"role": "user", "content": "How much?"}]
    for number, result in enumerate(results):
        call = {"id": f"call_{number}", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": result})
    return messages


def report(*conversations: list[Message], row: int = 0) -> Report:
    calls = tuple(Call(messages, None, "stop", 1, 1, 0.0) for messages in conversations)
    sample = Sample("main", conversations[-1], 1.0)
    return Report(Attempt(row, 0), Graded(1.0), "2026-01-01T00:00:00+00:00", 1.0, (sample,), calls)


def test_what_model_calls_repeat_is_counted_once() -> None:
    found = tool_errors(report(conversation(RAISED), conversation(RAISED, "12", RAISED)))
    assert found == {f"look_up: {RAISED}": 2}


def test_a_mistake_of_the_model_is_no_error_of_a_tool() -> None:
    mistakes = (
        "Error: Validation failed for input parameters: 1 validation error for Look_upTool",
        "An error occurred while running the tool. Please try again. Error: Invalid JSON input for tool look_up: {",
        "Unknown tool: no_such_tool",
        "no Error: here",
    )
    assert tool_errors(report(conversation(*mistakes))) == {}


def test_only_the_first_line_is_told_and_a_part_of_many_messages() -> None:
    found = tool_errors(report(conversation(*(f"Error: {number}\nand more" for number in range(13)))))
    assert found[OTHERS] == 3
    assert len(found) == 11
    assert "look_up: Error: 0" in found


def test_content_in_parts_and_calls_without_a_name() -> None:
    parts = [{"type": "text", "text": RAISED}]
    assert tool_errors(report([{"role": "tool", "tool_call_id": "x", "content": parts}])) == {f"a tool: {RAISED}": 1}


def test_a_run_says_how_many_and_in_how_many_attempts() -> None:
    conversations = (conversation("12"), conversation(RAISED), conversation(RAISED, RAISED))
    entries = [Entry.of(report(conversation, row=row)) for row, conversation in enumerate(conversations)]
    entries = [Entry.from_json(entry.to_json()) for entry in entries]
    told = {"count": 3, "attempts": 2, "first": "row_1_run_0", "message": f"look_up: {RAISED}"}
    assert _summary(entries)["tool_errors"] == told
    assert "tool_errors" not in _summary(entries[:1])
    lines = list(statistics_lines(statistics_json(gather(entries, 1.0))))
    assert lines[-2].endswith(": 3 errors in 2 attempts")
    assert lines[-1] == f"3 x look_up: {RAISED}, first at row 1"


def _summary(entries: Iterable[Entry]) -> dict[str, Any]:
    totals = Totals(1.0)
    for entry in entries:
        totals.add(entry)
    return totals.summary()
