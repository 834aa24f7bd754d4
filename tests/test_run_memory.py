"""A worker's memory has an end, also while its attempts are under way, and nothing but what ate it up fails."""

import math
import os
from pathlib import Path

import pytest

from osmo_runtime.drivers.worker_memory import WorkerMemory
from osmo_runtime.memory import machine_mb, own_mb
from tests.run_support import make_workspace

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not show memory")

#: ``{body}`` is what the workflow does; ``{kept}`` is kept from the import on.
ROLLOUT = """
import asyncio
import os
from osmosis_ai.rollout import AgentWorkflow, Grader

KEPT = b"x" * {kept}

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        with open("../../pids", "a") as pids:
            print(os.getpid(), file=pids)
        {body}
        return [*ctx.prompt, {{"role": "assistant", "content": "42"}}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""
GROWS_WITHOUT_END = """
        kept = []
        while "(row 1)" in ctx.prompt[-1]["content"] and len(kept) < 60:
            kept.append(b"x" * (10 << 20))
            await asyncio.sleep(0.02)
"""


def run(root: Path, body: str, kept: int, worker_mb: int) -> tuple[list[dict[str, object]], set[str]]:
    """Run three attempts, one at a time; return what became of them, and the processes they ran in."""
    (root / "source").mkdir()
    (root / "source" / "main.py").write_text(ROLLOUT.format(body=body, kept=kept), encoding="utf-8")
    workspace = make_workspace(root / "workspace", root / "source")
    limits = ("--workers", "1", "--concurrency", "1", "--worker-memory", str(worker_mb))
    workspace.run("--name", "it", *limits)
    return workspace.journal("it"), set((workspace.root / "pids").read_text().split())


def test_an_attempt_that_grows_without_end_is_ended_twice_and_has_failed(tmp_path: Path) -> None:
    entries, pids = run(tmp_path, GROWS_WITHOUT_END, 0, 100)
    first, second, third = entries
    assert (first["outcome"], third["outcome"]) == ("graded", "graded")
    assert second["boundary"] == "crash"
    assert "grew to more than 150 MB of memory" in str(second["message"])
    assert len(pids) == 3


def test_what_a_rollout_needs_to_be_loaded_is_not_held_against_its_attempts(tmp_path: Path) -> None:
    entries, pids = run(tmp_path, "await asyncio.sleep(0.6)", 100 << 20, 50)
    assert [entry["outcome"] for entry in entries] == ["graded"] * 3
    assert len(pids) == 1


def test_pages_of_files_are_not_held_against_a_worker(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(200 << 20)
    body = f"""
        import mmap
        with open({str(tmp_path / "large")!r}, "rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        sum(mapped[at] for at in range(0, len(mapped), 4096))
        await asyncio.sleep(0.3)
        mapped.close()
    """
    entries, pids = run(tmp_path, body, 0, 60)
    assert [entry["outcome"] for entry in entries] == ["graded"] * 3
    assert len(pids) == 1


def test_the_memory_that_there_is_and_that_we_have() -> None:
    assert 0 < own_mb(os.getpid()) < machine_mb()


class Worker:
    """What a worker shows of itself; this one has ``memory_mb``."""

    def __init__(self, memory_mb: float) -> None:
        self.memory_mb = memory_mb
        self.is_spent = False
        self.enough_mb = math.inf


def test_without_a_limit_none_ends_as_long_as_all_together_fit() -> None:
    memory = WorkerMemory(None, 2, all_mb=1000)
    first, second = Worker(50), Worker(50)
    with memory.watched(first, 50), memory.watched(second, 50):
        first.memory_mb = 900
        assert [memory.look(first), memory.look(second)] == ["", ""]
        assert [first.is_spent, second.is_spent] == [True, False]


def test_the_largest_ends_where_all_together_do_not_fit_and_no_other_with_it() -> None:
    memory = WorkerMemory(None, 2, all_mb=1000)
    large, small = Worker(700), Worker(400)
    with memory.watched(large, 50), memory.watched(small, 50):
        assert memory.look(small) == ""
        why = memory.look(large)
        assert "700 MB" in why
        assert "more than 1000 MB" in why
        small.memory_mb = 800
        assert memory.look(small) == ""


def test_what_all_need_to_be_loaded_ends_none() -> None:
    memory = WorkerMemory(None, 2, all_mb=1000)
    first, second = Worker(700), Worker(700)
    with memory.watched(first, 600), memory.watched(second, 600):
        assert [memory.look(first), memory.look(second)] == ["", ""]


def test_one_that_has_ended_counts_no_more() -> None:
    memory = WorkerMemory(None, 2, all_mb=1000)
    for worker in (Worker(700), Worker(700)):
        with memory.watched(worker, 50):
            assert memory.look(worker) == ""
