"""Errors of tools that a framework told the model instead of the workflow: found where the model reads them.

Frameworks have words for them, and those are what is looked for; a tool, or a function of the rollout that words errors
otherwise, is not noticed. Arguments that a model got wrong are its own mistake, and no tool's error.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from osmo_runtime.model import Message, Report
from osmo_runtime.policies.base import text_of

#: Different messages that are kept of one attempt; more are counted as ``OTHERS``.
_MESSAGES = 10
OTHERS = "others"
_MAX_MESSAGE = 300
#: Strands (and LangGraph) begin with the first, the OpenAI Agents SDK with the others.
_ERROR = re.compile(r"Error: |An error occurred while running the tool|Tool '[^'\n]*' timed out after ")
_MISTAKE_OF_MODEL = re.compile(r"Error: Validation failed for input parameters|.*Error: Invalid JSON input for tool ")


def tool_errors(report: Report) -> dict[str, int]:
    """Return how often which tool said what in an attempt, as ``TOOL: FIRST LINE``.

    What stands in several conversations, as each model call repeats the ones before it, is counted once.
    """
    conversations = [call.messages for call in report.calls] + [sample.messages for sample in report.samples]
    distinct = {found for conversation in conversations for found in _in_conversation(conversation)}
    counts = Counter(said for _, said in sorted(distinct))
    kept = dict(counts.most_common(_MESSAGES))
    others = counts.total() - sum(kept.values())
    return kept | ({OTHERS: others} if others else {})


def _in_conversation(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """Yield the id of the call and what its tool said, for each that ended in an error."""
    for message in messages:
        if message.get("role") == "tool":
            text = text_of(message)
            if _ERROR.match(text) and not _MISTAKE_OF_MODEL.match(text):
                call = str(message.get("tool_call_id"))
                yield call, f"{_name(call, messages)}: {text.partition(chr(10))[0]}"[:_MAX_MESSAGE]


def _name(call_id: str, messages: Iterable[Message]) -> str:
    names = (_function_name(call) for message in messages for call in _calls(message) if call.get("id") == call_id)
    return next(names, "a tool")


def _calls(message: Message) -> Iterator[Mapping[str, Any]]:
    calls = message.get("tool_calls")
    yield from (call for call in (calls if isinstance(calls, list) else ()) if isinstance(call, Mapping))


def _function_name(call: Mapping[str, Any]) -> str:
    function = call.get("function")
    return str(function.get("name")) if isinstance(function, Mapping) else "a tool"
