"""What only all rows of a file show, and what files share."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import labels, observe
from osmo_checks.datasets.convert import convert
from osmo_checks.datasets.digests import Digests, digest_of
from osmo_checks.datasets.labels import LabelCounts
from osmo_checks.datasets.observe import Batch, Observer
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file

RULES = rules_of(load_contract("0.3"))


def row(number: int, **more: Any) -> dict[str, Any]:
    prompt = f"What is {number} + 1?"
    return {"system_prompt": "Add.", "user_prompt": prompt, "ground_truth": str(number + 1), **more}


def validated(tmp_path: Path, rows: list[dict[str, Any]], seen: Observer | None = None) -> FileReport:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return validate_file(path, path.name, RULES, seen=seen)


def said(report: FileReport) -> list[tuple[str, int]]:
    return [(finding.name, finding.start.row) for finding in report.findings]


def test_copies_are_named_with_the_first_row(tmp_path: Path) -> None:
    report = validated(tmp_path, [*map(row, range(1_000)), row(7), row(1_000), row(7)])
    assert said(report) == [("duplicate-row", 1_001), ("duplicate-row", 1_003)]
    assert report.findings[1].message == "This row is a copy of the one on line 8: remove one of them."


def test_a_copy_on_a_last_line_without_line_end_is_found(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"\r\n".join(json.dumps(row(number)).encode() for number in (1, 2, 3, 4, 1)))
    assert said(validate_file(path, path.name, RULES)) == [("duplicate-row", 5)]


def test_many_copies_are_counted_and_the_first_named(tmp_path: Path) -> None:
    report = validated(tmp_path, [*map(row, range(100)), *map(row, range(50))])
    assert said(report) == [*(("duplicate-row", line) for line in range(101, 121)), ("duplicate-row", 1)]
    assert report.findings[-1].message.startswith("50 of 150 rows are copies of earlier ones (33.3%)")
    assert report.warnings == 50


def test_many_different_rows_with_copies_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_MOST_READ_AGAIN", 40)
    report = validated(tmp_path, [*map(row, range(100)), *map(row, range(50))])
    assert len(report.findings) == 21
    assert report.findings[-1].message.startswith("50 of 150 rows are copies of earlier ones (33.3%)")
    assert report.warnings == 50


def test_equal_digests_are_no_copies_where_the_rows_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Digests, "repeated", lambda _self: 3)
    monkeypatch.setattr(
        Digests, "some_repeated", lambda *_: {digest_of(json.dumps(row(n)).encode() + b"\n") for n in (1, 2, 3)}
    )
    assert said(validated(tmp_path, list(map(row, range(10))))) == []


@pytest.mark.parametrize(("others", "expected"), [(1, ["near-constant-label"]), (5, [])])
def test_labels_that_are_almost_all_the_same_are_told(others: int, expected: list[str], tmp_path: Path) -> None:
    rows = [{**row(number), "ground_truth": "yes" if number >= others else f"no {number}"} for number in range(40)]
    report = validated(tmp_path, rows)
    assert [name for name, _ in said(report)] == expected
    assert not expected or '"yes" in 97.5% of the rows' in report.findings[0].message


def test_a_field_of_several_types_is_told_once(tmp_path: Path) -> None:
    report = validated(tmp_path, [row(n, id=None if n % 5 else str(n) if n % 2 else n) for n in range(50)])
    assert said(report) == [("mixed-types", 6)]
    assert report.findings[0].message.startswith('"id" is a text here and a number on line 1')


def test_whole_and_decimal_numbers_are_one_type(tmp_path: Path) -> None:
    assert said(validated(tmp_path, [row(n, id=n / 2 if n % 2 else n) for n in range(50)])) == []


@pytest.mark.parametrize(
    ("prompt", "label", "is_told"),
    [
        ("The capital is Paris. What is the capital?", "Paris", True),
        ("Parisians live where?", "Paris", False),
        ("Parisians live in Paris", "Paris", True),
        ("Is it 7, or 123?", "123", False),
        ("Where is it?", "Paris", False),
    ],
)
def test_a_label_in_its_prompt_is_told(prompt: str, label: str, is_told: bool, tmp_path: Path) -> None:
    rows = [*map(row, range(5)), row(6, user_prompt=prompt, ground_truth=label)]
    assert said(validated(tmp_path, rows)) == [("label-in-prompt", 6)] * is_told


def test_labels_that_are_choices_may_stand_in_prompts(tmp_path: Path) -> None:
    rows = [
        {"user_prompt": f"Is {n} prime? Say prime or compound.", "ground_truth": ["prime", "compound"][n % 2]}
        for n in range(40)
    ]
    assert said(validated(tmp_path, rows)) == []


def test_many_labels_in_prompts_are_counted(tmp_path: Path) -> None:
    rows = [{"user_prompt": f"Say {n + 10_000}.", "ground_truth": str(n + 10_000)} for n in range(50)]
    report = validated(tmp_path, rows)
    assert said(report) == [*(("label-in-prompt", line) for line in range(1, 21)), ("label-in-prompt", 1)]
    assert report.findings[-1].message.startswith("This holds for 100.0% of the rows; 20 were named.")
    assert report.warnings == 50


@pytest.mark.parametrize(
    ("rows", "counts", "said"),
    [
        (100, [1] * 20 + [80], "This holds for 100.0% of the rows; 20 were named."),
        (1_000, [1] * 21, "This holds for 160 of 160 rows that were looked at (100.0%); 20 were named."),
    ],
)
def test_labels_in_prompts_are_a_sample_of_large_files_and_that_is_said(
    rows: int, counts: list[int], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "ALL_UNTIL", 100)
    monkeypatch.setattr(labels, "RUN", 10)
    told = [f"label {number}" for number in range(rows)]
    observer = Observer()
    observer.see(Batch(range(1, rows + 1), range(rows), told, told))
    remarks = list(observer.remarks())
    assert [remark.count for remark in remarks] == counts
    assert remarks[-1].message.startswith(said)
    assert remarks[0].message.endswith("about one in 16 was looked at.") == (rows > 100)


@pytest.mark.parametrize("size", [1, 7, 64, 1_000])
def test_which_rows_are_looked_at_does_not_depend_on_what_comes_with_them(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "ALL_UNTIL", 100)
    monkeypatch.setattr(labels, "RUN", 10)
    lines = [line for line in range(1, 1_001) if line % 97 > 2]
    expected = [line for line in lines if line <= 100 or (line - 1) % 160 < 10]
    first, second = LabelCounts(), LabelCounts()
    for at in range(0, len(lines), size):
        part = lines[at : at + size]
        told = [f"label {line}" for line in part]
        (first if at < 500 else second).add(part, told, told)
    first.merge(second)
    assert first.given_away() == (expected, len(expected))
    assert (first.rows, first.looked_at) == (len(lines), len(expected))


def test_prompts_too_long_for_any_tokenizer_are_told(tmp_path: Path) -> None:
    rows = [row(1), row(2), {**row(3), "user_prompt": "a" * 60}, {**row(4), "user_prompt": "a" * 61}]
    assert said(validated(tmp_path, rows, Observer(prompt_tokens=10))) == [("prompt-too-long", 4)]
    assert said(validated(tmp_path, rows)) == []


def test_what_two_observers_saw_is_merged() -> None:
    whole, first, second = Observer(), Observer(), Observer()
    rows = [f"{number % 70}" for number in range(100)]
    labels = [f"label {number}" for number in range(100)]
    prompts = [f"{label}?" for label in labels]
    for observer, part in ((first, slice(0, 60)), (second, slice(60, 100)), (whole, slice(0, 100))):
        observer.see(Batch(range(1, 101)[part], rows[part], prompts[part], labels[part]))
        observer.see_kinds(part.stop, {"id": "text" if observer is first else "number"})
        observer.read_again = lambda: [Batch(range(1, 101), rows)]
    first.merge(second)
    whole.see_kinds(60, {"id": "text"})
    merged, expected = list(first.remarks()), list(whole.remarks())
    assert [remark for remark in merged if "id" not in remark.message] == [
        remark for remark in expected if "id" not in remark.message
    ]
    assert len(merged) == len(expected)


def dataset(*arguments: str, cwd: Path) -> list[tuple[str, str, int]]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "validate", *arguments, "--output-format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)
    assert done.returncode == 0, done.stderr
    return [(one["path"], one["name"], one["location"]["row"]) for one in json.loads(done.stdout)["findings"]]


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")


def test_files_of_one_command_that_share_prompts(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", list(map(row, range(100))))
    shared = {**row(42), "ground_truth": "another label"}
    write_rows(tmp_path / "eval.jsonl", [*map(row, range(200, 210)), shared, *map(row, range(300, 310))])
    assert dataset("train.jsonl", "eval.jsonl", cwd=tmp_path) == [("eval.jsonl", "shared-with-other-file", 11)]
    assert dataset("train.jsonl", cwd=tmp_path) == []


def test_one_file_by_several_names_shares_nothing_with_itself(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", list(map(row, range(20))))
    (tmp_path / "link.jsonl").symlink_to("train.jsonl")
    (tmp_path / "hard.jsonl").hardlink_to(tmp_path / "train.jsonl")
    assert dataset("train.jsonl", "./train.jsonl", "link.jsonl", "hard.jsonl", cwd=tmp_path) == []


def test_many_shared_prompts_are_counted(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", list(map(row, range(100))))
    write_rows(tmp_path / "eval.jsonl", list(map(row, range(60, 110))))
    found = dataset("train.jsonl", "eval.jsonl", cwd=tmp_path)
    assert len(found) == 21
    assert {name for _, name, _ in found} == {"shared-with-other-file"}


def test_what_the_configs_of_a_workspace_name_is_compared(tmp_path: Path) -> None:
    for kind, settings in (("training", "[training]\nmax_prompt_length = 10\n"), ("eval", "")):
        config = tmp_path / "configs" / kind / "default.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'[experiment]\ndataset = "{kind}"\n{settings}', encoding="utf-8")
    (tmp_path / "rollouts").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "w"\nversion = "1"\n', encoding="utf-8")
    long = row(10, user_prompt="Why? " * 20)
    write_rows(tmp_path / "data" / "training.jsonl", [*map(row, range(10)), long])
    write_rows(tmp_path / "data" / "eval.jsonl", [row(3), *map(row, range(20, 30)), long])
    assert dataset("data/training.jsonl", cwd=tmp_path) == [
        ("data/training.jsonl", "shared-with-other-file", 4),
        ("data/training.jsonl", "prompt-too-long", 11),
        ("data/training.jsonl", "shared-with-other-file", 11),
    ]
    assert dataset("data/eval.jsonl", cwd=tmp_path) == [
        ("data/eval.jsonl", "shared-with-other-file", 1),
        ("data/eval.jsonl", "shared-with-other-file", 12),
    ]


@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.csv", "data.parquet"])
def test_prompts_are_measured_with_system_prompts(name: str, tmp_path: Path) -> None:
    rows = [{**row(number), "system_prompt": "é" * (2 + number % 2)} for number in range(300)]
    rows[277]["system_prompt"] = "é" * 40
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    convert(source, tmp_path / name, {}, keep=True, overwrite=True)
    seen = Observer(measures=True)
    validate_file(tmp_path / name, name, RULES, seen=seen)
    sizes = Counter(len((one["system_prompt"] + one["user_prompt"]).encode()) for one in rows)
    line = 279 if name in ("data.csv", "data.json") else 278
    assert seen.lengths
    assert (seen.lengths.rows, seen.lengths.longest) == (sizes, max(sizes))
    assert seen.lengths.longest_row == (278 if seen.unit == "record" else line)


def test_the_longest_prompt_of_two_halves_is_found() -> None:
    first, second = Observer(measures=True), Observer(measures=True)
    first.see(Batch([1, 2], [b"a", b"b"], ["xx", "xxxx"], (), [None, "y"]))
    second.see(Batch([3, 4], [b"c", b"d"], ["x", "xxxxx"]))
    first.merge(second)
    assert first.lengths
    assert (first.lengths.rows, first.lengths.longest, first.lengths.longest_row) == ({2: 1, 5: 2, 1: 1}, 5, 2)
