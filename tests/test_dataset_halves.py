"""A large file is looked at by two processes, with the same findings as by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import halves, jsonl, labels
from osmo_checks.datasets.observe import Observer
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file

#: The other threads are those of pytest-xdist, which a forked process does not miss.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

RULES = rules_of(load_contract("0.3"))
SIZE = 300_000


def row(number: int, **more: Any) -> str:
    row = {"user_prompt": f"What is {number} + 1?", "ground_truth": str(number + 1), "id": number, **more}
    return json.dumps(row) + "\n"


FILES = {
    "clean": [],
    "bad everywhere": ["{bad\n", row(3), row(3, user_prompt=""), '{"user_prompt": 1, "user_prompt": 2}\n'],
    "mixed types and copies": [row(7, id="x"), row(7), row(8)],
    "blank lines": ["\n"],
    "rows over lines": ['{"user_prompt": "a",\n', '"ground_truth": "b", "id": 1}\n'],
    "no UTF-8": ["\udcff\n"],
    "metadata": [row(1, metadata={"a": 1}), row(1, metadata={"a": "1"})],
    "carriage returns": ["{}\r{}\n"],
}


def validated(path: Path) -> FileReport:
    return validate_file(path, path.name, RULES, seen=Observer(prompt_tokens=3, compares=True))


@pytest.mark.parametrize("name", FILES)
def test_two_processes_find_what_one_finds(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [row(number) for number in range(5_000)]
    for at in range(600, 5_000, 170):
        lines[at:at] = FILES[name]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(lines), encoding="utf-8", errors="surrogateescape")
    assert path.stat().st_size > SIZE
    alone = validated(path)
    monkeypatch.setattr(jsonl, "HALVES_FROM", SIZE)
    monkeypatch.setattr(jsonl, "_LEARNED_FROM", SIZE // 20)
    monkeypatch.setattr(jsonl, "can_fork", lambda: True)
    both = validated(path)
    assert both.findings == alone.findings
    assert (both.rows, both.errors, both.warnings) == (alone.rows, alone.errors, alone.warnings)


def test_two_processes_look_at_the_same_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(
        "".join(
            row(number, user_prompt=f"Say {number + 10_001}.", ground_truth=str(number + 10_001))
            for number in range(5_000)
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(labels, "ALL_UNTIL", 100)
    monkeypatch.setattr(labels, "RUN", 50)
    alone = validated(path)
    monkeypatch.setattr(jsonl, "HALVES_FROM", SIZE)
    monkeypatch.setattr(jsonl, "_LEARNED_FROM", SIZE // 20)
    monkeypatch.setattr(jsonl, "can_fork", lambda: True)
    assert validated(path).findings == alone.findings
    assert any("400 of 400 rows that were looked at" in finding.message for finding in alone.findings)


def test_the_other_process_does_half_of_a_clean_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(row(number) for number in range(5_000)), encoding="utf-8")
    taken: list[int] = []
    take = jsonl._Lines.take

    def noted(self: Any, half: Any, size: int) -> None:
        taken.append(half.number - self.number)
        take(self, half, size)

    monkeypatch.setattr(jsonl._Lines, "take", noted)
    monkeypatch.setattr(jsonl, "HALVES_FROM", SIZE)
    monkeypatch.setattr(jsonl, "_LEARNED_FROM", SIZE // 20)
    monkeypatch.setattr(jsonl, "can_fork", lambda: True)
    assert validated(path).rows == 5_000
    assert 1_500 < taken[0] < 2_500


def test_a_process_that_fails_leaves_its_half_to_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(row(number) for number in range(5_000)), encoding="utf-8")

    def fail(*_: Any) -> int:
        raise OSError

    monkeypatch.setattr(jsonl, "HALVES_FROM", SIZE)
    monkeypatch.setattr(jsonl, "_LEARNED_FROM", SIZE // 20)
    monkeypatch.setattr(jsonl, "can_fork", lambda: True)
    monkeypatch.setattr(jsonl, "lines_between", fail)
    assert validated(path).rows == 5_000


def test_lines_are_counted_between_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(b"ab\ncd\nef\n")
    with path.open("rb") as stream:
        assert halves.line_start_near(stream, 4, 10) == 6
        assert halves.line_start_near(stream, 4, 1) is None
        assert (halves.lines_between(stream, 0, 6), stream.tell()) == (2, 6)
