"""``LocalBackend.execute`` of the built-in SDK: what came of workflow and grader, as the real one says it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.contracts import load_contract

from .real_sdk import interpreter

PROBE = Path(__file__).parent / "cases" / "sdk" / "backend_probe.py"


def probe(python: str, generation: str, root: Path, *more: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    command = [python, str(PROBE), generation, str(root), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {
        generation: probe(sys.executable, generation, tmp_path_factory.mktemp("root"), "--built-in")
        for generation in ("0.2", "0.3")
    }


@pytest.mark.parametrize("generation", ["0.2", "0.3"])
def test_it_does_what_the_real_one_does(generation: str, built_in: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    python, environment = interpreter(load_contract(generation).data["verified_with"])
    real = probe(python, generation, tmp_path, env=environment)
    assert len(real) >= 19
    assert built_in[generation] == real


WORKFLOW, GRADER = 0, 1
SUCCESS = ("success", None)


@pytest.mark.parametrize(
    ("case", "which", "said", "message"),
    [
        ("plain", WORKFLOW, SUCCESS, ""),
        ("plain", GRADER, SUCCESS, ""),
        ("no grader", GRADER, ("failure", None), ""),
        ("no label", GRADER, ("failure", None), ""),
        ("metadata alone", GRADER, SUCCESS, ""),
        ("value error", WORKFLOW, ("failure", "validation_error"), "no such thing"),
        ("key error", WORKFLOW, ("failure", "agent_error"), "'no such key'"),
        ("own timeout", WORKFLOW, ("failure", "timeout"), "the tool gave up"),
        ("grader raises", GRADER, ("failure", "agent_error"), "'label'"),
        ("no reward", GRADER, ("failure", "validation_error"), "has no reward after grading"),
    ],
)
def test_what_both_generations_say(
    built_in: dict[str, dict[str, Any]], case: str, which: int, said: tuple[str, str | None], message: str
) -> None:
    (outcome,) = built_in["0.3"][case]
    for result in (built_in["0.2"][case][which], outcome["grader" if which else "workflow"]):
        assert (result["status"], result["err_category"]) == said
        assert message in (result["err_message"] or "")


@pytest.mark.parametrize(
    ("case", "which", "message"),
    [
        ("late", "workflow", "workflow exceeded its 0.1s deadline"),
        ("blocked", "workflow", "workflow exceeded its 0.1s deadline"),
        ("swallowed", "workflow", "workflow exceeded its 0.1s deadline"),
        ("late grader", "grader", "grader exceeded its 0.1s deadline"),
        ("blocked grader", "grader", "grader exceeded its 0.1s deadline"),
    ],
)
def test_deadlines_of_0_3(built_in: dict[str, dict[str, Any]], case: str, which: str, message: str) -> None:
    (outcome,) = built_in["0.3"][case]
    assert outcome[which]["err_message"] == message
    assert outcome[which]["err_category"] == "timeout"


@pytest.mark.parametrize("generation", ["0.2", "0.3"])
def test_as_many_at_a_time_as_the_config_says(built_in: dict[str, dict[str, Any]], generation: str) -> None:
    assert [seen for seen, _ in built_in[generation]["at a time"]] == [4, 6, 2]
