"""What was looked at once is looked at again only where a file that was read has other contents."""

import json
import os
from pathlib import Path

import pytest

from osmo_checks.engine import Request, check_workspace
from osmo_checks.finding import Finding
from osmo_checks.memory import Memory
from osmo_checks.workspace import Workspace

from .check_cases import Case, cases
from .workspaces import demo_files, write_workspace

MAIN = "rollouts/demo/main.py"
OTHER = "rollouts/other/main.py"
UNREACHED = "rollouts/other/unreached.py"
FAULTY = demo_files()[MAIN].replace("async def run", "def run")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("OSMO_SCAFFOLD_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    files = {MAIN: FAULTY, OTHER: FAULTY, UNREACHED: "def broken(:\n"}
    return Workspace(write_workspace(tmp_path / "workspace", files, "0.2"))


def _check(workspace: Workspace) -> list[Finding]:
    memory = Memory(workspace.root)
    findings = check_workspace(workspace, Request(memory=memory)).findings
    memory.save()
    return findings


def _forge(cache: Path) -> None:
    """Make all that is remembered tell of itself."""
    (file,) = (cache / "looks").iterdir()
    kept = json.loads(file.read_text("utf-8"))
    for look in kept["looks"].values():
        for finding in look["look"]["findings"]:
            finding["message"] = "remembered"
    file.write_text(json.dumps(kept), encoding="utf-8")


def _remembered(findings: list[Finding]) -> set[str]:
    return {finding.path for finding in findings if finding.message == "remembered"}


def test_only_the_rollout_whose_file_changed_is_looked_at_again(workspace: Workspace, cache: Path) -> None:
    first = _check(workspace)
    assert {MAIN, OTHER, UNREACHED} <= {finding.path for finding in first}
    _forge(cache)
    (workspace.root / OTHER).write_text(FAULTY + "\n# changed\n", encoding="utf-8")
    assert _remembered(_check(workspace)) == {MAIN, UNREACHED}


def test_files_that_were_written_anew_are_the_same(workspace: Workspace, cache: Path) -> None:
    _check(workspace)
    _forge(cache)
    for path in (MAIN, OTHER, UNREACHED):
        file = workspace.root / path
        file.write_bytes(file.read_bytes())
        os.utime(file, (1, 1))
    assert _remembered(_check(workspace)) == {MAIN, OTHER, UNREACHED}


@pytest.mark.parametrize("name", ["rollouts/demo/tools.py", "data/new.jsonl", "rollouts/demo/tools/"])
def test_a_name_that_came_or_went_may_change_all(workspace: Workspace, cache: Path, name: str) -> None:
    first = _check(workspace)
    _forge(cache)
    new = workspace.root / name
    new.mkdir() if name.endswith("/") else new.write_text("", encoding="utf-8")
    assert _remembered(_check(workspace)) == set()
    new.rmdir() if name.endswith("/") else new.unlink()
    assert _check(workspace) == first


def test_a_config_that_names_a_rollout_is_part_of_the_question(workspace: Workspace, cache: Path) -> None:
    _check(workspace)
    _forge(cache)
    config = workspace.root / "configs/eval/demo.toml"
    config.write_text(config.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    assert MAIN not in _remembered(_check(workspace))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"state": [], "looks": 3}', "[" * 100_000, "\x00", "\xff"])
def test_what_cannot_be_understood_is_forgotten(workspace: Workspace, cache: Path, content: str) -> None:
    first = _check(workspace)
    (file,) = (cache / "looks").iterdir()
    file.write_bytes(content.encode("latin-1"))
    assert _check(workspace) == first


@pytest.mark.parametrize("key", ["look", "files", "all"])
@pytest.mark.parametrize("spoilt", [None, 3, {}, [], "text", {"findings": [{}], "paths": [], "whole": True}])
def test_a_spoilt_look_is_no_look(workspace: Workspace, cache: Path, key: str, spoilt: object) -> None:
    first = _check(workspace)
    (file,) = (cache / "looks").iterdir()
    kept = json.loads(file.read_text("utf-8"))
    kept["looks"] = {
        question: spoilt if key == "all" else {**look, "look": {}, key: spoilt}
        for question, look in kept["looks"].items()
    }
    file.write_text(json.dumps(kept), encoding="utf-8")
    assert _check(workspace) == first


def test_nothing_that_repeats_code_with_a_key_is_written(workspace: Workspace, cache: Path) -> None:
    key = "sk-" + "proj-" + "Zk3vQ9dLr7TbXw2NcY8mHf4JpA6s"
    (workspace.root / MAIN).write_text(f'{FAULTY}\nKEY = "{key}"\n', encoding="utf-8")
    assert any(finding.path == MAIN for finding in _check(workspace))
    assert all(key not in file.read_text("utf-8") for file in (cache / "looks").iterdir())


@pytest.mark.parametrize("case", cases("broken"), ids=lambda case: case.name)
def test_what_is_remembered_is_what_was_found(case: Case, tmp_path: Path) -> None:
    workspace = case.workspace(tmp_path / "workspace")
    fresh = check_workspace(workspace)
    assert _check(workspace) == _check(workspace) == fresh.findings


def test_many_workspaces_do_not_fill_the_cache(cache: Path, tmp_path: Path) -> None:
    folder = cache / "looks"
    folder.mkdir(parents=True)
    for number in range(1_001):
        (folder / f"{number:032}").write_text("", encoding="utf-8")
        os.utime(folder / f"{number:032}", (number, number))
    _check(Workspace(write_workspace(tmp_path / "workspace", {}, "0.2")))
    left = {file.name for file in folder.iterdir()}
    assert len(left) < 600
    assert f"{1_000:032}" in left
    assert f"{0:032}" not in left
