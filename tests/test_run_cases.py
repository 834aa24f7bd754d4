"""Every rollout under ``cases/rollouts`` is run with the real command; its ``case.toml`` says what has to come of it.

Keys: ``contract``, ``exit``, ``arguments``, ``env``, ``entrypoint``, ``timeout_s``; ``error`` (words of the one
sentence on stderr) and ``leaves`` (files in the run's folder), or ``graded``, ``reward_mean``, ``failures``
(boundary -> words of its first message) and ``tool_errors`` (what the model was told of the tool of each attempt; its
traceback is logged).
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.run_support import Workspace, make_workspace

CASES = Path(__file__).parent / "cases" / "rollouts"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/case.toml")))
def test_case(name: str, tmp_path: Path) -> None:
    case = tomllib.loads((CASES / name / "case.toml").read_text(encoding="utf-8"))
    workspace = make_workspace(
        tmp_path,
        CASES / name,
        contract=case["contract"],
        entrypoint=case.get("entrypoint", "main.py"),
        timeout_s=case.get("timeout_s", 20),
    )
    arguments = ("--name", "it", "--output-format", "json", *case.get("arguments", []))
    done = workspace.run(*arguments, env=case.get("env"))
    assert done.returncode == case["exit"], done.stderr
    if "error" in case:
        _check_error(done.stderr, case["error"])
        assert _files(workspace.runs / "it") == case.get("leaves", [])
    else:
        _check_summary(workspace, json.loads(done.stdout)["summary"], case)


def _files(folder: Path) -> list[str]:
    """Return what a run left behind; one that left nothing has no folder."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files or not folder.exists()
    return files


def _check_error(stderr: str, words: list[str]) -> None:
    (sentence,) = stderr.splitlines()
    assert sentence.startswith("error: ")
    assert not sentence.endswith("..")
    for word in words:
        assert word in sentence


def _check_summary(workspace: Workspace, summary: dict[str, Any], case: dict[str, Any]) -> None:
    assert summary["attempts"] == 3
    assert summary["graded"] == case["graded"], summary
    assert summary["reward_mean"] == case.get("reward_mean", 1.0 if case["graded"] else None)
    assert set(summary["failures"]) == set(case.get("failures", {}))
    for boundary, words in case.get("failures", {}).items():
        for word in words:
            assert word in summary["failures"][boundary]["message"]
    _check_tool_errors(workspace, summary["tool_errors"], case.get("tool_errors"))
    assert len(list((workspace.runs / "it" / "trajectories").iterdir())) == 3


def _check_tool_errors(workspace: Workspace, found: dict[str, Any] | None, message: str | None) -> None:
    if message is None:
        assert found is None
        return
    assert found == {"count": 3, "attempts": 3, "first": "row_0_run_0", "message": message}
    run = workspace.runs / "it"
    assert json.loads((run / "metrics.json").read_text())["summary"]["tool_errors"] == found
    trajectory = json.loads((run / "trajectories" / "row_0_run_0.json").read_text())
    assert trajectory["extra"]["osmosis"]["tool_errors"] == {message: 1}
    assert "return a / (b - b)" in (run / "logs" / "worker-0.log").read_text()
