import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .workspaces import write_workspace

_SKILL = "---\nname: my-skill\ndescription: Use when testing.\n---\n"


def _doctor(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "doctor", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _state(root: Path) -> dict[str, bytes | str]:
    paths = [path for path in root.rglob("*") if ".git" not in path.relative_to(root).parts]
    return {
        path.relative_to(root).as_posix(): path.readlink().as_posix() if path.is_symlink() else path.read_bytes()
        for path in paths
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def test_empty_repository_becomes_a_workspace(repository: Path) -> None:
    before = _doctor(repository)
    assert before.returncode == 1
    assert "rollouts:1:1: error[OSL101]" in before.stdout
    assert _state(repository) == {}
    fixed = _doctor(repository, "--fix")
    assert fixed.returncode == 0, fixed.stdout + fixed.stderr
    for path in (
        "AGENTS.md",
        "CLAUDE.md",
        "pyproject.toml",
        "data/.gitkeep",
        ".claude/skills/create-rollouts/SKILL.md",
    ):
        assert (repository / path).is_file(), path
    assert _doctor(repository).returncode == 0


def test_mended_workspace_passes_the_whole_check(repository: Path) -> None:
    _doctor(repository, "--fix")
    command = [sys.executable, "-m", "osmo_scaffold", "check", "--no-cache", "--no-ruff"]
    checked = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_fixing_twice_changes_nothing_more(repository: Path) -> None:
    _doctor(repository, "--fix")
    once = _state(repository)
    again = _doctor(repository, "--fix", "--output-format", "json")
    assert json.loads(again.stdout)["added"] == []
    assert _state(repository) == once


def test_what_the_user_wrote_stays(repository: Path) -> None:
    write_workspace(repository, {"AGENTS.md": "Mine.\n", ".agents/skills/my-skill/SKILL.md": _SKILL})
    before = _state(repository)
    shutil.rmtree(repository / "data")
    assert _doctor(repository, "--fix").returncode == 0
    after = _state(repository)
    kept = {path: content for path, content in before.items() if not path.startswith("data/")}
    assert kept.items() <= after.items()
    assert set(after) - set(kept) == {"data/.gitkeep", ".claude/skills/my-skill"}


def test_links_are_made_and_mended(repository: Path) -> None:
    names = ("missing", "dangling", "text", "copy")
    skills = {f".agents/skills/{name}/SKILL.md": _SKILL.replace("my-skill", name) for name in names}
    root = write_workspace(repository, skills)
    links = root / ".claude/skills"
    links.mkdir(parents=True)
    (links / "dangling").symlink_to("../skills/dangling")
    (links / "text").write_text("../../.agents/skills/text", encoding="utf-8")
    shutil.copytree(root / ".agents/skills/copy", links / "copy")
    found = json.loads(_doctor(root, "--output-format", "json").stdout)["findings"]
    assert sorted(finding["path"] for finding in found) == [
        ".agents/skills/missing/SKILL.md",
        ".claude/skills/copy/SKILL.md",
        ".claude/skills/dangling",
        ".claude/skills/text",
    ]
    assert _doctor(root, "--fix").returncode == 0
    assert {name: (links / name).readlink().as_posix() for name in names} == {
        name: f"../../.agents/skills/{name}" for name in names
    }
    assert sorted(path.name for path in links.iterdir()) == sorted(names)


def test_copy_that_was_changed_is_left_for_the_user(repository: Path) -> None:
    changed = f"{_SKILL}\n# Mine\n"
    files = {".agents/skills/my-skill/SKILL.md": _SKILL, ".claude/skills/my-skill/SKILL.md": changed}
    root = write_workspace(repository, files)
    fixed = _doctor(root, "--fix")
    assert fixed.returncode == 1
    assert "keep one, and link to it" in fixed.stdout
    assert (root / ".claude/skills/my-skill/SKILL.md").read_text(encoding="utf-8") == changed


def test_link_for_the_whole_folder_is_enough(repository: Path) -> None:
    root = write_workspace(repository, {".agents/skills/my-skill/SKILL.md": _SKILL, ".claude/settings.json": "{}"})
    (root / ".claude/skills").symlink_to("../.agents/skills")
    assert _doctor(root).returncode == 0


def test_file_in_the_way_is_named_and_nothing_is_written(repository: Path) -> None:
    (repository / "data").write_text("not a folder", encoding="utf-8")
    fixed = _doctor(repository, "--fix")
    assert fixed.returncode == 1
    assert fixed.stderr == "error: data/.gitkeep needs a folder where a file is: move that file away first.\n"
    assert list(_state(repository)) == ["data"]


def test_folder_below_the_root_means_the_workspace(repository: Path) -> None:
    root = write_workspace(repository, {".agents/skills/my-skill/SKILL.md": _SKILL})
    fixed = _doctor(root / "rollouts/demo", "--fix", "--output-format", "json")
    report = json.loads(fixed.stdout)
    assert fixed.returncode == 0
    assert report["schema_version"] == 1
    assert report["added"] == [".claude/skills/my-skill"]
    assert report["summary"] == {"errors": 0, "warnings": 0}


def test_generation_of_the_workspace_is_kept(repository: Path) -> None:
    pyproject = '[project]\nname = "mine"\ndependencies = ["osmosis-ai>=0.3.1,<0.4"]\n'
    (repository / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    _doctor(repository, "--fix")
    assert "ctx.set_reward" in (repository / "AGENTS.md").read_text(encoding="utf-8")


def test_elsewhere_is_a_wrong_command_line(tmp_path: Path) -> None:
    outside = _doctor(tmp_path, "--fix")
    assert outside.returncode == 2
    assert "neither in a workspace nor in a git repository" in outside.stderr
    missing = _doctor(tmp_path, "nowhere")
    assert missing.returncode == 2
    assert missing.stderr == "error: There is no folder 'nowhere': check its spelling.\n"
    assert list(tmp_path.iterdir()) == []


def test_repository_inside_a_workspace_is_not_taken_for_it(repository: Path) -> None:
    inner = write_workspace(repository, {}) / "sub"
    (inner / ".git").mkdir(parents=True)
    before = _state(repository)
    done = _doctor(inner, "--fix")
    assert done.returncode == 2
    assert f"{inner} is a git repository of its own inside the workspace {repository}" in done.stderr
    assert _state(repository) == before
