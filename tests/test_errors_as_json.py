"""A program that asked for JSON has every error as one versioned object on stdout, and people their sentence."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from osmo_scaffold.cli import app
from osmo_scaffold.errors import exit_code_of
from osmo_scaffold.main import _dispatch
from tests.run_support import make_workspace

from .scaffolds import osmo

CASES = Path(__file__).parent / "cases" / "rollouts"


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command that has ``--output-format``."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))
    if any(parameter.name == "output_format" for parameter in command.params):
        yield words


ALL = sorted(commands(typer.main.get_command(app)))


def test_commands_are_found() -> None:
    assert {("check",), ("dataset", "validate"), ("run",), ("runs", "show"), ("probe",), ("preflight",)} <= set(ALL)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_wrong_command_line_is_an_object(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    argv = [*words, "--no-such-option", "--output-format", "json"]
    assert exit_code_of(lambda: _dispatch(argv), argv) == 2
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found == {"schema_version": 1, "error": {"exit_code": 2, "message": found["error"]["message"]}}
    assert said.err == f"error: {found['error']['message']}\n"


@pytest.mark.parametrize(
    ("argv", "is_json"),
    [
        (["--output-format=json"], True),
        (["--output-format", "text", "--output-format", "json"], True),
        (["--output-format", "json", "--output-format=text"], False),
        (["--output-format"], False),
        (["--output-format", "sarif"], False),
        (["submit", "--", "--output-format", "json"], False),
        (["json"], False),
    ],
)
def test_who_asks_for_json(argv: list[str], is_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["check", *argv, "--no-such-option"]
    assert exit_code_of(lambda: _dispatch(argv), argv) == 2
    assert bool(capsys.readouterr().out) is is_json


def test_what_is_wrong_in_a_file_is_an_object(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "raises-at-import")
    done = workspace.run("--output-format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["error"]["exit_code"] == 1
    assert done.stderr == f"error: {found['error']['message']}\n"
    done = osmo("runs", "show", "missing", "--output-format=json", cwd=tmp_path)
    assert json.loads(done.stdout)["error"] == {"exit_code": 2, "message": done.stderr.strip()[len("error: ") :]}


def test_our_bug_is_an_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def command() -> int:
        raise RuntimeError

    assert exit_code_of(command, ["check", "--output-format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["error"]["exit_code"] == 3
    (report,) = tmp_path.iterdir()
    assert str(report) in found["error"]["message"]


def test_a_result_that_stands_there_already_stays_alone() -> None:
    code = """
import sys
from osmo_checks.errors import InputError
from osmo_scaffold.errors import exit_code_of
from osmo_scaffold.output import emit_json
from osmo_scaffold.streams import prepare_streams

def command():
    emit_json({"result": 1})
    raise InputError("Too late.")

prepare_streams()
sys.exit(exit_code_of(command, ["x", "--output-format", "json"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "error: Too late.\n")
    assert json.loads(done.stdout) == {"schema_version": 1, "result": 1}


def test_an_interrupted_run_is_an_object(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "hangs-in-run", timeout_s=60)
    command = workspace.command("--name", "it", "--output-format", "json")
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not (workspace.runs / "it" / "artifacts").exists():
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert json.loads(out) == {"schema_version": 1, "error": {"exit_code": 130, "message": "interrupted"}}
