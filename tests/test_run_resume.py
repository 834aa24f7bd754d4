"""Runs that are stopped, resumed, repeated or started twice: nothing counted is lost, and nothing counts twice."""

import json
import os
import signal
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from osmo_runtime import journal
from osmo_runtime.journal import Entry, Journal
from osmo_runtime.model import Attempt, Boundary, Failed, Graded, Report
from tests.run_support import Workspace, make_workspace

CHILD = """
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
with open("pids", "a") as pids:
    pids.write(f"{child.pid}\\n")
"""
ROLLOUT = """
import asyncio
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        await asyncio.sleep(0.05)
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(len(ctx.label) / 4)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(CHILD + ROLLOUT, encoding="utf-8")
    return make_workspace(tmp_path / "workspace", source, rows=100)


def start(workspace: Workspace, *arguments: str) -> subprocess.Popen[str]:
    """Start a run and wait until its journal has a line; 100 rows at two a time take seconds."""
    process = subprocess.Popen(
        workspace.command("--name", "it", "--concurrency", "2", *arguments),
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    file = workspace.runs / "it" / "journal.jsonl"
    while not file.exists() or not file.read_bytes().endswith(b"\n"):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    return process


def assert_gone(workspace: Workspace) -> None:
    """Wait until the processes that the rollout started are gone."""
    for pid in (workspace.rollout / "pids").read_text().split():
        while _is_alive(int(pid)):
            time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def assert_complete(workspace: Workspace) -> None:
    entries = workspace.journal("it")
    assert [(entry["row"], entry["repeat"]) for entry in entries] == [(row, 0) for row in range(100)]
    assert len(list((workspace.runs / "it" / "trajectories").iterdir())) == 100


def test_a_killed_supervisor_loses_nothing(workspace: Workspace) -> None:
    process = start(workspace)
    process.kill()
    process.communicate()
    assert_gone(workspace)
    before = workspace.journal("it")
    assert 0 < len(before) < 100
    with (workspace.runs / "it" / "journal.jsonl").open("a") as stream:
        stream.write('{"row": 99, "repeat": 0, "outc')  # a line that the crash tore
    (workspace.rollout / "pids").unlink()
    done = workspace.run("--name", "it", "--concurrency", "32", "--output-format", "json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)["summary"]
    assert (summary["attempts"], summary["attempts_run_now"]) == (100, 100 - len(before))
    assert_complete(workspace)
    assert_gone(workspace)
    after = {entry["row"]: entry for entry in workspace.journal("it")}
    assert all(after[entry["row"]] == entry for entry in before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_keeps_what_counted_and_says_how_to_go_on(workspace: Workspace, number: signal.Signals) -> None:
    process = start(workspace)
    process.send_signal(number)
    _, stderr = process.communicate()
    assert process.returncode == 130
    counted = len(workspace.journal("it"))
    assert f"{counted} of 100 attempts counted; the same command with `--name it` goes on." in stderr
    assert "Traceback" not in stderr
    assert_gone(workspace)
    (workspace.rollout / "pids").unlink()
    assert workspace.run("--name", "it").returncode == 0
    assert_complete(workspace)


def test_ctrl_c_while_the_workers_start(workspace: Workspace) -> None:
    main = workspace.rollout / "main.py"
    main.write_text(main.read_text() + "\nimport time\ntime.sleep(300)\n")
    process = subprocess.Popen(workspace.command("--name", "it"), cwd=workspace.root, stderr=subprocess.PIPE, text=True)
    while not (workspace.rollout / "pids").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate()
    assert process.returncode == 130
    (sentence,) = stderr.splitlines()
    assert sentence.startswith("interrupted: 0 of 100 attempts counted")
    assert_gone(workspace)


def test_two_runs_of_one_name_at_once(workspace: Workspace) -> None:
    process = start(workspace)
    try:
        second = workspace.run("--name", "it")
    finally:
        process.kill()
        process.communicate()
    assert second.returncode == 2
    assert "The run it is going on in another process" in second.stderr


@pytest.fixture
def fast(tmp_path: Path) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(ROLLOUT, encoding="utf-8")
    return make_workspace(tmp_path / "workspace", source, rows=5)


def test_resuming_under_other_inputs_names_what_differs(fast: Workspace) -> None:
    assert fast.run("--name", "it").returncode == 0
    for arguments, words in [
        (["--seed", "1"], "seed was 0 and is 1"),
        (["-n", "2"], "attempts per row was 1 and is 2"),
        (["--limit", "2"], "rows was 5 and is 2"),
        (["--policy", "echo"], "policy was 'oracle' and is 'echo'"),
    ]:
        done = fast.run("--name", "it", *arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "use another --name" in done.stderr
    (fast.rollout / "helper.py").write_text("")
    assert "the rollout's files have changed" in fast.run("--name", "it").stderr


def test_a_finished_run_is_not_run_again_and_no_file_changes(fast: Workspace) -> None:
    first = fast.run("--name", "it")
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in _files(fast)}
    again = fast.run("--name", "it", "--retry-failed", "--output-format", "json")
    assert (first.returncode, again.returncode) == (0, 0)
    assert json.loads(again.stdout)["summary"]["attempts_run_now"] == 0
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in _files(fast)} == before


def test_a_finished_run_is_counted_again_under_another_threshold(fast: Workspace) -> None:
    assert fast.run("--name", "it").returncode == 0
    assert metrics(fast)["summary"]["pass_rate"] == 0
    config = fast.root / "configs" / "eval" / "rollout.toml"
    config.write_text(config.read_text().replace("[evaluation]", "[evaluation]\npass_threshold = 0.1"))
    assert fast.run("--name", "it").returncode == 0
    assert metrics(fast)["summary"]["pass_rate"] == 1


def metrics(workspace: Workspace) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((workspace.runs / "it" / "metrics.json").read_text())
    return found


def test_a_resumed_run_began_when_it_was_first_started_and_its_times_add_up(fast: Workspace) -> None:
    assert fast.run("--name", "it").returncode == 0
    folder = fast.runs / "it"
    whole = metrics(fast)["eval_run"]
    started = datetime.fromisoformat(whole["started_at"])
    assert started <= min(datetime.fromisoformat(str(entry["started_at"])) for entry in fast.journal("it"))
    # As if it had been killed a minute after it began, with three attempts counted.
    lines = (folder / "journal.jsonl").read_text().splitlines(keepends=True)
    (folder / "journal.jsonl").write_text("".join(lines[:3]))
    os.utime(folder / "journal.jsonl", (started.timestamp() + 60,) * 2)
    times = {"started_at": whole["started_at"], "duration_ms": 0.0, "going_on_since": whole["started_at"]}
    (folder / "times.json").write_text(json.dumps(times))
    (folder / "metrics.json").unlink()
    assert fast.run("--name", "it").returncode == 0
    resumed = metrics(fast)["eval_run"]
    assert resumed["started_at"] == whole["started_at"]
    assert resumed["duration_ms"] >= 60_000
    summary = [json.loads(line) for line in (folder / "summary.jsonl").read_text().splitlines()]
    assert [line.get("resumed") for line in summary] == [True, True, True, None, None]


def test_the_same_seed_gives_the_same_run(fast: Workspace) -> None:
    journals: list[Any] = []
    for name in ("first", "second"):
        assert fast.run("--name", name, "-n", "3").returncode == 0
        journals.append(fast.journal(name))
        for entry in journals[-1]:
            assert entry.pop("started_at")
            assert entry.pop("duration_ms") >= 0
            assert entry.pop("model_ms") >= 0
    assert journals[0] == journals[1]
    assert len(journals[0]) == 15


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", ".hidden", "-x", "a\nb", "a" * 300])
def test_a_name_that_is_no_folders_name(fast: Workspace, name: str) -> None:
    done = fast.run(f"--name={name}")
    assert done.returncode == 2
    assert "cannot be the name of a run" in done.stderr
    assert not (fast.root / ".osmosis").exists()


def test_metrics_and_summary_are_as_the_platform_writes_them(fast: Workspace) -> None:
    assert fast.run("--name", "it", "-n", "2").returncode == 0
    metrics = json.loads((fast.runs / "it" / "metrics.json").read_text())
    assert metrics["eval_run"]["status"] == "finished"
    stats = metrics["summary"]["reward_stats"]
    assert (stats["mean"], stats["median"], stats["min"], stats["max"]) == (0.45, 0.5, 0.25, 0.5)
    assert stats["std"] == pytest.approx(0.1)
    assert metrics["summary"]["pass_at_k"] == [{"k": 1, "value": 0.0}, {"k": 2, "value": 0.0}]
    lines = [json.loads(line) for line in (fast.runs / "it" / "summary.jsonl").read_text().splitlines()]
    assert [(line["row_index"], line["run_index"], line["status"]) for line in lines] == [
        (row, repeat, "success") for row in range(5) for repeat in range(2)
    ]
    document = json.loads((fast.runs / "it" / "trajectories" / lines[3]["trajectory_filename"]).read_text())
    assert document["extra"]["osmosis"]["rollout_id"] == document["session_id"] == lines[3]["rollout_id"]


def entry(row: int, outcome: Graded | Failed) -> Entry:
    return Entry.of(Report(Attempt(row, 0), outcome, "2026-01-01T00:00:00+00:00", 0.5))


def test_the_journal_reads_back_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    entries = [entry(1, Graded(0.5)), entry(0, Failed(Boundary.GRADER, "no\nreward", "trace")), entry(2, Graded(None))]
    with Journal(path) as writing:
        writing.append(one.to_line() for one in entries[:2])
    with path.open("ab") as stream:
        stream.write(entries[2].to_line().encode()[:-1])
    with Journal(path) as writing:
        writing.append([entries[2].to_line()])
    assert list(journal.entries(path)) == entries
    journal.rewrite_in_order(path)
    assert [entry.attempt.row for entry in journal.entries(path)] == [0, 1, 2]


def test_a_run_that_fails_removes_nothing_of_the_users(fast: Workspace) -> None:
    kept = fast.runs / "it" / "notes.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    (fast.rollout / "main.py").write_text("raise ValueError('no')")
    assert fast.run("--name", "it").returncode == 1
    assert [path.name for path in kept.parent.iterdir()] == ["notes.txt"]


def test_results_without_their_journal_are_kept(fast: Workspace) -> None:
    assert fast.run("--name", "it").returncode == 0
    (fast.runs / "it" / "journal.jsonl").unlink()
    before = _files(fast)
    assert fast.run("--name", "it", "--seed", "1").returncode == 2
    assert len(before) == 10
    assert _files(fast) == before


def _files(workspace: Workspace) -> list[Path]:
    return sorted(path for path in workspace.runs.rglob("*") if path.is_file())


DETACHES = """
import subprocess
from pathlib import Path

