"""What the rollout declares to need can be installed: uv resolves it, and installs nothing."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from osmo_checks.configs import require_toml
from osmo_checks.paths import exists
from osmo_scaffold.preflight import uv
from osmo_scaffold.preflight.loosening import Declared, loosened, named_in
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted

#: Versions of Python, the one that the SDK begins with first.
_PYTHONS = ("3.12", "3.13", "3.14", "3.11", "3.10")
#: More releases than any of them has had.
_PATCHES = 50


def check(situation: Situation) -> Outcome:
    folder = situation.folder
    if folder is None or not exists(folder / "pyproject.toml"):
        return skipped("There is no pyproject.toml of the rollout that declares any.")
    shown = situation.workspace.relative(folder / "pyproject.toml")
    data = require_toml(folder / "pyproject.toml", shown)
    problem = _problem(data.get("project"))
    if problem:
        return failed(f"{shown}: {problem}.", "osmo-scaffold check")
    if "dependencies" in data["project"].get("dynamic", []):
        return skipped(f"{shown} leaves its dependencies to the build, which is not run here.")
    try:
        return _resolved(situation, folder, shown, data)
    except (ImportError, OSError) as error:
        return warned(f"uv does not work here ({error}), so nothing is known about them.")
    except subprocess.TimeoutExpired:
        return warned(f"uv did not come to an end within {uv.PATIENCE_S} seconds.")


def _problem(project: object) -> str | None:
    """Return what keeps the table from being read as it stands; uv would build the project to find out."""
    if not isinstance(project, dict):
        return "it has no [project] table, so it declares nothing"
    requirements = project.get("dependencies", [])
    if not isinstance(requirements, list):
        return "dependencies has to be a list of requirements"
    for text in requirements:
        try:
            Requirement(text)
        except (InvalidRequirement, TypeError):
            return f'{text!r} is no requirement such as "name>=1.0"'
    try:
        pythons = _pythons_for(project)
    except (InvalidSpecifier, AttributeError):
        return f'requires-python = {project["requires-python"]!r} is no range of versions such as ">=3.12"'
    return None if pythons else f"requires-python = {project['requires-python']!r} fits none of {', '.join(_PYTHONS)}"


def _pythons_for(project: Mapping[str, Any]) -> list[str]:
    wanted = SpecifierSet(project.get("requires-python", ""))
    return [version for version in _PYTHONS if any(wanted.contains(f"{version}.{patch}") for patch in range(_PATCHES))]


def _local_packages(data: Mapping[str, Any]) -> list[str]:
    """Return which requirements are folders: to build one writes into it."""
    wanted = [Requirement(text) for text in data["project"].get("dependencies", [])]
    sources = _table(data, "tool", "uv", "sources")
    local = [name for name, source in sources.items() if _is_folder(source)]
    return [*local, *(one.name for one in wanted if one.url and one.url.startswith("file:"))]


def _is_folder(source: object) -> bool:
    """Tell whether one of ``[tool.uv.sources]``, or one of those that it lists, is a folder."""
    choices = source if isinstance(source, list) else [source]
    return any(isinstance(choice, dict) and not choice.keys().isdisjoint(("path", "workspace")) for choice in choices)


def _table(data: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        inner = data.get(name)
        data = inner if isinstance(inner, dict) else {}
    return data


def _resolved(situation: Situation, folder: Path, shown: str, data: Mapping[str, Any]) -> Outcome:
    python, local = _pythons_for(data["project"])[0], _local_packages(data)
    done = uv.resolve(folder, python, local, offline=situation.offline)
    if done.returncode == 0:
        resolved = f"They resolve to {counted(len(done.stdout.splitlines()), 'package')} for Python {python}"
        return _locked(situation, folder, local, resolved)
    mend = f"uv pip compile {shlex.quote(shown)} --python-version {python}"
    said = uv.sentences(done.stderr)
    if "network was disabled" in done.stderr:
        return warned("uv's cache does not hold all packages, and --offline keeps it from asking for them.", mend, said)
    if "Building source distributions" in done.stderr:
        return warned(
            "A package of your own says what it needs only when it is built, which is not done here.", mend, said
        )
    if done.returncode == 1:
        named = named_in(done.stderr, data["project"]["dependencies"], folder / "pyproject.toml", shown)
        return _unresolved(named, shown, python, said, may_try=not local, offline=situation.offline)
    return warned("uv could not find out, which says nothing about the rollout.", mend, said)


def _unresolved(
    named: Sequence[Declared], shown: str, python: str, said: tuple[str, ...], *, may_try: bool, offline: bool
) -> Outcome:
    """Say why there is no answer, and what to change so that there is one."""
    message = f"What the rollout declares cannot be installed for Python {python}"
    way_out = next(loosened(named, python, offline=offline), None) if may_try else None
    if way_out:
        one, mend = way_out
        return failed(f"{message}, and could without the versions of {one.text!r}.", mend, (*said, str(one)))
    places = dict.fromkeys(one.place for one in named) or [shown]
    return failed(f"{message}: change {' or '.join(places)}.", "", (*said, *map(str, named)))


def _locked(situation: Situation, folder: Path, local: list[str], resolved: str) -> Outcome:
    if not exists(folder / "uv.lock"):
        return passed(f"{resolved}.")
    done = uv.check_lock(folder, local, offline=situation.offline)
    if done.returncode == 0:
        return passed(f"{resolved}, and uv.lock is up to date.")
    mend = f"uv lock --project {shlex.quote(situation.workspace.relative(folder))}"
    return warned(f"{resolved}, and uv.lock could not be confirmed.", mend, uv.sentences(done.stderr))
