"""Workspaces whose rollout is a server, each row an order to it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases" / "servers"
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

[env]
{env}
"""
PROJECT = '[project]\nname = "rollout"\nversion = "0"\nrequires-python = "{python}"\ndependencies = {requires}\n'


@dataclass(frozen=True)
class Served:
    root: Path

    @property
    def run_folder(self) -> Path:
        return self.root / ".osmosis" / "runs" / "it"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "osmo_scaffold", "run", "rollout", "--name", "it", *arguments]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what the journal says of each row, by its prompt."""
        orders = [json.loads(line)["user_prompt"] for line in (self.root / "data" / "rows.jsonl").open()]
        lines = (self.run_folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        return {orders[entry["row"]]: entry for entry in map(json.loads, lines)}


def make_served(
    root: Path,
    entrypoint: Path,
    orders: list[str],
    *,
    requires: tuple[str, ...] = (),
    python: str = ">=3.11",
    timeout_s: float = 20,
    **env: str,
) -> Served:
    """Make a workspace whose rollout is ``entrypoint`` and the files beside it that it needs."""
    rollout = root / "rollouts" / "rollout"
    rollout.mkdir(parents=True)
    shutil.copy(entrypoint, rollout)
    project = PROJECT.format(python=python, requires=json.dumps(requires))
    (rollout / "pyproject.toml").write_text(project, encoding="utf-8")
    for folder in ("configs/eval", "data"):
        (root / folder).mkdir(parents=True)
    variables = "\n".join(f'{name} = "{value}"' for name, value in env.items())
    config = CONFIG.format(entrypoint=entrypoint.name, timeout_s=timeout_s, env=variables)
    (root / "configs" / "eval" / "rollout.toml").write_text(config, encoding="utf-8")
    rows = "".join(json.dumps({"user_prompt": order, "ground_truth": "6"}) + "\n" for order in orders)
    (root / "data" / "rows.jsonl").write_text(rows, encoding="utf-8")
    return Served(root)