def leave():
    for options in ({}, {"start_new_session": True}, {"start_new_session": True, "process_group": None}):
        child = subprocess.Popen(["sleep", "321"], **options)
        with open("pids", "a") as pids:
            pids.write(f"{child.pid}\\n")
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find such processes")
def test_processes_that_left_the_workers_session_end_as_well(fast: Workspace) -> None:
    main = fast.rollout / "main.py"
    main.write_text(DETACHES + main.read_text() + "\nleave()\n")
    assert fast.run("--name", "it").returncode == 0
    assert_gone(fast)


def test_a_rollout_that_deletes_its_run(fast: Workspace) -> None:
    main = fast.rollout / "main.py"
    main.write_text(f"import shutil\nshutil.rmtree({str(fast.root / '.osmosis')!r})\n" + main.read_text())
    done = fast.run("--name", "it")
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "Something removed files of the run it from .osmosis/runs while it went on" in sentence


def test_a_journal_that_was_changed_is_not_guessed_at(fast: Workspace) -> None:
    assert fast.run("--name", "it").returncode == 0
    with (fast.runs / "it" / "journal.jsonl").open("a") as stream:
        stream.write("what is this\n")
    done = fast.run("--name", "it")
    assert done.returncode == 1
    assert "line 6, is not what was written" in done.stderr


def test_a_folder_that_cannot_be_written(fast: Workspace) -> None:
    if os.geteuid() == 0:
        (fast.root / ".osmosis").write_text("a file where the folder should be")
    else:
        fast.root.chmod(0o500)
    done = fast.run("--name", "it")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
