"""What an attempt leaves behind when it ends costs the other attempts of its worker little."""

import asyncio
from pathlib import Path

from osmo_runtime import redact
from osmo_runtime.drivers.replies import Loaded
from osmo_runtime.drivers.worker_process import RolloutPlan, WorkerProcess
from osmo_runtime.log import Log
from tests.run_support import Workspace, make_workspace

ROLLOUT = """
import asyncio
import os
import time
import osmo_runtime.worker.watchdog as watchdog
from osmosis_ai.rollout import AgentWorkflow, Grader

watchdog.GRACE_S, watchdog._EVERY_S, watchdog._LATE_S = 0.2, 0.05, 0.3
{code}
class Workflow(AgentWorkflow):
    async def run(self, ctx):
        with open("../../pids", "a") as pids:
            print(os.getpid(), file=pids)
        is_first = "(row 0)" in ctx.prompt[-1]["content"]
        await (first() if is_first else other())
        return [*ctx.prompt, {{"role": "assistant", "content": "42"}}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""
#: Row 0 has ended when the task that it left blocks the loop for ever; the others have to run beside each other.
BLOCKS = """
kept, here = [], []

async def both():
    while len(here) < 2:
        await asyncio.sleep(0.01)

async def block():
    await both()
    await asyncio.sleep(0.2)  # until row 0 has ended
    time.sleep(60)

async def first():
    kept.append(asyncio.create_task(block()))

async def other():
    here.append(None)
    await both()
    if kept:
        await asyncio.sleep(1)
"""
LEAVES_A_THREAD = """
async def first():
    await asyncio.to_thread(time.sleep, 60)

async def other():
    await asyncio.sleep(0.2)
"""


def workspace_of(tmp_path: Path, code: str, rows: int, timeout_s: float) -> Workspace:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.py").write_text(ROLLOUT.format(code=code), encoding="utf-8")
    return make_workspace(tmp_path / "workspace", tmp_path / "source", rows=rows, timeout_s=timeout_s)


def pids(workspace: Workspace) -> list[str]:
    return (workspace.root / "pids").read_text(encoding="utf-8").split()


def test_a_late_block_gives_the_others_back_at_once_and_not_alone(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, BLOCKS, rows=3, timeout_s=3)
    done = workspace.run("--name", "it", "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(pids(workspace)) == 5
    assert len(set(pids(workspace))) == 2


def test_one_late_thread_does_not_cost_the_worker(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, LEAVES_A_THREAD, rows=14, timeout_s=0.5)
    workspace.run("--name", "it", "--workers", "1", "--concurrency", "4")
    failed = [entry["row"] for entry in workspace.journal("it") if entry["outcome"] != "graded"]
    assert failed == [0]
    assert len(set(pids(workspace))) == 1


def test_a_worker_that_was_killed_is_given_nothing_more(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, LEAVES_A_THREAD, rows=1, timeout_s=1)
    plan = RolloutPlan("rollout", workspace.rollout, "main.py", "0.3", 1, 1)

    async def killed() -> WorkerProcess:
        async with WorkerProcess(plan, Log(tmp_path / "log", redact.Replacer({}))) as worker:
            assert isinstance(await worker.load(20), Loaded)
            assert not worker.is_spent
            worker.kill()
            return worker

    assert asyncio.run(killed()).is_spent
