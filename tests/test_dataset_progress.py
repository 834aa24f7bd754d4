"""A bar for what takes long, on a terminal only: here a real one, of which the other end is read."""

import json
import os
import pty
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from osmo_checks.datasets.convert import convert as convert_rows
from osmo_checks.datasets.row_schema import read_schema
from osmo_checks.datasets.rows import reading_tells
from osmo_checks.datasets.validate import rules_for, validate_file
from osmo_scaffold.commands import dataset_progress
from osmo_scaffold.commands.dataset import validate
from osmo_scaffold.commands.dataset_convert import convert
from osmo_scaffold.commands.dataset_diff import diff
from osmo_scaffold.commands.dataset_sample import sample
from osmo_scaffold.commands.dataset_split import split
from osmo_scaffold.commands.dataset_stats import stats

COMMANDS: dict[str, Callable[[Path], object]] = {
    "validate": lambda data: validate([str(data)]),
    "stats": stats,
    "sample": lambda data: sample(data, data.with_name("sample.jsonl"), rows=5),
    "split": lambda data: split(data, parts=["a=0.5", "b=0.5"]),
    "convert": lambda data: convert(data, data.with_name("data.csv"), mapping=[], constants=[], extractions=[]),
    "diff": lambda data: diff(data, data),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    rows = ({"system_prompt": "Add.", "user_prompt": f"{n} + 1?", "ground_truth": f"{n}!"} for n in range(600))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def on_terminal(command: Callable[[Path], object], data: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a command writes where stderr is a terminal, and nobody has patience."""
    ours, theirs = pty.openpty()
    written: list[bytes] = []
    reader = Thread(target=_read_all, args=(ours, written))
    reader.start()
    with monkeypatch.context() as patch, os.fdopen(theirs, "w", encoding="utf-8") as stream:
        patch.setattr(dataset_progress, "_PATIENCE_S", 0.0)
        patch.setenv("TERM", "xterm-256color")
        patch.setattr(sys, "stderr", stream)
        command(data)
    reader.join()
    os.close(ours)
    return b"".join(written).decode()


def _read_all(terminal: int, written: list[bytes]) -> None:
    """Read until the other end is closed, so that nobody who writes has to wait."""
    with suppress(OSError):
        while piece := os.read(terminal, 4096):
            written.append(piece)


@pytest.mark.parametrize("name", COMMANDS)
def test_rows_per_second_are_shown_on_a_terminal(name: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "rows/s" in on_terminal(COMMANDS[name], data, monkeypatch)


@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.csv", "data.parquet", "data.jsonl.gz"])
def test_it_is_told_how_far_a_file_is_that_is_read_again(name: str, data: Path) -> None:
    rows = "".join(data.read_text(encoding="utf-8") * 2)
    data.write_text(rows, encoding="utf-8")
    path = data.with_name(name)
    if path != data:
        convert_rows(data, path, {}, keep=True, overwrite=False)
    schema = data.with_name("schema.json")
    schema.write_text("{}", encoding="utf-8")
    told: list[list[tuple[int, int]]] = []

    def teller(_size: int) -> Callable[[int, int], None]:
        told.append([])
        return lambda read, rows: told[-1].append((read, rows))

    with reading_tells(teller):
        report = validate_file(path, name, rules_for(path), schema=read_schema(schema))
    assert report.warnings >= 600, "every second row is a copy"
    for_copies, for_schema = told
    assert for_copies == sorted(for_copies)
    assert for_copies[-1][1] > 600, "the first copy is the row after the 600th"
    assert for_schema[-1][1] == 1_200


def test_the_bar_has_no_colour_where_none_is_wanted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9]m")
    assert colour.search(on_terminal(stats, data, monkeypatch))
    monkeypatch.setenv("NO_COLOR", "1")
    written = on_terminal(stats, data, monkeypatch)
    assert "rows/s" in written
    assert not colour.search(written)


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_shown_without_a_terminal(
    name: str, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dataset_progress, "_PATIENCE_S", 0.0)
    COMMANDS[name](data)
    assert "rows/s" not in capsys.readouterr().err
