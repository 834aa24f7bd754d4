"""The commands below ``runs``, over runs that were really made."""

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from osmo_checks.printable import printable
from osmo_runtime.conversation import messages_of
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Graded, Message, Report, Row, Sample
from osmo_runtime.trajectory import document
from tests.run_support import Workspace, make_workspace

MIXED = """
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        if "row 1)" in ctx.prompt[-1]["content"]:
            raise ValueError("no such thing")
        call = {"id": "c1", "type": "function", "function": {"name": "multiply", "arguments": '{"a": 2}'}}
        return [
            *ctx.prompt,
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "6"},
            {"role": "assistant", "content": "It is 6."},
        ]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0 if int(ctx.label) > 10 else 0.25)
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two runs of six rows: ``first``, twice each row, and ``better``, whose workflow does not fail any more."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "source").mkdir()
    (folder / "source" / "main.py").write_text(MIXED)
    made = make_workspace(folder / "workspace", folder / "source", rows=6)
    made.run("--name", "first", "-n", "2")
    mended = MIXED.replace("raise ValueError", "str").replace("else 0.25", "else 0.75")
    (made.rollout / "main.py").write_text(mended)
    made.run("--name", "better")
    training = '[experiment]\nrollout = "rollout"\n\n[training]\nmax_response_length = 5\n'
    (made.root / "configs" / "training").mkdir()
    (made.root / "configs" / "training" / "rollout.toml").write_text(training)
    return made


def runs(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "runs", *arguments]
    return subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, timeout=60, check=False)


def said(workspace: Workspace, *arguments: str) -> str:
    done = runs(workspace, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def plain(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(workspace, *arguments, "--output-format", "json"))
    assert found.pop("schema_version") == 1
    return found


def test_list_has_all_runs_the_newest_last(workspace: Workspace) -> None:
    lines = said(workspace, "list").splitlines()
    assert lines[0].split() == ["run", "state", "rollout", "policy", "attempts", "failed", "reward"]
    assert lines[1].split() == ["first", "finished", "rollout", "oracle", "12", "2", "0.85"]
    assert [run["name"] for run in plain(workspace, "list")["runs"]] == ["first", "better"]


def test_show_says_what_came_out(workspace: Workspace) -> None:
    text = said(workspace, "show", "first")
    for words in (
        "first: rollout, policy oracle, finished",
        "attempts   12 at 6 rows",
        "outcomes   10 graded, 2 failed, 0 skipped",
        "reward     0.85 (95% interval ",
        "passed     66.7% (95% interval ",
        "pass@2     66.7% (95% interval ",
        "in model   p50 0 ms, p90 0 ms",
        "signal     100.0% of 5 rows have equal rewards and teach nothing (4 always pass, 1 never)",
        "truncated  0 of 12 wrote more than max_response_length, 5 tokens",
        "Failures by boundary: workflow 2",
        "2 x workflow, first at row 1: ValueError: no such thing (main.py:7)",
        '  File "main.py", line 7, in run',
    ):
        assert words in text
    found = plain(workspace, "show", "first")
    assert found["run"]["state"] == "finished"
    assert found["statistics"]["reward"]["mean"] == pytest.approx(0.85)
    assert found["statistics"]["failures"] == {"workflow": 2}


def test_show_of_one_attempt_a_row_says_what_is_not_known(workspace: Workspace) -> None:
    text = said(workspace, "show", "better")
    assert "signal     unknown with one attempt a row: run with -n 8" in text
    assert "pass@" not in text


def test_a_conversation_is_readable(workspace: Workspace) -> None:
    lines = said(workspace, "show", "first", "2").splitlines()
    assert lines[:2] == ["row 2, attempt 0: reward 1", "label: 20"]
    assert lines[4:] == [
        *("[system]", "  Multiply.", "", "[user]", "  What is 4 times 5? (row 2)", ""),
        *("[assistant]", '  -> multiply({"a": 2})   c1', "", "[tool c1]", "  6", "", "[assistant]", "  It is 6."),
    ]
    failed = said(workspace, "show", "first", "1", "--attempt", "1")
    assert failed.startswith("row 1, attempt 1: failed (workflow): ValueError: no such thing")
    assert "ZeroDivision" not in failed
    assert plain(workspace, "show", "first", "2")["messages"][-1] == {"role": "assistant", "content": "It is 6."}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "frist"], "There is no run 'frist': did you mean first? `osmo-scaffold runs list` has all."),
        (["show", "../first"], "'../first' cannot be the name of a run"),
        (["show", "first", "9"], "The run first has no attempt at row 9; rows count from 0."),
        (["show", "first", "2", "--attempt", "5"], "The run first has no attempt 5 at row 2: there is 0, 1."),
        (["compare", "first", "nobody"], "There is no run 'nobody': did you mean"),
        (["export", "first", "--to", "x.txt"], "x.txt cannot be written: give it a name that ends with"),
        (["tail", "nobody"], "There is no run 'nobody'"),
    ],
)
def test_what_is_not_there_is_one_sentence(workspace: Workspace, arguments: list[str], words: str) -> None:
    done = runs(workspace, *arguments)
    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert words in sentence


def test_a_file_that_was_changed_is_one_sentence(tmp_path: Path) -> None:
    broken = Workspace(tmp_path)
    (tmp_path / "rollouts").mkdir()
    (tmp_path / "configs").mkdir()
    folder = broken.runs / "it"
    folder.mkdir(parents=True)
    (folder / "inputs.json").write_text("{}")
    (folder / "metrics.json").write_text("{broken")
    done = runs(broken, "list")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "it/metrics.json cannot be read as JSON: something has changed it.\n"
    assert done.stdout.splitlines()[1].split() == ["it", "unreadable"]
    shown = runs(broken, "show", "it")
    assert (shown.returncode, shown.stderr) == (1, f"error: {done.stderr}")


WRONG = ("[1]", '{"summary": [1], "eval_run": 5}', '{"summary": {"reward_stats": [1], "failed": "x"}}')


@pytest.mark.parametrize("metrics", WRONG)
def test_numbers_that_are_none_are_left_out(tmp_path: Path, metrics: str) -> None:
    changed = Workspace(tmp_path)
    for folder in ("rollouts", "configs", ".osmosis/runs/it", ".osmosis/evals/theirs"):
        (tmp_path / folder).mkdir(parents=True)
    (changed.runs / "it" / "inputs.json").write_text('{"policy": "\\u001b[2J", "rollout": "rollout"}')
    (changed.runs / "it" / "metrics.json").write_text(metrics)
    for name, text in (("summary.jsonl", ""), ("metrics.json", metrics)):
        (tmp_path / ".osmosis" / "evals" / "theirs" / name).write_text(text)
    lines = said(changed, "list").splitlines()
    assert lines[1].split()[-2:] == ["rollout", "\\x1b[2J"]
    assert lines[2].split()[0] == "theirs"
    assert plain(changed, "list")["runs"][0]["attempts"] is None


def test_no_runs_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "rollouts").mkdir()
    (tmp_path / "configs").mkdir()
    done = runs(Workspace(tmp_path), "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "There are no runs yet" in done.stderr


def test_compare_is_by_row_and_in_words(workspace: Workspace) -> None:
    text = said(workspace, "compare", "first", "better")
    assert text.startswith("better is ahead of first by 0.1 in reward (95% interval ")
    assert "not decisive, it may well be chance" in text
    assert "better is ahead of first by 0.1667 in pass rate" in text
    found = plain(workspace, "compare", "first", "better")["comparison"]
    assert (found["paired_rows"], found["same_dataset"], found["reward"]["decisive"]) == (6, True, False)
    assert (found["pass_rate"]["rows_better"], found["pass_rate"]["rows_worse"]) == (1, 0)


def test_export_gives_a_table(workspace: Workspace, tmp_path: Path) -> None:
    said(workspace, "export", "first", "--to", str(tmp_path / "it.parquet"))
    said(workspace, "export", "first", "--to", str(tmp_path / "it.csv"))
    rows = pq.read_table(tmp_path / "it.parquet").to_pylist()
    with (tmp_path / "it.csv").open(newline="") as stream:
        cells = list(csv.DictReader(stream))
    assert len(rows) == len(cells) == 12
    assert (rows[2]["row"], rows[2]["status"], rows[2]["failure_boundary"]) == (1, "failed", "workflow")
    assert (cells[2]["reward"], cells[4]["reward"], rows[4]["reward"]) == ("", "1.0", 1.0)
    assert json.loads(rows[4]["messages"])[0] == {"role": "system", "content": "Multiply."}


def test_export_gives_conversations(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "good.jsonl"
    found = plain(workspace, "export", "first", "--to", str(target), "--min-reward", "1")
    assert found["attempts"] == 8
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert {row["reward"] for row in rows} == {1.0}
    assert [message["role"] for message in rows[0]["messages"]] == ["system", "user", "assistant", "tool", "assistant"]
    assert rows[0]["messages"][2]["tool_calls"][0]["function"] == {"name": "multiply", "arguments": '{"a": 2}'}
    again = runs(workspace, "export", "first", "--to", str(target))
    assert again.returncode == 2
    assert "exists: name another file, or replace it with --overwrite." in again.stderr


def test_messages_survive_a_trajectory() -> None:
    function = {"name": "add", "arguments": '{"a": 1}'}
    messages: list[Message] = [
        {"role": "system", "content": "Add."},
        {"role": "user", "content": "1 + 1"},
        {
            "role": "assistant",
            "content": "",
            "reasoning_content": "hm",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": function},
                {"id": "c2", "type": "function", "function": {"name": "f", "arguments": "{broken"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "2"},
        {"role": "tool", "tool_call_id": "unknown", "content": "3"},
        {"role": "assistant", "content": "2"},
    ]
    report = Report(Attempt(0, 0), Graded(1.0), "", 0.1, (Sample("main", messages, 1.0),))
    assert messages_of(document(report, Row(0, {}), "run-0")) == messages


def test_tail_shows_the_last_attempts(workspace: Workspace) -> None:
    lines = said(workspace, "tail", "first", "-n", "3").splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["row", str(row), "attempt", str(i)] for row, i in ((4, 1), (5, 0), (5, 1))
    ]
    assert [one["row"] for one in plain(workspace, "tail", "first", "-n", "1")["attempts"]] == [5]


def test_tail_follows_a_run_that_goes_on(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    slow = MIXED.replace("        call = ", "        import asyncio\n        await asyncio.sleep(1.5)\n        call = ")
    (tmp_path / "source" / "main.py").write_text(slow)
    made = make_workspace(tmp_path / "workspace", tmp_path / "source", rows=3)
    with subprocess.Popen(made.command("--name", "it", "--concurrency", "1"), cwd=made.root, stdout=subprocess.DEVNULL):
        inputs = made.runs / "it" / "inputs.json"
        while not inputs.exists():
            time.sleep(0.02)
        lines = said(made, "tail", "it").splitlines()
    assert sorted(line.split()[1] for line in lines) == ["0", "1", "2"]


def test_half_a_line_is_left_for_the_next_look(tmp_path: Path) -> None:
    from osmo_scaffold.commands.runs_tail import _whole_lines

    path = tmp_path / "journal.jsonl"
    line = Entry(Attempt(0, 0), Graded(1.0), 1, 1, 1, "", 1.0).to_line()
    path.write_text(line + line[:10])
    with path.open("rb") as stream:
        assert len(list(_whole_lines(stream, path))) == 1
        path.write_text(line + line)
        assert len(list(_whole_lines(stream, path))) == 1
        assert list(_whole_lines(stream, path)) == []


def test_a_terminal_is_told_nothing_by_a_model() -> None:
    text = "\x1b]0;title\x07\tred \x9b31m \ud800 é"
    assert printable(text, keep="\t") == "\\x1b]0;title\\x07\tred \\x9b31m \\ud800 é"
    assert printable("\t\n") == "\\t\\n"


def test_runs_of_the_platform_are_read_as_ours(workspace: Workspace, tmp_path: Path) -> None:
    """What a download has: the same files, less what is only ours."""
    there = Workspace(tmp_path)
    for folder in ("rollouts", "configs"):
        (tmp_path / folder).mkdir()
    downloaded = tmp_path / ".osmosis" / "evals" / "theirs"
    for name in ("metrics.json", "summary.jsonl", "trajectories"):
        source, target = workspace.runs / "first" / name, downloaded / name
        (shutil.copytree if source.is_dir() else _copy)(source, target)
    shutil.copytree(workspace.runs / "better", there.runs / "better")
    assert {run["name"] for run in plain(there, "list")["runs"]} == {"theirs", "better"}
    found = plain(there, "show", "theirs")["statistics"]
    ours = plain(workspace, "show", "first")["statistics"]
    for key in ("attempts", "graded", "failed", "reward", "pass_rate", "pass_at_k", "training_signal", "failures"):
        assert found[key] == ours[key]
    assert said(there, "show", "theirs").startswith("theirs: rollout, policy policy:oracle, finished")
    assert "It is 6." in said(there, "show", "theirs", "2")
    assert "better is ahead of theirs by 0.1 in reward" in said(there, "compare", "theirs", "better")
    assert len(said(there, "tail", "theirs").splitlines()) == 10
    said(there, "export", "theirs", "--to", "it.csv")
    said(there, "report", "theirs")
    (downloaded / "summary.jsonl").write_text("[]\n")
    broken = runs(there, "show", "theirs")
    assert broken.returncode == 1
    assert "theirs/summary.jsonl, line 1, is no attempt as the platform writes one" in broken.stderr


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
