"""Every finding about a row says which record it is and, inside of it, the JSON path, in every format."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import gaps as gaps_module
from osmo_checks.datasets.convert import convert
from osmo_checks.datasets.gaps import Gaps
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file
from osmo_checks.errors import InputError
from osmo_checks.finding import Record

CASES = sorted((Path(__file__).parent / "cases" / "datasets").glob("*/*.jsonl"))
METADATA = ("OSV131", "OSV132", "OSV133", "OSV134", "OSV135")

ROWS: list[dict[str, Any]] = [
    {"user_prompt": "1?", "ground_truth": "1", "metadata": {"a": [{"b": 1}], "c d": "x"}},
    {"user_prompt": "2?", "ground_truth": "2", "metadata": {"a": [{"b": 1}, {"b": "x"}], "c d": "x"}},
    {"user_prompt": "3?", "ground_truth": "3", "metadata": {"a": [], "c d": 3}},
    {"user_prompt": "4?", "ground_truth": "4", "metadata": {"a": [{"b": {}}], "c d": "x"}},
    {"user_prompt": "5?", "ground_truth": "5", "metadata": {"a": [{"b": 2**70}], "c d": "x"}},
]
EXPECTED = [
    ("OSV134", 2, "$.metadata.a[1].b"),
    ("OSV134", 3, '$.metadata["c d"]'),
    ("OSV134", 4, "$.metadata.a[0].b"),
    ("OSV133", 4, "$.metadata.a[0].b"),
    ("OSV135", 5, "$.metadata.a[0].b"),
]


def validated(path: Path, generation: str = "0.3") -> FileReport:
    return validate_file(path, path.name, rules_of(load_contract(generation)))


def records(report: FileReport) -> list[tuple[str, int | None, str | None]]:
    return [(f.code, f.record.number, f.record.json_path) for f in report.findings if f.record and f.code in METADATA]


@pytest.mark.parametrize("name", ["data.json", "data.jsonl", "data.jsonl.gz", "data.json.zst"])
def test_findings_inside_metadata_have_their_path(name: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    convert(tmp_path / "in.jsonl", tmp_path / name, {}, keep=True, overwrite=True)
    assert sorted(records(validated(tmp_path / name))) == sorted(EXPECTED)


@pytest.mark.parametrize("name", ["data.csv", "data.jsonl", "data.json"])
def test_findings_inside_metadata_in_a_text_have_their_path(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    rows = [{**row, "metadata": json.dumps(row["metadata"])} for row in ROWS]
    with path.open("w", encoding="utf-8", newline="") as stream:
        if name.endswith("csv"):
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        else:
            stream.write(json.dumps(rows) if name.endswith("json") else "\n".join(map(json.dumps, rows)))
    report = validated(path)
    assert sorted(records(report)) == sorted(EXPECTED)
    assert all(f.record and str(f.record.json_path) in f.message for f in report.findings)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_findings_about_rows_of_cases_have_a_record(path: Path, tmp_path: Path) -> None:
    """What is about lines or the file as a whole has none; metadata is told by its path."""
    reports = [validated(path, path.parent.name)]
    array = tmp_path / "data.json"
    try:
        convert(path, array, {}, keep=True, overwrite=False)
        reports.append(validated(array, path.parent.name))
    except InputError:  # not all rows can be read
        pass
    for report in reports:
        for finding in report.findings:
            if finding.code in METADATA and finding.message != WHOLE:
                assert finding.record
                assert finding.record.json_path
                assert finding.record.json_path.startswith("$.metadata") or finding.code == "OSV131"
            elif finding.code.startswith("OSV12"):
                assert finding.record
                assert finding.record.number


def test_bytes_that_are_not_utf_8_are_in_a_record(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    rows = [json.dumps(row).encode() for row in ROWS[:1] * 4]
    path.write_bytes(b"\n\n".join([*rows, rows[0].replace(b"?", b"\xff")]))
    found = [f.record.number for f in validated(path).findings if f.record and f.code == "OSV102"]
    assert found == [5]


#: The one finding of these codes that is about all rows.
WHOLE = "The metadata of every row is empty and cannot be stored: leave the column out, or add a key."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("data.jsonl", '\n{0}\n\n{{\n"user_prompt": 1}}\n{1}\n{0}\n', [(7, 4)]),
        ("data.csv", 'user_prompt,ground_truth\n"a\nb",1\n\nx\n"c\nd",2\n"a\nb",1\n', [(8, 4)]),
        ("data.json", "[{0}, {1}, {0}\n, {1}]\n", [(1, 3), (2, 4)]),
    ],
)
def test_copies_have_their_line_and_record(
    name: str, text: str, expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    rows = [json.dumps({"user_prompt": letter, "ground_truth": "1"}) for letter in "ab"]
    (tmp_path / name).write_text(text.format(*rows), encoding="utf-8")
    copies = [finding for finding in validated(tmp_path / name).findings if finding.code == "OSV151"]
    assert [(f.start.row, f.record.number) for f in copies if f.record] == expected


def test_what_all_rows_show_has_its_record_and_field(tmp_path: Path) -> None:
    rows = [f'"{number}?\n{number} + 1 is",{number + 10_000}' for number in range(6)]
    path = tmp_path / "data.csv"
    path.write_text("\n".join(["user_prompt,ground_truth", *rows, '"Say\n10009.",10009', ""]), encoding="utf-8")
    (found,) = validated(path).findings
    assert (found.code, found.start.row, found.record) == (
        "OSV154",
        14,
        Record(7, "user_prompt", "$.user_prompt"),
    )


def test_lines_and_records_go_apart_at_lines_without_a_row() -> None:
    gaps = Gaps()
    for first, lines in ((1, 1), (2, 1), (5, 3)):
        gaps.add(first, lines)
    assert [(line, gaps.record_on(line)) for line in (3, 4, 8)] == [(3, 1), (4, 2), (8, 3)]


def test_of_too_many_gaps_the_last_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps_module, "_MOST_RUNS", 1)
    gaps = Gaps()
    gaps.add(2, 1)
    gaps.add(5, 1)
    assert [gaps.record_on(line) for line in (1, 4, 6)] == [1, 3, None]
