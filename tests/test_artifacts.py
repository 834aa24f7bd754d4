"""Folders for files of attempts: each has its own, and only those in which something was written stay."""

from pathlib import Path

from osmo_runtime.worker.artifacts import make_artifacts_folder
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

#: What row 0 starts writes to its working folder when row 1 says so, which has that of its own by then.
WRITES_LATE = """
import subprocess
from osmosis_ai.rollout import AgentWorkflow, Grader

class Workflow(AgentWorkflow):
    writer = None

    async def run(self, ctx):
        if Workflow.writer is None:
            command = ["sh", "-c", "read line; echo x > late.txt"]
            Workflow.writer = subprocess.Popen(command, cwd=ctx.artifacts_dir, stdin=subprocess.PIPE)
        else:
            Workflow.writer.communicate(b"now\\n")
        return [*ctx.prompt, {"role": "assistant", "content": "6"}]

class TheGrader(Grader):
    async def grade(self, ctx):
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


def test_what_an_attempt_started_writes_late_to_its_own_folder(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(WRITES_LATE, encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", source, rows=2)
    done = workspace.run("--name", "it", "--concurrency", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    artifacts = workspace.runs / "it" / "artifacts"
    assert names(artifacts) == ["row_0_run_0"]
    assert names(artifacts / "row_0_run_0") == ["late.txt"]


def test_what_an_earlier_try_wrote_stays(tmp_path: Path) -> None:
    assert make_artifacts_folder(tmp_path / "a" / "1") == tmp_path / "a" / "1"
    (tmp_path / "a" / "1" / "earlier.txt").touch()
    assert make_artifacts_folder(tmp_path / "a" / "1") == tmp_path / "a" / "1"
    assert names(tmp_path / "a" / "1") == ["earlier.txt"]


def test_a_folder_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert make_artifacts_folder(tmp_path / "file" / "1") is None
