"""Rows that are too long to be held in memory as a whole: looked at all the same, and found fault with exactly."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import shortening
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.scan import scan
from osmo_checks.datasets.shortening import shortened
from osmo_checks.datasets.validate import validate_file
from osmo_checks.finding import Position

RULES = rules_of(load_contract("0.3"))
ROWS = [{"system_prompt": "Add.", "user_prompt": f"{n} + 1?", "ground_truth": f"{n}!"} for n in range(4)]
LONG = {"system_prompt": "Add.", "user_prompt": "a 🧮 \n" * 100_000, "ground_truth": "x"}


def lines_of(rows: list[dict[str, Any]], **options: Any) -> bytes:
    return "".join(json.dumps(row, **options) + "\n" for row in rows).encode()


def array_of(rows: list[dict[str, Any]], **options: Any) -> bytes:
    return json.dumps(rows, **options).encode()


def validated(path: Path, content: bytes) -> FileReport:
    path.write_bytes(content)
    return validate_file(path, path.name, RULES)


def said(report: FileReport) -> list[tuple[str, int, int]]:
    found = [(finding.name, finding.start.row, finding.start.column) for finding in report.findings]
    return [one for one in found if one[0] != "ending-not-taken"]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(("name", "write"), [("data.jsonl", lines_of), ("data.json", array_of)])
def test_a_long_row_is_looked_at_like_any_other(
    name: str, write: Callable[..., bytes], ascii_only: bool, tmp_path: Path
) -> None:
    content = write([*ROWS, LONG, {**LONG, "user_prompt": LONG["user_prompt"] + "b"}, LONG], ensure_ascii=ascii_only)
    report = validated(tmp_path / name, content)
    assert report.rows == 7
    (copy,) = said(report)
    assert copy[0] == "duplicate-row"
    assert report.findings[-1].record is not None
    assert report.findings[-1].record.number == 7


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (lambda row: row.replace(b'"x"', b'"\\ud800"'), "lone-surrogate"),
        (lambda row: row.replace(b'"x"', b'""'), "empty-text"),
        (lambda row: row.replace(b'"x"', b'"x", "ground_truth": "y"'), "duplicate-key"),
        (lambda row: row.replace(b'"x"', b'"\xff"'), "invalid-utf8"),
        (lambda row: row.replace(b'"x"', b"NaN"), "nan-or-infinity"),
    ],
)
def test_a_flaw_after_a_long_text_is_found_where_it_is(
    damage: Callable[[bytes], bytes], name: str, tmp_path: Path
) -> None:
    long = json.dumps(LONG, ensure_ascii=False).encode()
    before = damage(json.dumps({**LONG, "user_prompt": ""}).encode())
    short = validated(tmp_path / "short.jsonl", lines_of(ROWS) + before + b"\n")
    at = next(finding.start for finding in short.findings if finding.name == name and finding.start.column > 50)
    expected = Position(at.row, at.column + len(json.dumps(LONG["user_prompt"], ensure_ascii=False)) - 2)
    report = validated(tmp_path / "data.jsonl", lines_of(ROWS) + damage(long) + b"\n{bad\n")
    found = [finding for finding in report.findings if finding.start.row == 5]
    assert (found[0].name, found[0].start) == (name, expected)
    assert said(report)[-1] == ("invalid-json", 6, 2)


def test_a_flaw_in_what_is_left_out_is_found(tmp_path: Path) -> None:
    prompt = json.dumps("a" * 700_000)[1:-1]
    row = json.dumps({**LONG, "user_prompt": "@"}).replace("@", prompt + "\\ud83d" + prompt)
    report = validated(tmp_path / "data.jsonl", lines_of(ROWS) + row.encode() + b"\n")
    assert said(report) == [("lone-surrogate", 5, row.index("\\") + 1)]


def test_a_long_row_at_the_end_of_a_file_may_be_cut(tmp_path: Path) -> None:
    whole = json.dumps(LONG).encode()
    assert said(validated(tmp_path / "a.jsonl", lines_of(ROWS) + whole)) == []
    report = validated(tmp_path / "a.jsonl", lines_of(ROWS) + whole[:-30])
    assert [finding.name for finding in report.findings] == ["truncated-row"]
    assert report.findings[0].message.startswith("The file ends here")


@pytest.mark.parametrize("write", [lines_of, array_of])
def test_rows_that_are_long_in_other_ways_are_said_not_to_be_looked_at(
    write: Callable[..., bytes], tmp_path: Path
) -> None:
    name = "data.jsonl" if write is lines_of else "data.json"
    rows = [{**row, "list": []} for row in ROWS]
    report = validated(tmp_path / name, write([*rows, {**ROWS[0], "list": [1] * 400_000}, rows[0]]))
    found = next(finding for finding in report.findings if finding.name == "line-too-long")
    assert found.message.startswith("This row was not looked at")
    if write is lines_of:
        assert (found.start, report.rows) == (Position(5, 1), 6)


def test_metadata_in_a_long_text_is_not_called_broken(tmp_path: Path) -> None:
    rows = [{**row, "metadata": json.dumps({"a": "b"})} for row in ROWS]
    long = {**ROWS[0], "metadata": json.dumps({"a": ["b"] * 200_000})}
    report = validated(tmp_path / "data.jsonl", lines_of([*rows, long]))
    assert [finding.name for finding in report.findings] == ["line-too-long"]
    assert "write it as an object" in report.findings[0].message


def test_a_line_of_many_megabytes_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    with path.open("wb") as stream:
        stream.write(lines_of(ROWS) + b'{"system_prompt": "Add.", "user_prompt": "')
        for _ in range(40):
            stream.write(b"x" * 1_000_000)
        stream.write(b'", "ground_truth": ""}\n')
    tracemalloc.start()
    try:
        report = validate_file(path, path.name, RULES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said(report) == [("empty-text", 5, 40_000_062)]
    assert peak < 6_000_000


@pytest.mark.parametrize(
    ("name", "head"), [("data.jsonl", lines_of(ROWS)), ("data.csv", b"system_prompt,user_prompt,ground_truth\n")]
)
def test_a_single_line_of_500_megabytes_is_said_not_to_be_looked_at(name: str, head: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(head)
        stream.seek(500_000_000)  # a hole, which is read as NULs
        stream.write(b"\n{bad\n")
    report = validate_file(path, path.name, RULES)
    line = head.count(b"\n") + 1
    long, next_one = report.findings[:2]
    assert (long.name, long.start) == ("line-too-long", Position(line, 1))
    assert long.message.startswith("This row was not looked at")
    assert next_one.start.row == line + 1


json_values = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(max_size=40),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=20), children, max_size=4),
    max_leaves=12,
)


@given(value=json_values, ascii_only=st.booleans(), size=st.integers(1, 30))
def test_what_is_left_is_as_sound_as_the_whole_and_its_places_are_known(
    value: Any, ascii_only: bool, size: int
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    text = text.encode(errors="replace").decode()
    pieces = iter([text[at : at + size] for at in range(0, len(text), size)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortening, "_KEPT", 12)
        patch.setattr(shortening, "_ENOUGH", 60)
        patch.setattr(shortening, "_KEPT_THEN", 2)
        row = shortened(lambda: next(pieces, ""))
    found, whole = scan(row.text), scan(text)
    assert [flaw.code for flaw in found.flaws] == [flaw.code for flaw in whole.flaws]
    assert row.place(len(row.text), Position(1, 1)) == Position(1, len(text) + 1)
    if found.root and whole.root:
        ends = [row.place(node.end, Position(1, 1)).column for node in found.root.elements]
        assert ends == [node.end + 1 for node in whole.root.elements]
