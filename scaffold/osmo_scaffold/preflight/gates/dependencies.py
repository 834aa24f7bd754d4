"""What the rollout declares to need can be installed: uv resolves it, and installs nothing."""

import shlex
import subprocess
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from osmo_checks.configs import require_toml
from osmo_checks.paths import exists
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted

#: Seconds that resolving may take where nothing is in uv's cache yet.
_PATIENCE_S = 300
#: The Python that the platform prefers first.
_PYTHONS = ("3.12", "3.13", "3.14", "3.11", "3.10")


def check(situation: Situation) -> Outcome:
    folder = situation.folder
    if folder is None or not exists(folder / "pyproject.toml"):
        return skipped("There is no pyproject.toml of the rollout that declares any.")
    shown = situation.workspace.relative(folder / "pyproject.toml")
    project = require_toml(folder / "pyproject.toml", shown).get("project")
    if not isinstance(project, dict):
        return failed(f"{shown} has no [project] table, so it declares nothing.", "osmo-scaffold check")
    problem = _problem(project)
    if problem:
        return failed(f"{shown}: {problem}.", "osmo-scaffold check")
    if "dependencies" in project.get("dynamic", []):
        return skipped(f"{shown} leaves its dependencies to the build, which is not run here.")
    python = _python_for(project)
    if python is None:
        return failed(
            f"{shown}: no Python from {_PYTHONS[-1]} on fits requires-python = {project['requires-python']!r}."
        )
    return _resolved(situation, folder, shown, python)


def _problem(project: dict[str, Any]) -> str | None:
    """Return what keeps the table from being resolved as it stands, without the project being built."""
    for text in project.get("dependencies", []):
        try:
            Requirement(text)
        except (InvalidRequirement, TypeError):
            return f'{text!r} is no requirement such as "name>=1.0"'
    try:
        SpecifierSet(project.get("requires-python", ""))
    except (InvalidSpecifier, AttributeError):
        return f'requires-python = {project["requires-python"]!r} is no range of versions such as ">=3.12"'
    return None


def _python_for(project: dict[str, Any]) -> str | None:
    wanted = SpecifierSet(project.get("requires-python", ""))
    return next((version for version in _PYTHONS if wanted.contains(f"{version}.99")), None)


def _resolved(situation: Situation, folder: Path, shown: str, python: str) -> Outcome:
    mend = f"uv pip compile {shlex.quote(shown)} --python-version {python}"
    try:
        done = _uv(
            folder,
            "pip",
            "compile",
            "--python-version",
            python,
            "--no-annotate",
            "pyproject.toml",
            offline=situation.offline,
        )
    except (ImportError, OSError) as error:
        return warned(f"uv does not work here ({error}), so nothing is known about them.", mend)
    except subprocess.TimeoutExpired:
        return warned(f"uv did not come to an end within {_PATIENCE_S} seconds.", mend)
    if done.returncode == 0:
        packages = sum("==" in line or " @ " in line for line in done.stdout.splitlines())
        return _locked(situation, folder, f"{counted(packages, 'package')} for Python {python}")
    said = _said(done.stderr)
    if "network was disabled" in done.stderr:
        return warned("uv's cache does not hold all packages, and --offline keeps it from asking for them.", mend, said)
    if done.returncode == 1:
        return failed(f"What {shown} declares cannot be installed for Python {python}.", mend, said)
    return warned("uv could not find out, which says nothing about the rollout.", mend, said)


def _locked(situation: Situation, folder: Path, resolved: str) -> Outcome:
    if not exists(folder / "uv.lock"):
        return passed(f"They resolve to {resolved}.")
    done = _uv(folder, "lock", "--check", offline=situation.offline)
    if done.returncode == 0:
        return passed(f"They resolve to {resolved}, and uv.lock is up to date.")
    mend = f"uv lock --project {shlex.quote(situation.workspace.relative(folder))}"
    return warned(f"They resolve to {resolved}, and uv.lock could not be confirmed.", mend, _said(done.stderr))


def _uv(folder: Path, *arguments: str, offline: bool) -> subprocess.CompletedProcess[str]:
    from uv import find_uv_bin

    options = ["--quiet", "--no-progress", "--no-python-downloads", "--color", "never"]
    return subprocess.run(
        [find_uv_bin(), *arguments, *options, *(["--offline"] if offline else [])],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_PATIENCE_S,
        check=False,
    )


def _said(text: str) -> tuple[str, ...]:
    """Return uv's sentences without its words for their kind and without what it would not repeat."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(line.removeprefix("error: ").removeprefix("cause: ") for line in lines)[:10]
