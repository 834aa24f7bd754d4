"""Datasets that the platform refuses by name or size."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.upload import convert_command, is_taken, look_at_file

ROWS = "".join(f'{{"user_prompt": "{number}?", "ground_truth": "{number}"}}\n' for number in range(4))


@pytest.mark.parametrize(
    ("generation", "name", "target"),
    [
        ("0.3", "a b.json", "'a b.jsonl'"),
        ("0.3", "rows.csv.gz", "rows.csv"),
        ("0.3", "rows.parquet.zst", "rows.parquet"),
        ("0.2", "data/rows.JSON.gz", "data/rows.jsonl"),
        ("remote", "rows.csv", "rows.jsonl"),
        ("remote", "rows.json.zst", "rows.json"),
    ],
)
def test_what_is_not_taken_can_be_converted(generation: str, name: str, target: str) -> None:
    rules = rules_of(load_contract(generation))
    assert not is_taken(Path(name), rules)
    assert convert_command(Path(name), name, rules) == f"osmo-scaffold dataset convert {shlex.quote(name)} {target}"


@pytest.mark.parametrize(("generation", "name"), [("0.3", "a.CSV"), ("0.2", "a.jsonl"), ("remote", "a.json")])
def test_other_files_are_taken(generation: str, name: str) -> None:
    assert is_taken(Path(name), rules_of(load_contract(generation)))


@pytest.mark.parametrize(("generation", "codes"), [("0.2", ["OSV143"]), ("0.3", ["OSV143"]), ("remote", [])])
def test_a_file_of_more_than_five_gib_is_refused(generation: str, codes: list[str], tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.touch()
    os.truncate(path, 5 * 1024**3 + 1)  # it takes no room
    report = FileReport(path.name)
    look_at_file(path, rules_of(load_contract(generation)), report)
    assert [finding.code for finding in report.findings] == codes
    os.truncate(path, 5 * 1024**3)
    look_at_file(path, rules_of(load_contract(generation)), report)
    assert [finding.code for finding in report.findings] == codes


def test_the_command_in_the_finding_writes_a_file_that_is_clean(tmp_path: Path) -> None:
    (tmp_path / "a b.json").write_text(ROWS, encoding="utf-8")
    first = run(tmp_path, "dataset", "validate", "a b.json")
    assert first.startswith("a b.json:1:1: warning[OSV119] The platform takes .jsonl, .csv and .parquet files only")
    command = shlex.split(first.split("`")[1])
    run(tmp_path, *command[1:])
    assert "No findings in 1 file, 4 rows." in run(tmp_path, "dataset", "validate", "a b.jsonl")


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "osmo_scaffold", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout
