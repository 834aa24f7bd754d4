"""An attempt's conversation as a document of the Agent Trajectory Interchange Format, ATIF v1.7.

https://github.com/laude-institute/harbor, docs/rfcs/0001-trajectory-format. What does not fit stands under ``extra``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osmo_checks import __version__
from osmo_runtime import untrusted
from osmo_runtime.model import Call, Failed, Message, Report, Row, Sample
from osmo_runtime.tool_errors import tool_errors

_SOURCES = {"system": "system", "developer": "system", "assistant": "agent", "user": "user"}


def document(report: Report, row: Row, rollout_id: str) -> dict[str, Any]:
    """Return the trajectory of one attempt.

    Its steps are those of the attempt's first sample; where there is none, of its last model call; where there was
    none either, of the prompt. Further samples stand in ``subagent_trajectories``.
    """
    first, *others = report.samples or (_sample_of_calls(report.calls, row),)
    main = _trajectory(rollout_id, first, report.calls)
    if others:
        main["subagent_trajectories"] = [_trajectory(f"{rollout_id}/{other.name}", other, ()) for other in others]
    main["final_metrics"] = {
        "total_prompt_tokens": sum(call.prompt_tokens for call in report.calls),
        "total_completion_tokens": sum(call.completion_tokens for call in report.calls),
        "total_steps": len(main["steps"]),
    }
    main["extra"] = {"osmosis": _context(report, row, rollout_id, first)}
    return main


def to_json(found: Mapping[str, Any]) -> str:
    """Return a document as JSON text; ``NaN`` and ``Infinity``, which JSON does not have, become texts."""
    try:
        return json.dumps(found, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(json.loads(json.dumps(found, default=str), parse_constant=str))


def _trajectory(trajectory_id: str, sample: Sample, calls: Sequence[Call]) -> dict[str, Any]:
    return {
        "schema_version": "ATIF-v1.7",
        "session_id": trajectory_id.partition("/")[0],
        "trajectory_id": trajectory_id,
        "agent": {"name": "osmo-scaffold", "version": __version__},
        "steps": _steps(sample.messages, calls),
    }


def _context(report: Report, row: Row, rollout_id: str, sample: Sample) -> dict[str, Any]:
    context: dict[str, Any] = {
        "rollout_id": rollout_id,
        "label": row.label,
        "reward": sample.reward,
        "sample_metrics": dict(sample.metrics) or None,
        "request_metadata": row.metadata,
        "tool_errors": tool_errors(report) or None,
        "unmatched_llm_call_metrics": _unmatched(sample.messages, report.calls) or None,
    }
    if isinstance(report.outcome, Failed):
        context["failure"] = {"boundary": report.outcome.boundary.value, "message": report.outcome.message}
    return {key: value for key, value in context.items() if value is not None}


def _sample_of_calls(calls: Sequence[Call], row: Row) -> Sample:
    if not calls:
        return Sample("main", row.messages or [{"role": "user", "content": ""}])
    last = calls[-1]
    return Sample("main", [*last.messages, *([last.reply] if last.reply else [])])


def _steps(messages: Iterable[Message], calls: Sequence[Call]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for message in messages:
        if message.get("role") in ("tool", "function"):
            _add_tool_result(steps, message)
        else:
            steps.append({"step_id": len(steps) + 1, **_step(message)})
    agent_steps = [step for step in steps if step["source"] == "agent"]
    answered = _answered(calls)
    if len(agent_steps) == len(answered):
        for step, call in zip(agent_steps, answered, strict=True):
            step["metrics"] = _metrics(call)
            step["llm_call_count"] = 1
    return steps or [{"step_id": 1, "source": "system", "message": ""}]


def _answered(calls: Iterable[Call]) -> list[Call]:
    return [call for call in calls if call.reply]


def _metrics(call: Call) -> dict[str, Any]:
    return {"prompt_tokens": call.prompt_tokens, "completion_tokens": call.completion_tokens}


def _unmatched(messages: Iterable[Message], calls: Iterable[Call]) -> list[dict[str, Any]]:
    """Return the numbers of calls where they are not one for each of the agent's messages: nobody can say whose."""
    answered = _answered(calls)
    spoken = sum(message.get("role") == "assistant" for message in messages)
    return [] if spoken == len(answered) else [_metrics(call) for call in answered]


def _step(message: Message) -> dict[str, Any]:
    role = str(message.get("role", ""))
    source = _SOURCES.get(role, "user")
    extra: dict[str, Any] = {} if role in _SOURCES else {"original_role": role}
    spoken = {
        "tool_calls": _tool_calls(message.get("tool_calls")),
        "reasoning_content": _text(message.get("reasoning_content")),
    }
    step: dict[str, Any] = {"source": source, "message": _text(message.get("content"))}
    # Only an agent's step may have these.
    (step if source == "agent" else extra).update({key: value for key, value in spoken.items() if value})
    return {**step, "extra": extra} if extra else step


def _tool_calls(raw: Any) -> list[dict[str, Any]]:
    calls = []
    for number, call in enumerate(raw if isinstance(raw, list) else ()):
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            calls.append(
                {
                    "tool_call_id": str(call.get("id") or f"call_{number}"),
                    "function_name": str(function.get("name") or "unknown"),
                    "arguments": _arguments(function.get("arguments")),
                }
            )
    return calls


def _arguments(raw: Any) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        return dict(raw)
    try:
        parsed = untrusted.loads(raw or "{}") if isinstance(raw, str | None) else None
    except ValueError:
        parsed = None
    return parsed if isinstance(parsed, dict) else {"_raw": raw}


def _add_tool_result(steps: list[dict[str, Any]], message: Message) -> None:
    """Put a tool's result with the agent step that called it; ATIF allows its id only there."""
    if not steps or steps[-1]["source"] != "agent":
        role = str(message.get("role"))
        steps.append({"step_id": len(steps) + 1, "source": "system", "message": "", "extra": {"original_role": role}})
    step = steps[-1]
    call_id = message.get("tool_call_id")
    result: dict[str, Any] = {"content": _text(message.get("content"))}
    if any(call["tool_call_id"] == call_id for call in step.get("tool_calls", ())):
        result["source_call_id"] = call_id
    else:
        result["extra"] = {"tool_call_id": call_id}
    step.setdefault("observation", {"results": []})["results"].append(result)


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list) and all(isinstance(part, Mapping) and part.get("type") == "text" for part in content):
        return "\n".join(str(part.get("text", "")) for part in content)
    return json.dumps(content, ensure_ascii=False, default=str)
