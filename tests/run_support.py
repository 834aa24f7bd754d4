"""A workspace with one rollout called ``rollout``, and the real command to run it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
[experiment]
rollout = "rollout"
entrypoint = "{entrypoint}"
dataset = "rows"

[evaluation]
agent_workflow_timeout_s = {timeout_s}
grader_timeout_s = {timeout_s}

[secrets]
required = []
"""
VERSIONS = {
    "remote": "osmosis-ai[server]==0.2.11",
    "0.2": "osmosis-ai[server]>=0.2.26,<0.3",
    "0.3": "osmosis-ai[server]>=0.3.1,<0.4",
}


@dataclass(frozen=True)
class Workspace:
    root: Path

    @property
    def runs(self) -> Path:
        return self.root / ".osmosis" / "runs"

    @property
    def rollout(self) -> Path:
        return self.root / "rollouts" / "rollout"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "osmo_scaffold", "run", "rollout", *arguments]

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return self._do(self.command(*arguments), env)

    def run_config(self, config: str) -> subprocess.CompletedProcess[str]:
        return self._do([sys.executable, "-m", "osmo_scaffold", "run", config], None)

    def _do(self, command: list[str], env: dict[str, str] | None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def journal(self, name: str) -> list[dict[str, object]]:
        lines = (self.runs / name / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def make_workspace(
    root: Path,
    rollout: Path,
    *,
    contract: str = "0.3",
    entrypoint: str = "main.py",
    timeout_s: float = 20,
    rows: int = 3,
) -> Workspace:
    """Copy ``rollout`` into a new workspace with a dataset of ``rows`` multiplications."""
    workspace = Workspace(root)
    shutil.copytree(rollout, workspace.rollout)
    project = f'[project]\nname = "rollout"\nversion = "0"\ndependencies = ["{VERSIONS[contract]}"]\n'
    (workspace.rollout / "pyproject.toml").write_text(project)
    (root / "configs" / "eval").mkdir(parents=True)
    (root / "configs" / "eval" / "rollout.toml").write_text(CONFIG.format(entrypoint=entrypoint, timeout_s=timeout_s))
    (root / "data").mkdir()
    (root / "data" / "rows.jsonl").write_text("".join(json.dumps(_row(number)) + "\n" for number in range(rows)))
    return workspace


def _row(number: int) -> dict[str, str]:
    question = f"What is {number + 2} times {number + 3}? (row {number})"
    return {"system_prompt": "Multiply.", "user_prompt": question, "ground_truth": str((number + 2) * (number + 3))}
