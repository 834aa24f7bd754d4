"""Folders for files of attempts: each has its own, and only those in which something was written stay."""

from pathlib import Path

from osmo_runtime.worker.artifacts import Artifacts
from tests.run_support import make_workspace

WRITES_SOMETIMES = """
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        assert not list(ctx.artifacts_dir.iterdir())
        if "(row 3)" in ctx.prompt[-1]["content"]:
            (ctx.artifacts_dir / "seen.txt").write_text(ctx.artifacts_dir.name)
        return [*ctx.prompt, {"role": "assistant", "content": "6"}]

class TheGrader(Grader):
    async def grade(self, ctx):
        assert ctx.artifacts_dir.is_dir()
        ctx.set_reward(1.0)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_only_folders_with_files_stay(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(WRITES_SOMETIMES, encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", source, rows=7)
    done = workspace.run("--name", "it", "--concurrency", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    artifacts = workspace.runs / "it" / "artifacts"
    assert names(artifacts) == ["row_3_run_0"]
    assert (artifacts / "row_3_run_0" / "seen.txt").read_text() == "row_3_run_0"
    assert workspace.run("--name", "other", "--rows", "0-2").returncode == 0
    assert not (workspace.runs / "other" / "artifacts").exists()


def test_an_empty_folder_becomes_the_next_attempts(tmp_path: Path) -> None:
    artifacts = Artifacts()
    with artifacts.of_attempt(tmp_path / "a" / "1") as first, artifacts.of_attempt(tmp_path / "a" / "2") as second:
        assert first == tmp_path / "a" / "1"
        assert second == tmp_path / "a" / "2"
        assert names(tmp_path / "a") == ["1", "2"]
    with artifacts.of_attempt(tmp_path / "a" / "3"):
        assert len(names(tmp_path / "a")) == 2
        assert "3" in names(tmp_path / "a")


def test_what_an_attempt_writes_late_stays_its_own(tmp_path: Path) -> None:
    artifacts = Artifacts()
    with artifacts.of_attempt(tmp_path / "1"):
        pass
    (tmp_path / "1" / "late.txt").touch()
    with artifacts.of_attempt(tmp_path / "2"):
        assert names(tmp_path / "1") == ["late.txt"]
        assert names(tmp_path / "2") == []


def test_what_an_earlier_try_wrote_stays(tmp_path: Path) -> None:
    artifacts = Artifacts()
    with artifacts.of_attempt(tmp_path / "1"):
        pass
    (tmp_path / "2").mkdir()
    (tmp_path / "2" / "earlier.txt").touch()
    with artifacts.of_attempt(tmp_path / "2"):
        assert names(tmp_path / "2") == ["earlier.txt"]


def test_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    artifacts = Artifacts()
    with artifacts.of_attempt(tmp_path / "file" / "1") as folder:
        assert folder is None
