"""What a rollout declares that it needs, what that brings along, and which distribution an import name comes from."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from osmo_checks.bundled import data_folder
from osmo_checks.contracts import Contract
from osmo_checks.tomlfile import KeyPath, Span, TomlFile

SDK = "osmosis-ai"
#: Where ``pyproject.toml`` lists what the platform installs.
DEPENDENCIES: KeyPath = ("project", "dependencies")


@dataclass(frozen=True, slots=True)
class Declared:
    """One entry of ``[project].dependencies``; ``requirement`` is ``None`` where it is not one."""

    text: str
    span: Span
    requirement: Requirement | None

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name) if self.requirement else ""


def declared_in(pyproject: TomlFile) -> list[Declared]:
    """Return what ``[project].dependencies`` lists; texts only."""
    project = pyproject.table("project")
    listed = project.get("dependencies")
    texts = [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    return [Declared(text, pyproject.item_span(text, *DEPENDENCIES), _requirement(text)) for text in texts]


@cache
def _requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def sdk_requirement(pyproject: TomlFile) -> Declared | None:
    return next((declared for declared in declared_in(pyproject) if declared.name == SDK), None)


@dataclass(frozen=True, slots=True)
class Installed:
    """The distributions that are there after an installation; ``complete`` unless there may be more."""

    names: frozenset[str]
    complete: bool

    def brings(self, module: str) -> bool | None:
        """Tell whether the top-level ``module`` can be imported; ``None`` where that cannot be known."""
        wanted = distributions_of(module)
        # `opentelemetry-api` brings a part of `opentelemetry`.
        if any(name == one or name.startswith(f"{one}-") for one in wanted for name in self.names):
            return True
        return False if self.complete else None


def installed_with(pyproject: TomlFile, contract: Contract) -> Installed:
    """Return what installing the project brings, as far as that is known."""
    names: set[str] = {SDK} & {declared.name for declared in declared_in(pyproject)}
    complete = not is_declared_elsewhere(pyproject)
    for declared in declared_in(pyproject):
        if declared.requirement is None:
            complete = False
            continue
        brought = _brought_by(declared.requirement, contract)
        names |= {declared.name, *(brought or ())}
        complete &= brought is not None
    return Installed(frozenset(names), complete)


def _brought_by(requirement: Requirement, contract: Contract) -> Sequence[str] | None:
    """Return what comes with a requirement, itself left out; ``None`` where that is not known."""
    name = canonicalize_name(requirement.name)
    sdk: Mapping[str, Any] | None = contract.data.get("packages")
    if name != SDK:
        if name in _brings():
            return None if requirement.extras else _brings()[name]
        # What the SDK depends on was resolved together with all that it needs itself.
        return sdk["core"] if sdk and name in sdk["core"] and not requirement.extras else None
    if sdk is None or any(extra not in sdk["extras"] for extra in _extras(requirement)):
        return None
    return [*sdk["core"], *(one for extra in _extras(requirement) for one in sdk["extras"][extra])]


def _extras(requirement: Requirement) -> list[str]:
    return [canonicalize_name(extra) for extra in requirement.extras]


def is_declared_elsewhere(pyproject: TomlFile) -> bool:
    """Tell whether dependencies may also be listed in a place other than ``[project].dependencies``."""
    project, tool = pyproject.table("project"), pyproject.table("tool")
    dynamic = project.get("dynamic")
    return bool(
        "project" not in pyproject.data
        or project.get("optional-dependencies")
        or pyproject.data.get("dependency-groups")
        or (isinstance(dynamic, list) and "dependencies" in dynamic)
        or any(name in tool for name in ("poetry", "pdm", "pixi"))
    )


def distributions_of(module: str) -> Sequence[str]:
    """Return the distributions that may bring the top-level ``module``, by their normalised names."""
    known: Mapping[str, Sequence[str]] = _data()["modules"]
    return known.get(module) or [canonicalize_name(module)]


def module_names() -> frozenset[str]:
    """Return the import names of distributions that are well known by another name."""
    return frozenset(_data()["modules"])


def _brings() -> Mapping[str, Sequence[str]]:
    brings: Mapping[str, Sequence[str]] = _data()["brings"]
    return brings


@cache
def _data() -> Mapping[str, Any]:
    with (data_folder("schemas", __file__) / "python-packages.toml").open("rb") as stream:
        return tomllib.load(stream)
