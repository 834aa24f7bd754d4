"""A workspace that is ready to be submitted: scaffolded, committed, and pushed to a bare repository beside it.

Its remote has the address of one on GitHub, which git is told to find beside it.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osmo_scaffold.commands.preflight import ask, situation_of
from osmo_scaffold.preflight.gates import GATES
from osmo_scaffold.preflight.outcome import Outcome, Status

from .scaffolds import git, make_new, make_rollout

NAME = "single-turn"
_ADDRESS = "https://github.com/someone/workspace.git"
_ME = ("-c", "user.name=x", "-c", "user.email=x@example.org")
#: A rollout whose requirements no index has to be asked about.
_PYPROJECT = """\
[project]
name = "single-turn"
version = "0.1.0"
requires-python = ">=3.12"
dependencies = {dependencies}
"""


@dataclass(frozen=True)
class Ready:
    """The workspace ``root`` and the repository ``remote`` that it is pushed to."""

    root: Path
    remote: Path
    eval_config = Path("configs/eval", f"{NAME}.toml")
    training_config = Path("configs/training", f"{NAME}.toml")
    grader = Path("rollouts", NAME, "single_turn/grader.py")
    workflow = Path("rollouts", NAME, "single_turn/workflow.py")
    data = Path("data/multiply.jsonl")

    def replace(self, file: Path, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def require(self, *requirements: str) -> None:
        text = _PYPROJECT.format(dependencies=json.dumps(requirements))
        (self.root / "rollouts" / NAME / "pyproject.toml").write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> str:
        return git(self.root, *_ME, *arguments)

    def commit(self, *, push: bool = True) -> str:
        """Commit everything, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message=change")
        if push:
            self.git("push", "--quiet")
        return self.git("rev-parse", "HEAD")

    def ask(
        self,
        gate: str,
        *,
        config: Path = eval_config,
        offline: bool = True,
        secrets_file: Path | None = None,
    ) -> Outcome:
        """Return the answer of one gate, none of the others being asked."""
        situation = situation_of(str(self.root / config), offline=offline, run=True, secrets_file=secrets_file)
        return GATES[gate](situation)

    def statuses(self, config: Path = eval_config) -> dict[str, Status]:
        """Return what every gate answers but the smoke run, by the gate's name."""
        report = ask(situation_of(str(self.root / config), offline=True, run=False, secrets_file=None))
        return {name: outcome.status for name, outcome in report.outcomes.items()}


def make_ready(folder: Path) -> Ready:
    root, remote = folder / "workspace", folder / "remote.git"
    assert make_new(root, git=True) == 0
    assert make_rollout(root) == 0
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    ready = Ready(root, remote)
    ready.git("config", f"url.{remote}.insteadOf", _ADDRESS)
    ready.git("remote", "add", "origin", _ADDRESS)
    ready.git("add", "--all")
    ready.git("commit", "--quiet", "--no-verify", "--message=rollout")
    ready.git("push", "--quiet", "--set-upstream", "origin", "main")
    return ready


def copy_ready(ready: Ready, folder: Path) -> Ready:
    root, remote = folder / "workspace", folder / "remote.git"
    shutil.copytree(ready.root, root, symlinks=True)
    shutil.copytree(ready.remote, remote)
    copy = Ready(root, remote)
    copy.git("config", "--unset", f"url.{ready.remote}.insteadOf")
    copy.git("config", f"url.{remote}.insteadOf", _ADDRESS)
    return copy


def write_osmosis(folder: Path, code: int) -> dict[str, str]:
    """Write a program that stands where `osmosis` would, and return the environment in which it is found.

    It tells on stdout where and with which arguments it was started, and ends with ``code``.
    """
    program = folder / "osmosis"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def gates_of(output: str) -> dict[str, Any]:
    """Return what JSON output says, by the gates' names."""
    return {gate["name"]: gate for gate in json.loads(output)["gates"]}
