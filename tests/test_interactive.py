"""``run --interactive``, at a real terminal."""

import json
import signal
from pathlib import Path

import pytest

from .run_support import Workspace
from .test_human import TOOLS, Terminal
from .test_run_results import ASKS, workspace_of

PROMPT = "q quit\r\n"


def at_terminal(workspace: Workspace, *arguments: str) -> Terminal:
    return Terminal(workspace.command("--interactive", "--name", "it", *arguments), workspace.root)


def rewards(workspace: Workspace) -> dict[object, object]:
    return {entry["row"]: entry.get("reward") for entry in workspace.journal("it")}


def test_next_shows_each_call_and_its_reply(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace) as terminal:
        for row, label in enumerate(("6", "12", "20")):
            shown = terminal.wait_for(PROMPT)
            assert f"--- row {row}, attempt 0, call 0, label {label} ---" in shown
            assert f"[user] What is {row + 2} times {row + 3}? (row {row})" in shown
            assert f"[reply] {label}\r\n" in shown
            terminal.type("n")
        assert terminal.end()[0] == 0
    assert rewards(workspace) == {0: 1.0, 1: 1.0, 2: 1.0}


def test_continue_asks_no_more(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("c")
        assert terminal.end()[0] == 0
    assert len(workspace.journal("it")) == 3


def test_a_reply_can_be_edited(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace, "--limit", "2") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("e")
        terminal.wait_for("/fail")
        terminal.type("mine")
        assert "[reply] mine\r\n" in terminal.wait_for(PROMPT)
        terminal.type("n")
        terminal.wait_for(PROMPT)
        terminal.type("e")
        terminal.type("/fail")
        assert "[reply] none: the person at the terminal gave no answer" in terminal.wait_for("gave no answer")
        terminal.type("n")
        assert terminal.end()[0] == 1
    assert rewards(workspace) == {0: 0.0, 1: None}
    assert workspace.journal("it")[1]["boundary"] == "policy"


def test_messages_and_tools(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, TOOLS)
    with at_terminal(workspace, "--limit", "1") as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("t")
        assert "tool add(a: integer)  Add them\\x1b[2J\r\ntools offered: 1" in terminal.wait_for("offered: 1")
        terminal.type("e")
        terminal.type('/tool add {"a": 1}')
        assert "calls add {'a': 1}" in terminal.wait_for(PROMPT).rpartition("[reply]")[2]
        terminal.type("n")
        second = terminal.wait_for(PROMPT)
        assert "call 1" in second
        assert "Multiply." not in second
        assert '[tool] result of {"a": 1}' in second
        terminal.type("m")
        assert "[system] Multiply." in terminal.wait_for("result of")
        terminal.type("what?")
        terminal.wait_for(PROMPT)
        terminal.type("n")
        terminal.end()


def test_another_row_also_one_that_is_done(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("r 7")
        assert "The run has no row '7'" in terminal.wait_for("from 0.")
        terminal.type("n")
        terminal.wait_for("--- row 1,")
        terminal.wait_for(PROMPT)
        terminal.type("r 2")
        terminal.wait_for("--- row 2,")
        terminal.wait_for(PROMPT)
        terminal.type("r 0")
        terminal.wait_for("--- row 0,")
        terminal.wait_for(PROMPT)
        terminal.type("c")
        assert terminal.end()[0] == 0
    assert rewards(workspace) == {0: 1.0, 1: 1.0, 2: 1.0}
    assert len((workspace.runs / "it" / "retried.jsonl").read_text().splitlines()) == 1


def test_quit_keeps_what_counts_and_goes_on_later(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("n")
        terminal.wait_for("--- row 1,")
        terminal.wait_for(PROMPT)
        terminal.type("q")
        terminal.wait_for("attempts counted: 1; the same command with `--name it` goes on.")
        assert terminal.end()[0] == 0
    done = workspace.run("--name", "it", "--output-format", "json")
    assert json.loads(done.stdout)["summary"]["attempts_run_now"] == 2


def test_ctrl_c_interrupts(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with at_terminal(workspace) as terminal:
        terminal.wait_for(PROMPT)
        terminal._process.send_signal(signal.SIGINT)
        assert terminal.end()[0] == 130


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "--interactive needs a terminal to ask you at"), (("--policy", "human"), "--interactive needs a terminal")],
)
def test_without_a_terminal_it_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = workspace_of(tmp_path, ASKS).run("--interactive", *arguments)
    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert words in sentence


def test_two_that_ask_for_every_reply(tmp_path: Path) -> None:
    with at_terminal(workspace_of(tmp_path, ASKS), "--policy", "human") as terminal:
        terminal.wait_for("both ask you for every reply: leave out one of them.")
        assert terminal.end()[0] == 2
