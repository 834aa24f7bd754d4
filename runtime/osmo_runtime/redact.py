"""Keeps secrets out of what is written: values of environment variables whose names say that they are secret.

Text is replaced where user code decides it: never a number, or a word of ours.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from osmo_runtime import secret_forms
from osmo_runtime.model import ROLES, Call, Failed, Message, Report, Row, Sample

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)
#: Shorter values would blank out ordinary words.
_MIN_LENGTH = 8
#: Keys that long in messages, model calls and rows, which stay as they are.
_OUR_KEYS = frozenset(
    [
        "messages",
        "tool_calls",
        "tool_call_id",
        "function",
        "arguments",
        "reasoning_content",
        "parameters",
        "description",
        "properties",
        "required",
        "system_prompt",
        "user_prompt",
        "assistant_prompt",
        "metadata",
    ]
)

Change = Callable[[str], str]


class Replacer:
    """Replaces each text that is a key of ``replacements``, the longest first, also where it was escaped or encoded."""

    def __init__(self, replacements: Mapping[str, str]) -> None:
        self._replacements = {form: new for text, new in replacements.items() for form in secret_forms.forms(text)}
        longest_first = sorted(self._replacements, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        # Hardly any text holds a secret, and looking for each by itself is many times faster than the pattern.
        if self._pattern is None or not any(form in text for form in self._replacements):
            return text
        return self._pattern.sub(lambda found: self._replacements[found.group()], text)


def is_secret_name(name: str) -> bool:
    """Tell whether what has this name is a secret."""
    return bool(_SECRET_NAME.search(name))


def secrets_of(environment: Mapping[str, str], secrets: Mapping[str, str] | None = None) -> Replacer:
    """Return what replaces each secret of ``environment``, and all ``secrets`` whatever their names, by ``<NAME>``.

    So it does with the lines of a secret that has several: what is printed is looked at line by line.
    """
    named = {name: value for name, value in environment.items() if is_secret_name(name)}
    found = {**named, **(secrets or {})}
    whole = {value: f"<{name}>" for name, value in found.items() if len(value) >= _MIN_LENGTH}
    lines = {line: shown for value, shown in whole.items() for line in secret_forms.lines(value, _MIN_LENGTH)}
    return Replacer({**lines, **whole})


def in_values(data: Any, change: Change) -> Any:
    """Change the texts in JSON data, keys as well: rollouts name their metrics as they like."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {_in_key(key, change): in_values(value, change) for key, value in data.items()}
    if isinstance(data, list):
        return [in_values(value, change) for value in data]
    return data


def _in_key(key: Any, change: Change) -> Any:
    return change(key) if isinstance(key, str) and key not in _OUR_KEYS else key


def in_report(report: Report, change: Change) -> Report:
    """Change all that user code said in a report."""
    outcome = report.outcome
    return replace(
        report,
        outcome=in_failed(outcome, change) if isinstance(outcome, Failed) else outcome,
        samples=tuple(_in_sample(sample, change) for sample in report.samples),
        calls=tuple(_in_call(call, change) for call in report.calls),
    )


def in_failed(failed: Failed, change: Change) -> Failed:
    return replace(failed, message=change(failed.message), traceback=change(failed.traceback))


def in_row(row: Row, change: Change) -> Row:
    """Change what a row gives to an attempt; its other columns are left out."""
    prompts = {f"{message['role']}_prompt": message["content"] for message in row.messages}
    return Row(row.number, in_values({**prompts, "label": row.label, "metadata": row.metadata}, change))


def _in_sample(sample: Sample, change: Change) -> Sample:
    messages = [_in_message(message, change) for message in sample.messages]
    return replace(sample, name=change(sample.name), messages=messages, metrics=in_values(dict(sample.metrics), change))


def _in_call(call: Call, change: Change) -> Call:
    return replace(
        call,
        messages=[_in_message(message, change) for message in call.messages],
        reply=call.reply and _in_message(call.reply, change),
        error=call.error and change(call.error),
    )


def _in_message(message: Message, change: Change) -> Message:
    changed: Message = in_values(message, change)
    role = message.get("role")
    return {**changed, "role": role} if role in ROLES else changed
