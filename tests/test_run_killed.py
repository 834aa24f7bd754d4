"""The supervisor and its workers are killed at 200 random moments: what counted is there, once, and stays as it was."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.run_support import Workspace, make_workspace

#: In each of two parts, which may run side by side.
KILLS = 100
#: One kill in this many hits the supervisor, the others one of its workers.
SUPERVISOR = 5
#: One in this many of the supervisor's comes while it starts, the others when a worker is at work.
STARTING = 4
#: What a run says whose workers were all killed between their last import and their first word.
KILLED_TOO_SOON = b"was ended by SIGKILL, perhaps for want of memory while it was imported"
ROWS = 150
ROLLOUT = """
import asyncio
import os
import pathlib
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        await asyncio.sleep(0.01)
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(len(ctx.label) / 4)

pathlib.Path(__file__).parents[2].joinpath("workers", str(os.getpid())).touch()
"""


@pytest.mark.parametrize("part", ["first hundred", "second hundred"])
def test_what_counted_survives_every_kill(tmp_path: Path, part: str) -> None:
    seed = random.randrange(2**32)  # noqa: S311 - moments, no secrets
    sys.stderr.write(f"seed of the {part}: {seed}\n")
    chance = random.Random(seed)  # noqa: S311
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(ROLLOUT, encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", source, rows=ROWS)
    (workspace.root / "workers").mkdir()
    kills = number = 0
    while kills < KILLS:
        number += 1
        kills += _killed_until_done(workspace, f"it-{number}", chance, KILLS - kills)


def _killed_until_done(workspace: Workspace, name: str, chance: random.Random, most: int) -> int:
    """Start a run again and again until it is done, with at most ``most`` kills; return how many there were."""
    counted: dict[tuple[object, object], str] = {}
    kills = 0
    while True:
        process = subprocess.Popen(
            workspace.command("--name", name, "--workers", "2", "--concurrency", "8"),
            cwd=workspace.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        alive = True
        while alive and kills < most:
            alive = chance.randrange(SUPERVISOR) != 0
            if alive or chance.randrange(STARTING):
                _wait_for_a_worker(workspace, process)
            try:
                process.wait(chance.uniform(0.0, 0.1))
                break
            except subprocess.TimeoutExpired:
                victims = _workers(workspace, process) if alive else [process.pid]
                kills += _killed(chance.choice(victims)) if victims else 0
        _, errors = process.communicate(timeout=120)
        counted = _still_there(workspace, name, counted)
        if process.returncode in (0, 1) and len(counted) == ROWS:
            _require_complete(workspace, name, counted)
            return kills
        assert process.returncode == -signal.SIGKILL or KILLED_TOO_SOON in errors, errors.decode()


def _wait_for_a_worker(workspace: Workspace, supervisor: "subprocess.Popen[bytes]") -> None:
    while not _workers(workspace, supervisor) and supervisor.poll() is None:
        time.sleep(0.01)


def _workers(workspace: Workspace, supervisor: "subprocess.Popen[bytes]") -> list[int]:
    """Return the workers that have imported the rollout, and live."""
    found = []
    for path in (workspace.root / "workers").iterdir():
        if _parent(int(path.name)) == supervisor.pid:
            found.append(int(path.name))
        else:
            path.unlink()
    return found


def _parent(pid: int) -> int | None:
    """Return the parent of a process that lives."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def _killed(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return 1


def _still_there(
    workspace: Workspace, name: str, counted: dict[tuple[object, object], str]
) -> dict[tuple[object, object], str]:
    """Return the journal's whole lines by attempt, after a look that those counted before are among them, unchanged."""
    file = workspace.runs / name / "journal.jsonl"
    lines = (file.read_bytes() if file.exists() else b"").decode().split("\n")[:-1]
    entries = [json.loads(line) for line in lines]
    found = {(entry["row"], entry["repeat"]): line for entry, line in zip(entries, lines, strict=True)}
    assert len(found) == len(lines), "an attempt counts twice"
    assert {attempt: found.get(attempt) for attempt in counted} == counted
    return found


def _require_complete(workspace: Workspace, name: str, counted: dict[tuple[object, object], str]) -> None:
    assert sorted(counted) == [(row, 0) for row in range(ROWS)]
    folder = workspace.runs / name
    summary = json.loads((folder / "metrics.json").read_text("utf-8"))["summary"]
    assert summary["total_samples"] == ROWS
    assert len(list((folder / "trajectories").glob("*.json"))) == ROWS
