"""What is proved clean is clean: with and without proofs, the same findings."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import prover
from osmo_checks.datasets.metadata import MetadataTypes
from osmo_checks.datasets.proof import Asked, Proof, Texts, never, tree_proof, typed_proof
from osmo_checks.datasets.rules import METADATA, rules_of
from osmo_checks.datasets.scan import scan
from osmo_checks.datasets.shapes import RowShape
from osmo_checks.datasets.validate import validate_file
from osmo_checks.finding import Finding

FLAT = {"system_prompt": 'Say "hi".\n', "user_prompt": "1 + 1? é", "ground_truth": "2", "id": 7, "from": "a\\"}
DEEP = {**FLAT, "metadata": {"a": 1, "b": ["x"], "c": {"d": True, "e": None}}, "tags": [{"a": 1.5}]}
#: Rows of one file whose fields are not always of one kind.
LOOSE = [
    {**DEEP, "id": None, "metadata": {"a": None, "b": [], "f": "{}"}},
    {**DEEP, "system_prompt": None, "id": 2.5, "tags": None},
    {**DEEP, "id": "8", "metadata": {"c": {"d": False}}, "tags": [[], {}, "x"]},
]
IN_TEXTS = [
    {**FLAT, "metadata": json.dumps({"a": 1, "b": ["x"], "c": {"d": True}})},
    {**FLAT, "metadata": json.dumps({"a": None, "b": [], "f": 'Say "{}".'})},
]
RULES = {generation: rules_of(load_contract(generation)) for generation in ("remote", "0.2", "0.3")}

FRAGMENTS = [
    *("", '"', "\\", "\\u0022", "\\u0000", "\\ud800", "\xa0", "\x00", " ", "\n", ",", "\r", '\\"', r"\n"),
    *("null", '""', '" "', "[]", "{}", "{ }", "true", "1e999", "NaN", str(2**63), str(-(2**63) - 1), "7", "1.5"),
    *('"a": 1, ', '"z": 1, ', '"user_prompt": "x", ', '"user_prompt": 1, ', '"metadata": {"a": 2}, '),
    '{"a": 1, "a": 2}',
]


@st.composite
def damaged_lines(draw: st.DrawFn, row: dict[str, Any]) -> str:
    text = json.dumps(row, ensure_ascii=draw(st.booleans()))
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.sampled_from(FRAGMENTS)) + text[start + draw(st.integers(0, 6)) :]


def findings(path: Path, generation: str) -> list[Finding]:
    return validate_file(path, path.name, RULES[generation]).findings


def of_both(path: Path, generation: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Finding], list[Finding]]:
    """Return the findings with proofs, and those without."""
    fast = findings(path, generation)
    with monkeypatch.context() as patch:
        patch.setattr(prover, "typed_proof", lambda *_: never)
        patch.setattr(prover, "tree_proof", lambda *_: never)
        return fast, findings(path, generation)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), row=st.sampled_from([FLAT, DEEP, IN_TEXTS[0]]), generation=st.sampled_from(sorted(RULES)))
def test_proofs_change_no_findings(
    data: st.DataObject, row: dict[str, Any], generation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [row] if row is FLAT else [DEEP, *LOOSE] if row is DEEP else [*IN_TEXTS, *IN_TEXTS, DEEP]
    clean = data.draw(st.lists(st.sampled_from(others), min_size=1, max_size=5))
    damaged = [data.draw(damaged_lines(data.draw(st.sampled_from(clean)))) for _ in range(data.draw(st.integers(0, 4)))]
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join([*map(json.dumps, [row, *clean]), *damaged, json.dumps(row)]), encoding="utf-8")
    fast, slow = of_both(path, generation, monkeypatch)
    assert fast == slow


@pytest.mark.parametrize("generation", RULES)
@pytest.mark.parametrize(
    "bad",
    [
        json.dumps(DEEP).replace('"user_prompt": ', '"user_prompt": 1, "user_prompt": '),
        json.dumps(DEEP).replace('{"a": 1,', '{"a": 1, "a": 2,'),
        json.dumps({**DEEP, "system_prompt": None}),
        json.dumps({**DEEP, "user_prompt": ""}),
        json.dumps({**DEEP, "user_prompt": "\u2003"}),
        json.dumps({**DEEP, "metadata": {}}),
        json.dumps({**DEEP, "metadata": {"c": {}}}),
        json.dumps({**DEEP, "metadata": {"a": "1"}}),
        json.dumps({**DEEP, "metadata": {"a": 2**63}}),
        json.dumps({**DEEP, "metadata": None}),
        json.dumps({**DEEP, "tags": [{"a": 2**64}]}),
        json.dumps({**DEEP, "z": 1}),
        json.dumps(DEEP).replace('"id": 7', '"id": 7, "i\\u0064": 8'),
        json.dumps(DEEP) + " {}",
    ],
)
def test_one_bad_row_in_many_is_found_as_without_proofs(
    bad: str, generation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = [json.dumps({**row, "user_prompt": f"1 + {number}?"}) for number in range(100) for row in [DEEP, *LOOSE]]
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join([*clean, bad, *clean[:50]]), encoding="utf-8")
    fast, slow = of_both(path, generation, monkeypatch)
    assert fast == slow


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"c": {}},
        {"b": [{}]},
        {"a": "1"},
        {"a": 2**63},
        {"new": 1},
        {"f": "\0"},
        '{"a": 1, "a": 2}',
        '{"a": 1, "\\u0061": 2, "f": "\\u0022"}',
        '{"a": 1} {}',
        "[1]",
        '{"a": NaN}',
        '{"f": "\\ud800"}',
    ],
)
def test_bad_metadata_in_texts_is_found_as_without_proofs(
    metadata: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = metadata if isinstance(metadata, str) else json.dumps(metadata)
    clean = [json.dumps({**row, "user_prompt": f"1 + {number}?"}) for number in range(100) for row in IN_TEXTS]
    bad = json.dumps({**FLAT, "metadata": text})
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join([*clean, bad, *clean[:50]]), encoding="utf-8")
    fast, slow = of_both(path, "0.3", monkeypatch)
    assert fast == slow


def test_a_null_does_not_hide_a_key_that_comes_twice(tmp_path: Path) -> None:
    rows = [{**FLAT, "user_prompt": f"1 + {number}?"} for number in range(6)]
    null = json.dumps({**rows[4], "system_prompt": None})
    twice = json.dumps(rows[5]).replace('"id": 7', '"id": 7, "id": 7')
    path = tmp_path / "data.jsonl"
    path.write_text("\n".join([*map(json.dumps, rows[:4]), null, twice]), encoding="utf-8")
    assert "OSV116" in {finding.code for finding in findings(path, "0.3")}


def asked_of(rows: list[dict[str, Any]], *, learned: bool = True) -> tuple[RowShape, Asked]:
    shape, metadata = RowShape(), MetadataTypes()
    for number, row in enumerate(rows, 1):
        root = scan(json.dumps(row)).root
        assert root is not None
        shape.learn(root)
        for member in root.members:
            if member.key == METADATA and learned:
                assert not list(metadata.compare(member.value, number))
    return shape, Asked(RULES["0.3"].columns, frozenset(rows[0]), metadata.shape if METADATA in rows[0] else None)


def proof_of(proof: Proof, *rows: dict[str, Any]) -> Texts | None:
    lines = [json.dumps(row).encode() for row in rows]
    return proof(b"\r\n".join(lines), lines)


@pytest.mark.parametrize("rows", [[FLAT], [DEEP], [DEEP, *LOOSE]])
def test_rows_like_those_before_are_proved(rows: list[dict[str, Any]]) -> None:
    shape, asked = asked_of(rows)
    expected = tuple([row[name] for row in rows] for name in ("user_prompt", "ground_truth", "system_prompt"))
    assert proof_of(tree_proof(shape, asked), *rows) == expected
    if "{}" not in json.dumps(rows):
        assert proof_of(typed_proof(shape, asked), *rows) == expected


def test_metadata_of_an_unknown_shape_is_not_proved() -> None:
    shape, asked = asked_of([DEEP], learned=False)
    assert proof_of(tree_proof(shape, asked), DEEP) is None
    shape, asked = asked_of([DEEP])
    assert proof_of(typed_proof(shape, asked), {**DEEP, "metadata": {"new": 1}}) is None


def test_a_key_with_a_line_break_has_no_type() -> None:
    row = {**FLAT, "a\nb": 1}
    shape, asked = asked_of([row])
    assert typed_proof(shape, asked) is never
    assert proof_of(tree_proof(shape, asked), row) is not None
