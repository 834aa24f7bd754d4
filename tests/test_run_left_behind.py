"""What a rollout starts or holds up does not outlive its run, however the run ends."""

import asyncio
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from osmo_runtime import processes
from osmo_runtime.orphans import adopted
from tests.run_support import Workspace, make_workspace
from tests.test_run_child import running

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")

ROLLOUT = """
import os
import pathlib
import re
import subprocess
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        pathlib.Path(os.environ["PLACE"], str(os.getpid())).touch()
        {body}
        return [*ctx.prompt, {{"role": "assistant", "content": "42"}}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""
HOLDS_THE_INTERPRETER = 're.match(r"(a+)+$", "a" * 60 + "!")'
#: Seconds until a test has failed.
PATIENCE = 60


def workspace_of(tmp_path: Path, body: str) -> Workspace:
    (tmp_path / "source").mkdir()
    (tmp_path / "place").mkdir()
    (tmp_path / "source" / "main.py").write_text(ROLLOUT.format(body=body), encoding="utf-8")
    return make_workspace(tmp_path / "workspace", tmp_path / "source", rows=1)


def started(workspace: Workspace, place: Path) -> "subprocess.Popen[str]":
    """Start a run, and return it once its attempt goes on."""
    process = subprocess.Popen(
        workspace.command("--name", "it"),
        cwd=workspace.root,
        env={**os.environ, "PLACE": str(place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: any(place.iterdir()))
    return process


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, "this never came about"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def test_a_worker_that_never_lets_go_ends_with_a_killed_supervisor(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, HOLDS_THE_INTERPRETER)
    process = started(workspace, tmp_path / "place")
    worker = int(next((tmp_path / "place").iterdir()).name)
    time.sleep(0.5)  # until it is inside of the regular expression
    assert is_running(worker)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not is_running(worker))


def test_user_code_may_wait_for_all_of_its_children(tmp_path: Path) -> None:
    body = 'subprocess.Popen(["true"]); os.wait(); self.require_none()'
    rollout = ROLLOUT.format(body=body)
    rollout = rollout.replace(
        "    async def run", "    def require_none(self):\n        {none}\n\n    async def run", 1
    )
    none = "try:\n            os.wait()\n        except ChildProcessError:\n            return"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.py").write_text(rollout.replace("{none}", none), encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", tmp_path / "source", rows=1)
    done = workspace.run(env={"PLACE": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "start",
    [
        'subprocess.Popen(["/usr/bin/env", "-i", "/bin/sleep", "{length}"], start_new_session=True)',
        'subprocess.run("env -i setsid sleep {length} & exit", shell=True)',
    ],
    ids=["its own child", "an orphan"],
)
@pytest.mark.parametrize("exits", ["", "; os._exit(3)"], ids=["", "exits"])
def test_what_hides_in_a_session_without_environment_ends_with_the_run(tmp_path: Path, start: str, exits: str) -> None:
    length = str(secrets.randbelow(10**9) + 10**6)
    body = start.replace("{length}", length) + "; import time; time.sleep(0.2)" + exits
    workspace = workspace_of(tmp_path, body)
    outsider = subprocess.Popen(["sleep", length + ".5"], start_new_session=True)
    done = workspace.run(env={"PLACE": str(tmp_path / "place")})
    assert done.returncode == (1 if exits else 0), done.stdout + done.stderr
    assert running(length) == [outsider.pid]
    outsider.kill()
    outsider.wait()


def test_children_from_before_and_of_our_session_are_left_alone() -> None:
    def sleeper(*, apart: bool) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(["sleep", "321"], start_new_session=apart)

    async def block() -> "subprocess.Popen[bytes]":
        async with adopted():
            command = ("sh", "-c", "sleep 98765321 & exit")
            leaving = await asyncio.create_subprocess_exec(*command, start_new_session=True)
            await leaving.wait()
            return sleeper(apart=False)

    before = sleeper(apart=True)
    within = asyncio.run(block())
    assert running("98765321") == []
    for process in (before, within):
        assert process.poll() is None
        process.kill()
        process.wait()


def test_an_orphan_that_cannot_be_ended_is_named_and_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    length = str(secrets.randbelow(10**9) + 10**6)

    async def leave() -> None:
        async with adopted():
            command = ("sh", "-c", f"sleep {length} & exit")
            leaving = await asyncio.create_subprocess_exec(*command, start_new_session=True)
            await leaving.wait()

    with monkeypatch.context() as patched:
        patched.setattr(processes, "kill", lambda _: None)  # as if it were another user's
        asyncio.run(leave())
    (pid,) = running(length)
    assert f"Process {pid}, which the rollout started, goes on" in capsys.readouterr().err
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
