"""The JSON Schemas of rows say what the row checks say of one row, but for differences that are named here."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from osmo_checks.contracts import generations, load_contract
from osmo_checks.datasets import codes
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import METADATA, DatasetRules, rules_of
from osmo_checks.datasets.scan import scan

REPOSITORY = Path(__file__).parents[1]
CASES = sorted((REPOSITORY / "tests" / "cases" / "datasets").glob("*/*.jsonl"))
RULES = {generation: rules_of(load_contract(generation)) for generation in generations()}

#: Differences: a schema does not read metadata in a text, does not compare the types of a list's elements, and takes
#: 1e300 for a whole number.
DIFFERENT = (codes.METADATA_TYPE_DIFFERS,)

columns = st.sampled_from(
    ["text", "", " \u2003\n", "\x1f", None, True, 0, 1.5, [], ["a"], {}, {"role": "user"}, "é" * 5],
)
stored = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3) | st.sampled_from([0, -(2**63), 2**63 - 1, 2**63, 2**70, 0.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "system_prompt": columns,
        "user_prompt": columns,
        "ground_truth": columns,
        "label": columns,
        METADATA: stored | st.dictionaries(st.sampled_from("abc"), stored, max_size=3),
        "more": stored,
    },
)


def load_tool() -> Any:
    path = REPOSITORY / "tools" / "make_row_schemas.py"
    spec = importlib.util.spec_from_file_location("make_row_schemas", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()
FILES = dict(TOOL.texts())
VALIDATORS = {name: Draft202012Validator(json.loads(text)) for name, text in FILES.items()}


def is_accepted_by_schema(row: Any, rules: DatasetRules) -> bool:
    has_metadata = isinstance(row, dict) and METADATA in row
    mode = "metadata" if has_metadata and "metadata" in TOOL.modes(rules) else "prompt"
    return VALIDATORS[TOOL.file_name(rules, mode)].is_valid(row)


def is_accepted_by_checks(text: str, rules: DatasetRules) -> bool | None:
    """Tell whether a row on its own has no error; ``None`` where it cannot be read, or a named difference is in it."""
    found = scan(text)
    if found.root is None or any(flaw.code not in _IN_A_ROW for flaw in found.flaws):
        return None
    flaws = list(RowChecker(rules).check(found.root, 1))
    metadata = next((member.value for member in found.root.members if member.key == METADATA), None)
    if metadata and metadata.kind == "text" and metadata.value and not str(metadata.value).isspace():
        return None
    if any(flaw.code in DIFFERENT for flaw in flaws):
        return None
    return not any((flaw.severity or flaw.code.severity) == "error" for flaw in flaws)


#: What of how a row is written leaves its values as they are.
_IN_A_ROW = (codes.NUL_CHARACTER, codes.DUPLICATE_KEY, codes.NUMBER_TOO_LARGE)


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_what_the_tool_writes(name: str) -> None:
    assert (REPOSITORY / "schemas" / name).read_text(encoding="utf-8") == FILES[name], "run tools/make_row_schemas.py"
    Draft202012Validator.check_schema(json.loads(FILES[name]))


def test_there_is_no_file_more() -> None:
    assert {path.name for path in (REPOSITORY / "schemas").glob("dataset-row-*")} == set(FILES)


def case_rows() -> Iterator[str]:
    for path in CASES:
        yield from path.read_text(encoding="utf-8", errors="replace").split("\n")


@pytest.mark.parametrize("generation", RULES)
def test_schemas_and_checks_agree_on_the_rows_of_all_cases(generation: str) -> None:
    rules = RULES[generation]
    compared = set()
    for text in case_rows():
        expected = is_accepted_by_checks(text, rules)
        if expected is not None and len(text) < 2_000 and "e30" not in text:
            assert is_accepted_by_schema(json.loads(text), rules) == expected, text
            compared.add(expected)
    assert compared == {True, False}


@settings(deadline=None, max_examples=300)
@given(row=rows, generation=st.sampled_from(list(RULES)))
@example(row={"system_prompt": "a", "user_prompt": "b", "ground_truth": None, "label": "c"}, generation="0.3")
@example(row={"user_prompt": "b", "ground_truth": "", "label": "c"}, generation="0.3")
@example(row={"metadata": {}}, generation="0.3")
@example(row={"metadata": None}, generation="0.3")
@example(row={"metadata": {"a": [{}]}}, generation="0.2")
def test_schemas_and_checks_agree_on_any_row(row: dict[str, Any], generation: str) -> None:
    expected = is_accepted_by_checks(json.dumps(row), RULES[generation])
    assume(expected is not None)
    assert is_accepted_by_schema(row, RULES[generation]) == expected


@pytest.mark.parametrize("value", [[], "text", 1, None, True])
def test_a_row_is_an_object(value: Any) -> None:
    for rules in RULES.values():
        assert not is_accepted_by_schema(value, rules)
        assert is_accepted_by_checks(json.dumps(value), rules) is False


@pytest.mark.parametrize("metadata", ["[1]", '{"a": {}}', "{"])
def test_metadata_in_a_text_is_a_difference_that_is_named(metadata: str) -> None:
    row = {"metadata": metadata}
    assert is_accepted_by_schema(row, RULES["0.3"])
    root = scan(json.dumps(row)).root
    assert root
    assert any(flaw.code.severity == "error" for flaw in RowChecker(RULES["0.3"]).check(root, 1))
