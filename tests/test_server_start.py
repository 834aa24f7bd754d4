"""Servers that cannot be used, environments that cannot be made, and what is left of a server when its run ends."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from osmo_runtime.drivers.server import interpreters
from osmo_runtime.processes import MARK
from tests.server_support import CASES, make_served

UNUSABLE = CASES / "unusable"


@pytest.mark.parametrize("name", sorted(path.stem for path in UNUSABLE.glob("*.py")))
def test_a_server_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    """The file's docstring is what has to be said."""
    entrypoint = UNUSABLE / f"{name}.py"
    words = ast.get_docstring(ast.parse(entrypoint.read_text(encoding="utf-8")))
    done = make_served(tmp_path, entrypoint, ["well"]).run("--driver", "server", "--load-timeout", "3")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"error: rollouts/rollout/{name}.py cannot be loaded: ")
    assert words is not None
    assert words in sentence
    assert done.returncode == 1


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well"], python=">=3.99")
    done = served.run("--driver", "server")
    (sentence,) = done.stderr.splitlines()
    assert "rollouts/rollout needs Python >=3.99, and there is none on this machine" in sentence
    assert done.returncode == 1
    assert not served.run_folder.exists()


def test_a_range_of_pythons_that_is_none_is_named(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well"], python="three")
    done = served.run("--driver", "server")
    assert "rollouts/rollout/pyproject.toml: requires-python = 'three' is no range" in done.stderr


def test_requirements_that_cannot_be_installed_are_named(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well"], requires=("osmo-missing @ file:///nowhere",))
    done = served.run("--driver", "server")
    assert done.returncode == 1
    assert "What rollouts/rollout requires cannot be installed: " in done.stderr
    assert "see all of it with `uv sync --project rollouts/rollout`" in done.stderr


def test_stand_ins_for_a_python_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version managers put commands on PATH that only say that the version is not chosen here."""
    stand_in = tmp_path / "python3.12"
    stand_in.write_text("#!/bin/sh\necho 'not chosen here' >&2\nexit 127\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = interpreters.find(SpecifierSet(">=3.11"), "uv")
    assert found not in (None, str(stand_in))


def test_a_second_run_makes_no_new_environment_and_resumes(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well", "ask"], PROTOCOL="lease")
    assert served.run("--driver", "server").returncode == 0
    environment = (tmp_path / "rollouts" / "rollout" / ".venv").stat().st_ino
    again = served.run("--driver", "server", "--output-format", "json")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "rollouts" / "rollout" / ".venv").stat().st_ino == environment
    other = served.run()
    assert "driver was 'server' and is 'inprocess'" in other.stderr


def test_secrets_stay_out_of_the_log(tmp_path: Path) -> None:
    served = make_served(tmp_path, CASES / "tells_its_secrets.py", ["well"], PROTOCOL="lease")
    served.run("--driver", "server", PLANTED_API_KEY="planted-secret-value")
    files = [path for path in served.run_folder.rglob("*") if path.is_file()]
    assert "<PLANTED_API_KEY>" in (served.run_folder / "logs" / "server.log").read_text(encoding="utf-8")
    assert not [path for path in files if b"planted-secret-value" in path.read_bytes()]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_a_server_whose_run_was_ended(tmp_path: Path, how: signal.Signals) -> None:
    served = make_served(tmp_path, CASES / "obedient.py", ["well", "hide"], PROTOCOL="callbacks")
    command = served.command("--driver", "server")
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        _until(lambda: b"row" in _journal(served.run_folder))
        _until(lambda: any("sleep" in command for command in _processes_in(tmp_path / "rollouts" / "rollout")))
        run.send_signal(how)
        run.communicate()
    _until(lambda: not _processes_in(tmp_path / "rollouts" / "rollout"))


@pytest.mark.parametrize(("command", "code"), [("kill -KILL $$", -9), ("kill -TERM $$", -15), ("exit 4", 4)])
def test_a_guard_ends_as_its_command_did(command: str, code: int) -> None:
    guard = [sys.executable, "-P", "-m", "osmo_runtime.drivers.server.guard", "sh", "-c", command]
    environment = {**os.environ, MARK: "no-other-process"}
    with subprocess.Popen(guard, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.wait(60) == code
        assert process.stderr is not None
        assert process.stderr.read() == b""


def _journal(folder: Path) -> bytes:
    journal = folder / "journal.jsonl"
    return journal.read_bytes() if journal.exists() else b""


def _processes_in(folder: Path) -> list[str]:
    """Return the commands whose working folder is ``folder``. Only Linux shows it."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("this system does not show the working folders of processes")
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cwd").readlink() == folder:
                found.append((path / "cmdline").read_text())
        except OSError:
            continue
    return found


def _until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
