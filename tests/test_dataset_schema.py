"""``dataset validate --schema`` and ``--max-findings``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.datasets import row_schema
from osmo_checks.datasets.convert import convert
from osmo_checks.datasets.row_schema import read_schema
from osmo_checks.errors import UsageError

ROW: dict[str, Any] = {"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}
SCHEMA = {
    "type": "object",
    "required": ["user_prompt"],
    "properties": {
        "ground_truth": {"pattern": "^[0-9]+$"},
        "metadata": {"properties": {"levels": {"items": {"enum": ["easy", "hard"]}}}, "required": ["levels"]},
    },
}


def rows(count: int, **fields: Any) -> list[dict[str, Any]]:
    """Return rows that differ, as a person would want."""
    return [{**ROW, "user_prompt": f"{n} + 1?", "ground_truth": str(n + 1), **fields} for n in range(count)]


def lines(data: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in data)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "validate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


def found(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = run(folder, *arguments, "--schema", "schema.json", "--output-format", "json")
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return [finding for finding in findings if finding["code"] == "OSV191"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    return tmp_path


def test_rows_of_lines_are_named_by_record_line_column_and_path(folder: Path) -> None:
    good = lines(rows(3, metadata={"levels": ["easy"]}))
    bad = lines([{**ROW, "ground_truth": "é", "metadata": {"levels": ["easy", "odd"]}}, {**ROW, "metadata": {"x": 1}}])
    (folder / "data.jsonl").write_text(f"{good}\n{{broken\n{bad}", encoding="utf-8")
    shown = [(f["location"], f["record"]) for f in found(folder, "data.jsonl")]
    assert shown == [
        (
            {"row": 6, "column": bad.index('"\\u00e9"') + 1},
            {"number": 5, "field": "ground_truth", "json_path": "$.ground_truth"},
        ),
        (
            {"row": 6, "column": bad.index('"odd"') + 1},
            {"number": 5, "field": "metadata", "json_path": "$.metadata.levels[1]"},
        ),
        (
            {"row": 7, "column": bad.splitlines()[1].index('{"x"') + 1},
            {"number": 6, "field": "metadata", "json_path": "$.metadata"},
        ),
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("data.jsonl", (5, 68)),
        ("data.json", (6, 68)),
        ("data.csv", (6, 13)),
        ("data.parquet", (5, 3)),
        ("data.jsonl.gz", (5, 68)),
        ("data.csv.zst", (6, 13)),
    ],
)
def test_rows_of_every_format_have_their_places(name: str, place: tuple[int, int], folder: Path) -> None:
    source = folder / "in.jsonl"
    source.write_text(lines([*rows(4), {**ROW, "ground_truth": "two"}]), encoding="utf-8")
    convert(source, folder / name, {}, keep=True, overwrite=False)
    (finding,) = found(folder, name)
    assert (finding["location"]["row"], finding["location"]["column"]) == place
    assert finding["record"] == {"number": 5, "field": "ground_truth", "json_path": "$.ground_truth"}
    assert "'two' does not match" in finding["message"]


def test_a_file_that_keeps_the_schema_has_no_findings(folder: Path) -> None:
    (folder / "data.jsonl").write_text(lines(rows(4)), encoding="utf-8")
    done = run(folder, "data.jsonl", "--schema", "schema.json")
    assert (done.returncode, done.stdout) == (0, "No findings in 1 file, 4 rows.\n")


def test_a_schema_may_build_on_ours(folder: Path) -> None:
    (folder / "schema.json").write_text('{"$ref": "dataset-row.schema.json", "required": ["id"]}', encoding="utf-8")
    (folder / "data.jsonl").write_text(lines(rows(4)), encoding="utf-8")
    assert {finding["record"]["json_path"] for finding in found(folder, "data.jsonl")} == {"$"}
    (folder / "data.jsonl").write_text(lines(rows(4, id=1)), encoding="utf-8")
    assert not found(folder, "data.jsonl")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "is no file"),
        ("{", "is not JSON"),
        ("[]", "is no JSON Schema"),
        ('{"type": "texts"}', "at $.type"),
        ('{"properties": {"a": {"minLength": -1}}}', "at $.properties.a.minLength"),
        ('{"pattern": "("}', "is no JSON Schema"),
        ('{"$ref": "https://example.com/row.json"}', "refers to 'https://example.com/row.json'"),
        ('{"$ref": "#/$defs/nothing"}', "/$defs/nothing', which is not in it"),
        ('{"$ref": "#"}', "refers to itself without end"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_schema_that_is_none_is_one_sentence(content: str | None, word: str, folder: Path) -> None:
    (folder / "data.jsonl").write_text(lines(rows(4)), encoding="utf-8")
    if content is None:
        (folder / "schema.json").unlink()
    else:
        (folder / "schema.json").write_text(content, encoding="utf-8")
    done = run(folder, "data.jsonl", "--schema", "schema.json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("error: schema.json ")
    assert word in done.stderr


def test_a_pattern_that_never_ends_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "schema.json").write_text('{"properties": {"a": {"pattern": "^(x+)+$"}}}', encoding="utf-8")
    monkeypatch.setattr(row_schema, "_SECONDS", 0.2)
    expected = pytest.raises(UsageError, match=r"schema\.json takes more than 0\.2 seconds for one row")
    with read_schema(folder / "schema.json") as schema, expected:
        schema.violations({"a": "x" * 60 + "!"})


def test_the_first_findings_are_shown_and_all_are_counted(folder: Path) -> None:
    (folder / "a.jsonl").write_text(lines(rows(4)) + "x\n" * 30, encoding="utf-8")
    (folder / "b.jsonl").write_text(lines(rows(8)[4:]) + "x\n" * 1_200, encoding="utf-8")
    for most in (0, 1, 29, 30, 40, 1_100):
        done = run(folder, "a.jsonl", "b.jsonl", "--max-findings", str(most), "--output-format", "json")
        payload = json.loads(done.stdout)
        assert (len(payload["findings"]), payload["summary"]["errors"]) == (most, 1_230)
        assert payload["summary"]["not_shown"] == 1_230 - most
        assert f"b.jsonl: {1_230 - max(most, 30):,} more findings were counted" in done.stderr
