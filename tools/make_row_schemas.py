"""Writes the JSON Schemas of dataset rows, one for each SDK generation and mode, from the SDK contracts.

They say of one row what `osmo-scaffold dataset validate` calls an error. What a schema cannot say is said by the
command alone: how the row is written, what metadata in a text holds, and what rows have to have in common.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osmo_checks.contracts import generations, load_contract
from osmo_checks.datasets.rules import METADATA, ColumnRule, DatasetRules, rules_of
from osmo_checks.datasets.scan import INT64_MAX, INT64_MIN
from osmo_checks.finding import Severity

FOLDER = Path(__file__).parents[1] / "schemas"
_TEXT_WITH_SOMETHING = {"type": "string", "pattern": r"\S"}
_STORED: dict[str, Any] = {
    "description": "What the platform stores as typed columns.",
    "anyOf": [
        {"type": ["string", "boolean", "null"]},
        {"type": "integer", "minimum": INT64_MIN, "maximum": INT64_MAX},
        {"type": "number", "not": {"type": "integer"}},
        {"type": "array", "items": {"$ref": "#/$defs/stored"}},
        {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/stored"}},
    ],
}


def modes(rules: DatasetRules) -> tuple[str, ...]:
    """Return the modes a generation has: where metadata makes none, there is only the one of prompts."""
    return ("prompt", "metadata") if rules.metadata == "mode" else ("prompt",)


def schema(rules: DatasetRules, mode: str) -> dict[str, Any]:
    """Return the schema of rows of one mode."""
    columns = [rule.optional() if mode == "metadata" else rule for rule in rules.columns]
    needs_metadata = {"required": [METADATA]} if mode == "metadata" else {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": file_name(rules, mode),
        "title": f"Dataset row, SDK {rules.generation}, {mode} mode",
        "description": "One row of an Osmosis dataset, such as one line of a JSON Lines file.",
        "type": "object",
        "properties": {METADATA: _metadata(rules, mode)},
        **needs_metadata,
        "allOf": [part for rule in columns for part in _column(rule)],
        "$defs": {"stored": _STORED},
    }


def file_name(rules: DatasetRules, mode: str) -> str:
    return f"dataset-row-{rules.generation}-{mode}.schema.json"


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each file."""
    for generation in generations():
        rules = rules_of(load_contract(generation))
        for mode in modes(rules):
            yield file_name(rules, mode), json.dumps(schema(rules, mode), indent=2) + "\n"


def _column(rule: ColumnRule) -> Iterator[dict[str, Any]]:
    """Yield what a column's value has to be: the alias counts where the column itself is not there, or null."""
    value = _value(rule)
    named = {"properties": {rule.name: value}}
    if rule.alias is None:
        yield {**named, **_required(rule, rule.name)}
        return
    lacks = {"properties": {rule.name: {"type": "null"}}}
    yield {
        "if": {**lacks, "required": [rule.alias]},
        "then": {"properties": {rule.alias: value}},
        "else": {**named, **_required(rule, rule.name)},
    }


def _required(rule: ColumnRule, name: str) -> dict[str, Any]:
    return {"required": [name]} if rule.missing is Severity.ERROR else {}


def _value(rule: ColumnRule) -> dict[str, Any]:
    refused = {
        "null": rule.null,
        "number": rule.scalar,
        "boolean": rule.scalar,
        "array": rule.container,
        "object": rule.container,
    }
    types = ["string", *(name for name, severity in refused.items() if severity is not Severity.ERROR)]
    return {"type": types[0] if len(types) == 1 else types, **_length(rule)}


def _length(rule: ColumnRule) -> dict[str, Any]:
    if rule.blank is Severity.ERROR and rule.empty is Severity.ERROR:
        return {"pattern": r"\S"}
    return {"minLength": 1} if rule.empty is Severity.ERROR else {}


def _metadata(rules: DatasetRules, mode: str) -> Any:
    stored = {"type": "object", "additionalProperties": {"$ref": "#/$defs/stored"}}
    if rules.metadata == "ignored":
        return True
    if rules.metadata == "optional":
        return {"anyOf": [{"type": ["string", "null"]}, stored]}
    if mode == "prompt":
        return {"description": "A dataset with it is one of metadata mode.", "not": {}}
    return {"anyOf": [_TEXT_WITH_SOMETHING, {**stored, "minProperties": 1}]}


if __name__ == "__main__":
    for name, content in texts():
        (FOLDER / name).write_text(content, encoding="utf-8")
        print(f"schemas/{name}")
