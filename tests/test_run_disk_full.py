"""A disk that fills while a run goes on: one sentence, what counted is kept, and the run goes on with more room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run_support import Workspace, make_workspace

ROWS = 150
ROLLOUT = """
import asyncio
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        await asyncio.sleep(0.05)
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""
GO_ON = ("--name", "it", "--concurrency", "8")


def mount(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB, each file taking four of them at least."""
    path = tmp_path / "disk"
    path.mkdir()
    try:
        is_mounted = mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", path)
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("a small disk cannot be mounted here")
    yield path
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def workspace(tmp_path: Path, disk: Path) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(ROLLOUT, encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", source, rows=ROWS)
    (workspace.root / ".osmosis").symlink_to(disk, target_is_directory=True)
    return workspace


def test_a_run_that_fills_the_disk_keeps_what_counted_and_goes_on(workspace: Workspace, disk: Path) -> None:
    done = workspace.run(*GO_ON)
    assert done.returncode == 1
    assert done.stderr.startswith("error: The results of the run it cannot be written (No space left on device): ")
    assert done.stderr.endswith(" the same command with `--name it` goes on.\n")
    assert done.stderr.count("\n") == 1
    before = (workspace.runs / "it" / "journal.jsonl").read_text(encoding="utf-8")
    counted = before[: before.rindex("\n")].splitlines()
    assert 0 < len(counted) < ROWS
    assert mount("-o", "remount,size=16m", disk)
    done = workspace.run(*GO_ON)
    assert done.returncode == 0, done.stderr
    after = (workspace.runs / "it" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert set(counted) <= set(after)
    assert [entry["row"] for entry in workspace.journal("it")] == list(range(ROWS))
    assert len(list((workspace.runs / "it" / "trajectories").iterdir())) == ROWS


def test_a_disk_that_is_full_from_the_start_is_one_sentence(workspace: Workspace, disk: Path) -> None:
    (disk / "filling").write_bytes(bytes(256 * 1024))
    done = workspace.run(*GO_ON)
    assert done.returncode == 1
    assert "cannot be written (No space left on device)" in done.stderr
    assert done.stderr.count("\n") == 1
