"""``human``, at a real terminal."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from .run_support import Workspace
from .test_run_results import ASKS, workspace_of

TOOLS = ASKS.replace(
    '{"messages": messages}',
    '{"messages": messages, "tools": [{"type": "function", "function": {"name": "add", '
    '"description": "Add them\\x1b[2J", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}}]}',
).replace(
    "return [*ctx.prompt, await asyncio.to_thread(ask, get_rollout_context(), ctx.prompt)]",
    """first = await asyncio.to_thread(ask, get_rollout_context(), ctx.prompt)
        if not first.get("tool_calls"):
            return [*ctx.prompt, first]
        call = first["tool_calls"][0]
        result = {"role": "tool", "tool_call_id": call["id"], "content": "result of " + call["function"]["arguments"]}
        messages = [*ctx.prompt, first, result]
        return [*messages, await asyncio.to_thread(ask, get_rollout_context(), messages)]""",
)


class Terminal:
    """A command with a pseudo-terminal for stdin and stderr."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(command, cwd=folder, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE)
        os.close(theirs)
        self.seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        os.close(self._ours)

    def wait_for(self, text: str) -> str:
        """Return what was shown since the last call, up to and with ``text``."""
        deadline = time.monotonic() + 60
        while text not in self.seen:
            assert time.monotonic() < deadline, f"{text!r} is not in {self.seen!r}"
            if select.select([self._ours], [], [], 1)[0]:
                self.seen += os.read(self._ours, 65536).decode()
        shown, _, self.seen = self.seen.partition(text)
        return shown + text

    def type(self, text: str) -> None:
        os.write(self._ours, f"{text}\n".encode())

    def end(self) -> tuple[int, str]:
        stdout, _ = self._process.communicate(timeout=60)
        return self._process.returncode, stdout.decode()


def terminal(workspace: Workspace, *arguments: str) -> Terminal:
    return Terminal(workspace.command("--policy", "human", "--name", "it", *arguments), workspace.root)


def test_a_person_answers_and_calls_tools(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, TOOLS)
    with terminal(workspace, "--limit", "3", "--output-format", "json") as person:
        shown = person.wait_for("goes on)")
        assert "--- row 0, repeat 0, call 0 ---" in shown
        assert "[system] Multiply." in shown
        assert "[user] What is 2 times 3? (row 0)" in shown
        assert "tool add(a: integer)  Add them\\x1b[2J" in shown
        person.type("/tool subtract {}")
        person.wait_for("There is no tool 'subtract'; there is: add.")
        person.type("/tool add {a: 1}")
        person.wait_for("The arguments are not JSON")
        person.type("/tool add [1]")
        person.wait_for("have to be an object")
        person.type("")
        person.wait_for("An empty line is no answer")
        person.type('/tool add {"a": 1}')
        again = person.wait_for('[tool] result of {"a": 1}')
        assert "calls add" in again
        assert "[system]" not in again
        person.type("6")
        person.wait_for("--- row 1, repeat 0, call 0 ---")
        person.type("two \\")
        person.type("lines")
        person.wait_for("--- row 2, repeat 0, call 0 ---")
        person.type("/fail")
        code, stdout = person.end()
    summary = json.loads(stdout)["summary"]
    assert (code, summary["graded"], summary["failed"], summary["reward_mean"]) == (1, 2, 1, 0.5)
    assert "gave no answer" in summary["failures"]["policy"]["message"]
    document = json.loads((workspace.runs / "it" / "trajectories" / "row_1_run_0.json").read_text())
    assert "two \nlines" in json.dumps(document).replace("\\n", "\n")


def test_the_end_of_input_fails_what_is_left_and_ends_the_run(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with terminal(workspace) as person:
        person.wait_for("goes on)")
        person.type("\x04")
        code, stdout = person.end()
    assert code == 1
    assert "failed    3" in stdout


def test_ctrl_c_ends_the_run_at_once(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with terminal(workspace) as person:
        person.wait_for("goes on)")
        person._process.send_signal(2)
        person.wait_for("interrupted: 0 of 3 attempts counted")
        assert person.end()[0] == 130


def test_without_a_terminal_it_is_refused(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    command = [sys.executable, "-m", "osmo_scaffold", "run", "rollout", "--policy", "human"]
    done = subprocess.run(
        command, cwd=workspace.root, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
    assert not workspace.runs.exists() or not list(workspace.runs.iterdir())
