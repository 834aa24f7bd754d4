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
