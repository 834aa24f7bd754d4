"""Pipes, sockets and devices where files should be: they are named, and never opened."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from osmo_checks.engine import check_workspace
from osmo_checks.files import write_atomically
from osmo_checks.sources import read_file
from osmo_checks.workspace import Workspace

from .workspaces import write_workspace

#: Where a pipe can lie in a workspace, and the code that names it (``None``: another file stands in for it).
PIPES = {
    "rollouts/demo/odd.py": "OSU103",
    "configs/eval/odd.toml": "OSF101",
    ".agents/skills/odd/SKILL.md": "OSK101",
    "pyproject.toml": "OSL102",
    "rollouts/demo/pyproject.toml": "OSP101",
    "rollouts/demo/uv.lock": None,
    "rollouts/demo/main.py": None,
    ".gitignore": None,
    "rollouts/demo/ruff.toml": None,
}


def _osmo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "osmo_scaffold", *arguments],
        cwd=folder,
        env={**os.environ, "OSMO_SCAFFOLD_CACHE_DIR": str(folder / ".cache")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _with_pipe(root: Path, name: str) -> Path:
    write_workspace(root, {"rollouts/demo/.env": "A=1\n"})
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return root


@pytest.mark.parametrize("name", PIPES)
def test_check_names_a_pipe_and_goes_on(name: str, tmp_path: Path) -> None:
    done = _osmo(_with_pipe(tmp_path, name), "check")
    assert done.returncode in {0, 1}, done.stderr
    assert (PIPES[name] or "") in done.stdout


def test_ruff_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    done = _osmo(_with_pipe(tmp_path, "rollouts/demo/odd.py"), "check")
    assert done.stderr == ("ruff did not run: rollouts/demo/odd.py is no regular file: remove it, or use --no-ruff.\n")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("configs/eval/demo.toml", ["run", "demo"]),
        (".copier-answers.yml", ["apply", "single-turn", "--defaults"]),
        ("configs/eval/single-turn.toml", ["apply", "single-turn", "--defaults", "--overwrite"]),
        ("AGENTS.md", ["doctor", "--fix"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_other_commands_do_not_wait_either(name: str, command: list[str], tmp_path: Path) -> None:
    done = _osmo(_with_pipe(tmp_path, name), *command)
    assert done.returncode in {0, 1, 2}, done.stderr
    assert (tmp_path / name).is_fifo()


def test_a_dataset_has_to_be_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rows.jsonl")
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    for name in ("rows.jsonl", "zero.jsonl"):
        for command in (["validate", name], ["convert", name, "out.jsonl"]):
            done = _osmo(tmp_path, "dataset", *command)
            assert done.returncode == 2
            assert done.stderr == f"error: {name} is not a regular file: copy it to one.\n"


def test_sockets_and_devices_are_not_opened_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        (tmp_path / "device").symlink_to("/dev/zero")
        for name in ("socket", "device"):
            with pytest.raises(OSError, match="Not a regular file"):
                read_file(tmp_path / name)


def test_a_config_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    write_workspace(tmp_path, {})
    (tmp_path / "configs/eval/gone.toml").symlink_to("nowhere.toml")
    findings = check_workspace(Workspace(tmp_path)).findings
    assert ("configs/eval/gone.toml", "OSF101") in {(finding.path, finding.code) for finding in findings}


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path, *, is_linked: bool) -> None:
    pipe = path = tmp_path / "pipe"
    os.mkfifo(pipe)
    if is_linked:
        path = tmp_path / "link"
        path.symlink_to(pipe)
    with pytest.raises(FileExistsError, match="it is a device, a pipe or a socket"):
        write_atomically(path, b"a page")
    assert pipe.is_fifo()
    assert path.is_symlink() == is_linked
    assert len(list(tmp_path.iterdir())) == 1 + is_linked
