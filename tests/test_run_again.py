"""Choosing rows, beginning anew, running what failed again, and replacing workers that grow."""

import json
import re
from pathlib import Path

import pytest

from osmo_runtime.results import RunFolder
from osmo_runtime.runs import Run
from tests.run_support import Workspace, make_workspace

ROLLOUT = """
import pathlib
from osmosis_ai.rollout import AgentWorkflow, Grader

MENDED = pathlib.Path(__file__).parents[2] / "mended"

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        if not MENDED.exists() and "2" in ctx.prompt[-1]["content"][:12]:
            raise ValueError("the service is down")
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""
GROWS = """
import os
import pathlib
from osmosis_ai.rollout import AgentWorkflow, Grader

kept = []

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        kept.append(b"x" * 30_000_000)
        with open(pathlib.Path(__file__).parents[2] / "pids", "a") as file:
            file.write(f"{os.getpid()}\\n")
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""


def workspace_of(tmp_path: Path, code: str, rows: int = 12) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(code, encoding="utf-8")
    return make_workspace(tmp_path / "workspace", source, rows=rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = workspace_of(tmp_path, ROLLOUT)
    rows = [{"system_prompt": "s", "user_prompt": f"row {n}", "ground_truth": "x"} for n in range(12)]
    (workspace.root / "data" / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return workspace


def outcomes(workspace: Workspace, name: str) -> dict[object, object]:
    return {line["row"]: line["outcome"] for line in workspace.journal(name)}


def test_only_the_rows_that_were_asked_for_are_run(workspace: Workspace) -> None:
    done = workspace.run("--name", "some", "--rows", "3, 7,9-11")
    assert done.returncode == 0
    assert list(outcomes(workspace, "some")) == [3, 7, 9, 10, 11]
    trajectories = {path.name for path in (workspace.runs / "some" / "trajectories").iterdir()}
    assert trajectories == {f"row_{row}_run_0.json" for row in (3, 7, 9, 10, 11)}
    assert "row 7" in (workspace.runs / "some" / "trajectories" / "row_7_run_0.json").read_text()


def test_a_run_of_other_rows_is_another_run(workspace: Workspace) -> None:
    assert workspace.run("--name", "some", "--rows", "3,4").returncode == 0
    other = workspace.run("--name", "some", "--rows", "3,5")
    assert other.returncode == 2
    assert "other inputs (other rows are asked for)" in other.stderr
    assert workspace.run("--name", "some", "--rows", "3-4").returncode == 0


@pytest.mark.parametrize("wrong", ["", "a", "3-", "-3", "5-3", "1,,2", "1.5", "٣", "9" * 40])
def test_what_is_no_list_of_rows_is_one_sentence(workspace: Workspace, wrong: str) -> None:
    done = workspace.run(f"--rows={wrong}")
    assert done.returncode == 2
    assert re.fullmatch(r"error: --rows .* is no list of rows: .*\n", done.stderr)


def test_rows_behind_the_last_one_are_one_sentence(workspace: Workspace) -> None:
    done = workspace.run("--rows", "12,500")
    assert done.returncode == 2
    assert "--rows 12,500: data/rows.jsonl has no 12,500; the first is row 0." in done.stderr


@pytest.mark.parametrize(
    ("wanted", "missing"), [("5,1-3,999", "999"), ("5-20", "12-20"), ("99,3,100-101", "99,100-101")]
)
def test_a_row_that_is_not_there_is_told_apart_from_those_that_are(
    workspace: Workspace, wanted: str, missing: str
) -> None:
    done = workspace.run("--rows", wanted)
    assert done.returncode == 2
    assert f"has no {missing}; the first is row 0." in done.stderr


def test_a_row_beyond_the_limit_is_one_sentence(workspace: Workspace) -> None:
    done = workspace.run("--rows", "1,5", "--limit", "3")
    assert done.returncode == 2
    assert "has no 5 among the first 3, which are all that is run" in done.stderr


def test_failed_attempts_run_again_where_asked(workspace: Workspace) -> None:
    assert workspace.run("--name", "it").returncode == 1
    failed = [row for row, outcome in outcomes(workspace, "it").items() if outcome == "failed"]
    assert failed == [2]
    (workspace.root / "mended").touch()
    assert workspace.run("--name", "it").returncode == 1
    before = {line["row"]: line for line in workspace.journal("it")}
    done = workspace.run("--name", "it", "--retry-failed", "--output-format", "json")
    assert done.returncode == 0
    after = {line["row"]: line for line in workspace.journal("it")}
    assert {row: line for row, line in after.items() if row != 2} == {
        row: line for row, line in before.items() if row != 2
    }
    assert after[2]["outcome"] == "graded"
    kept = (workspace.runs / "it" / "retried.jsonl").read_text().splitlines()
    assert [json.loads(line)["message"] for line in kept] == [before[2]["message"]]


def test_a_fresh_run_puts_the_earlier_one_aside(workspace: Workspace) -> None:
    assert workspace.run("--name", "it").returncode == 1
    journal = (workspace.runs / "it" / "journal.jsonl").read_bytes()
    (workspace.root / "mended").touch()
    assert workspace.run("--name", "it", "--fresh", "--rows", "1-3").returncode == 0
    assert list(outcomes(workspace, "it")) == [1, 2, 3]
    (aside,) = [path for path in workspace.runs.iterdir() if path.name.startswith("it-")]
    assert (aside / "journal.jsonl").read_bytes() == journal
    assert (aside / "metrics.json").is_file()
    assert workspace.run("--name", "never-there", "--fresh", "--rows", "1").returncode == 0


def test_a_fresh_run_needs_no_journal_of_the_earlier_one(workspace: Workspace) -> None:
    assert workspace.run("--name", "it").returncode == 1
    (workspace.runs / "it" / "journal.jsonl").unlink()
    assert workspace.run("--name", "it", "--rows", "1").returncode == 2
    assert workspace.run("--name", "it", "--rows", "1", "--fresh").returncode == 0
    (aside,) = [path for path in workspace.runs.iterdir() if path.name.startswith("it-")]
    assert (aside / "inputs.json").is_file()


def test_a_fresh_run_that_never_began_leaves_nothing_behind(workspace: Workspace) -> None:
    assert workspace.run("--name", "it").returncode == 1
    main = workspace.rollout / "main.py"
    whole = main.read_text()
    main.write_text("raise ValueError('no')")
    assert workspace.run("--name", "it", "--fresh").returncode == 1
    main.write_text(whole)
    assert workspace.run("--name", "it", "--rows", "1").returncode == 0


def test_a_run_whose_failed_attempts_are_owed_again_has_not_finished(workspace: Workspace) -> None:
    assert workspace.run("--name", "it", "--rows", "2").returncode == 1
    RunFolder(workspace.runs / "it").owe_again(lambda entry: entry.attempt.row == 2)
    assert Run(RunFolder(workspace.runs / "it")).state == "stopped"
    assert not (workspace.runs / "it" / "summary.jsonl").exists()


def test_a_worker_that_grows_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, GROWS, rows=20)
    done = workspace.run("--name", "it", "--workers", "1", "--concurrency", "2", "--worker-memory", "150")
    assert done.returncode == 0, done.stderr
    assert set(outcomes(workspace, "it").values()) == {"graded"}
    pids = (workspace.root / "pids").read_text().split()
    assert len(pids) == 20
    assert len(set(pids)) >= 3


def test_runs_that_start_in_one_second_have_names_of_their_own(workspace: Workspace) -> None:
    for _ in range(3):
        assert workspace.run("--rows", "1", "--policy", "echo").returncode == 0
        assert workspace.run("--rows", "1").returncode == 0
    assert len(list(workspace.runs.iterdir())) == 6


PLANTS = """
import pathlib
from osmosis_ai.rollout import AgentWorkflow, Grader

ROOT = pathlib.Path(__file__).parents[2]

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        for name in ("trajectories/row_0_run_0.json", "logs/worker-0.log"):
            place = ROOT / ".osmosis/runs/it" / name
            if not place.exists():
                place.symlink_to(ROOT / "precious")
        print("said after it")
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""


def test_no_result_is_written_where_a_link_of_the_rollout_leads(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, PLANTS, rows=1)
    precious = workspace.root / "precious"
    precious.write_text("mine", encoding="utf-8")
    assert workspace.run("--name", "it").returncode == 0
    assert precious.read_text("utf-8") == "mine"
    trajectory = workspace.runs / "it" / "trajectories" / "row_0_run_0.json"
    assert not trajectory.is_symlink()
    assert json.loads(trajectory.read_text("utf-8"))
    assert (workspace.runs / "it" / "logs" / "worker-0.log").read_text("utf-8") == "said after it\n"


def test_no_result_is_written_through_a_folder_that_became_a_link(tmp_path: Path) -> None:
    moves = """
        place = ROOT / ".osmosis/runs/it/trajectories"
        place.rename(place.with_name("before"))
        place.symlink_to(ROOT, target_is_directory=True)
"""
    start, end = PLANTS.index("        for name"), PLANTS.index("        return")
    workspace = workspace_of(tmp_path, PLANTS[:start] + moves + PLANTS[end:], rows=1)
    done = workspace.run("--name", "it")
    assert done.returncode == 1
    assert "The results of the run it cannot be written" in done.stderr
    assert not list(workspace.root.glob("row_*"))
