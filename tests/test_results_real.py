"""What a run writes, read by others: harbor's trajectory models and the official SDK's own arithmetic."""

import json
from pathlib import Path
from typing import Any

import pytest

from osmo_runtime import trajectory
from osmo_runtime.model import Attempt, Boundary, Call, Failed, Graded, Message, Report, Row, Sample
from tests.real_packages import answer_of
from tests.run_support import Workspace, make_workspace

MIXED = """
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        if "row 1" in ctx.prompt[-1]["content"]:
            raise ValueError("no such thing")
        call = {"id": "c1", "type": "function", "function": {"name": "multiply", "arguments": '{"a": 2}'}}
        return [
            *ctx.prompt,
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "6"},
            {"role": "assistant", "content": "6"},
        ]

class TheGrader(Grader):
    async def grade(self, ctx):
        if ctx.label == "20":
            ctx.sample.remove_sample = True
        else:
            ctx.set_reward(float(ctx.label) / 10)
"""

#: Prints what is wrong with each of a list of documents; nothing if all are valid.
VALIDATE = """
import json, sys
from harbor.models.trajectories import Trajectory
for name, document in json.load(sys.stdin).items():
    try:
        Trajectory.model_validate(document)
    except ValueError as error:
        print(name, error)
"""

#: Prints the summary that the official SDK makes of the lines of a summary.jsonl.
AGGREGATE = """
import json, sys
from osmosis_ai.eval.local.results import aggregate_metrics
lines = [json.loads(line) for line in sys.stdin]
print(json.dumps(aggregate_metrics(lines, pass_threshold=1.0)))
"""

ODD: dict[str, list[Message]] = {
    "nothing": [],
    "no roles": [{}, {"content": "text"}],
    "a tool's result alone": [{"role": "tool", "tool_call_id": "c1", "content": "6"}],
    "calls of a user": [{"role": "user", "content": "x", "tool_calls": [{"id": "c1", "function": {"name": "f"}}]}],
    "reasons of a user": [{"role": "user", "content": "x", "reasoning_content": {"why": 1}}],
    "broken arguments": [{"role": "assistant", "tool_calls": [{"id": 7, "function": {"arguments": "{broken"}}]}],
    "the same id twice": [
        {"role": "assistant", "tool_calls": [{"id": "c1", "function": {"name": "f"}}] * 2},
        {"role": "tool", "tool_call_id": "c1", "content": None},
    ],
    "pictures": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}],
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A run of four rows, twice each: one fails, one is skipped, tools are called."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "source").mkdir()
    (folder / "source" / "main.py").write_text(MIXED)
    workspace = make_workspace(folder / "workspace", folder / "source", rows=4)
    assert workspace.run("--name", "it", "-n", "2").returncode == 1
    return workspace


def _harbor(documents: dict[str, Any]) -> str:
    return answer_of(VALIDATE, json.dumps(documents), needs=("pydantic>=2,<3",), bare=("harbor>=0.24,<0.26",))


def test_harbor_reads_the_trajectories_of_a_run(mixed: Workspace) -> None:
    paths = list((mixed.runs / "it" / "trajectories").iterdir())
    assert len(paths) == 8
    assert _harbor({path.name: json.loads(path.read_text()) for path in paths}) == ""


def test_harbor_reads_odd_trajectories_too() -> None:
    call = Call([{"role": "user", "content": "Hello?"}], {"role": "assistant", "content": "Hi."}, "stop", 5, 2, 0.1)
    row = Row(0, {"user_prompt": "Hello?", "ground_truth": 7, "metadata": {"kind": "odd"}})
    reports = {
        name: Report(
            Attempt(0, 0), Graded(0.5), "", 0.1, (Sample("main", messages, 0.5), Sample("b", messages)), (call,)
        )
        for name, messages in ODD.items()
    }
    reports["no answer"] = Report(Attempt(0, 0), Failed(Boundary.WORKFLOW, "ValueError: no"), "", 0.1)
    numbers = Sample("main", [], 0.5, metrics={"loss": float("nan"), "deep": [float("inf")]})
    reports["no numbers"] = Report(Attempt(0, 0), Graded(0.5), "", 0.1, (numbers,))
    documents = {
        name: json.loads(trajectory.to_json(trajectory.document(report, row, "run-0")), parse_constant=pytest.fail)
        for name, report in reports.items()
    }
    assert _harbor(documents) == ""


def test_harbor_would_say_what_is_wrong() -> None:
    assert "schema_version" in _harbor({"wrong": {"schema_version": "ATIF-v9"}})


def test_the_official_arithmetic_agrees(mixed: Workspace) -> None:
    folder = mixed.runs / "it"
    written = json.loads((folder / "metrics.json").read_text())
    lines = (folder / "summary.jsonl").read_text()
    official = json.loads(answer_of(AGGREGATE, lines, needs=("pydantic>=2,<3",), bare=("osmosis-ai==0.3.7",)))
    assert written["summary"] == official
    assert list(written["summary"]) == list(official)


def test_the_folder_is_that_of_a_download(mixed: Workspace) -> None:
    folder = mixed.runs / "it"
    about = json.loads((folder / "metrics.json").read_text())["eval_run"]
    names = {"id", "status", "name", "dataset_name", "model_name", "rollout_name"}
    assert set(about) == names | {"duration_ms", "started_at", "completed_at"}
    assert (about["id"], about["status"]) == ("it", "finished")
    lines = [json.loads(line) for line in (folder / "summary.jsonl").read_text().splitlines()]
    known = {"row_index", "run_index", "rollout_id", "trajectory_filename", "status", "reward", "tokens"}
    assert set().union(*lines) == known | {"duration_ms", "error_type"}
    assert {line["status"] for line in lines} == {"success", "failed", "skipped"}
    assert all(Path(folder, "trajectories", line["trajectory_filename"]).is_file() for line in lines)
