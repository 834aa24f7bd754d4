"""What one generation of the SDK allows, read from ``schemas/contracts/<generation>.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from osmo_checks.bundled import data_folder
from osmo_checks.sources import read_file

DEFAULT_GENERATION = "0.2"

#: The first SDK version of each generation, newest generation first.
_FIRST_VERSIONS = (("0.3", (0, 3)), ("0.2", (0, 2, 18)), ("remote", ()))
NEWEST_GENERATION = _FIRST_VERSIONS[0][0]
_SPECIFIER = re.compile(r"(===|==|~=|>=|<=|>|<)\s*(\d+(?:\.\d+)*(?:rc\d+)?)")


@dataclass(frozen=True, slots=True)
class Role:
    """What the platform calls: ``method`` of the class that derives from ``base``, with an instance of ``context``."""

    noun: str
    base: str
    method: str
    parameters: tuple[str, ...]
    context: str


@dataclass(frozen=True, eq=False)
class Contract:
    """One generation: ``data`` is the TOML file as it stands. Names are dotted and canonical."""

    generation: str
    data: Mapping[str, Any]

    @cached_property
    def workflow(self) -> Role:
        return self._role("workflow")

    @cached_property
    def grader(self) -> Role | None:
        return self._role("grader") if "grader" in self.data else None

    @property
    def roles(self) -> list[Role]:
        return [self.workflow, *([self.grader] if self.grader else [])]

    @property
    def scans_entrypoint(self) -> bool:
        """Whether the SDK looks for the one workflow class among the names of the entrypoint module."""
        return bool(self.data["scans_entrypoint"])

    @property
    def modules(self) -> Mapping[str, list[str]]:
        return cast("Mapping[str, list[str]]", self.data["modules"])

    @property
    def attributes(self) -> Mapping[str, list[str]]:
        return cast("Mapping[str, list[str]]", self.data["attributes"])

    @property
    def renamed(self) -> Mapping[str, Mapping[str, str]]:
        """Names of other generations: which one (``generation``), and what to ``use`` in this one."""
        return cast("Mapping[str, Mapping[str, str]]", self.data["renamed"])

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The canonical dotted name of each public name: that of the first module which lists it."""
        places: dict[str, str] = {}
        for module, names in self.modules.items():
            for name in names:
                places.setdefault(name, f"{module}.{name}")
        return places

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        return {f"{module}.{name}": self.places[name] for module, names in self.modules.items() for name in names}

    @cached_property
    def _package(self) -> str:
        return f"{self.data['package']}."

    def canonical(self, name: str) -> str:
        """Return the one name of something that can be imported from several modules."""
        if not name.startswith(self._package):
            return name
        parts = name.split(".")
        for length in range(len(parts), 2, -1):
            place = self._aliases.get(".".join(parts[:length]))
            if place:
                return ".".join([place, *parts[length:]])
        return self._as_meant(parts) or name

    def holds_nothing(self, module: str) -> bool:
        """Tell whether users find nothing in ``module``: it does not exist, or is only a folder of other modules."""
        others = self.data.get("other_modules")
        if others is None or module in self.modules or not f"{module}.".startswith(self._package):
            return False
        return not any(f"{module}.".startswith(f"{other}.") for other in others)

    def _as_meant(self, parts: list[str]) -> str | None:
        """Return the canonical name of a public name that is looked for in a module which does not list it."""
        for length in range(2, len(parts) + 1):
            place = self.places.get(parts[length - 1])
            if place and ".".join(parts[: length - 1]) not in self.modules:
                return ".".join([place, *parts[length:]])
        return None

    def returns(self, function: str) -> str | None:
        """Return the class an SDK function gives, where that is known."""
        return cast("Mapping[str, str]", self.data["returns"]).get(function)

    def _role(self, noun: str) -> Role:
        table = self.data[noun]
        return Role(noun, table["base"], table["method"], tuple(table["parameters"]), table["context"])


def generations() -> list[str]:
    return sorted(path.stem for path in (data_folder("schemas", __file__) / "contracts").glob("*.toml"))


@cache
def load_contract(generation: str) -> Contract:
    """Return the contract of ``generation``. Raises ``FileNotFoundError`` for one that does not exist."""
    path = data_folder("schemas", __file__) / "contracts" / f"{generation}.toml"
    with path.open("rb") as stream:
        return Contract(generation, tomllib.load(stream))


def generation_of(rollout: Path, workspace: Path | None = None, default: str = DEFAULT_GENERATION) -> str:
    """Return the SDK generation a rollout is written for, ``default`` where nothing says it."""
    version = sdk_version_of(rollout, workspace)
    return generation_of_version(version) if version else default


def sdk_version_of(rollout: Path, workspace: Path | None = None) -> str | None:
    """Return the oldest SDK version a rollout may run with.

    Its lock file decides, then the lower bound in its ``pyproject.toml``, then the workspace's. Files that cannot be
    read say nothing.
    """
    for folder in (rollout, *([workspace] if workspace else [])):
        version = _locked_version(folder / "uv.lock") or _required_version(folder / "pyproject.toml")
        if version:
            return version
    return None


def generation_of_version(version: str) -> str:
    """Return the generation of an SDK version such as ``0.2.31`` or ``0.3.0rc1``."""
    numbers = _numbers(version)
    return next(name for name, first in _FIRST_VERSIONS if numbers >= first)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_file(path).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _locked_version(lock: Path) -> str | None:
    packages = _read(lock).get("package")
    for package in packages if isinstance(packages, list) else []:
        if isinstance(package, dict) and package.get("name") == "osmosis-ai":
            version = package.get("version")
            return version if isinstance(version, str) and version[:1].isdigit() else None
    return None


def _required_version(pyproject: Path) -> str | None:
    project = _read(pyproject).get("project")
    requirements = project.get("dependencies") if isinstance(project, dict) else None
    for text in requirements if isinstance(requirements, list) else []:
        if isinstance(text, str) and re.match(r"\s*osmosis[-_.]ai\b", text, re.IGNORECASE):
            return _lower_bound(text)
    return None


def _lower_bound(requirement: str) -> str | None:
    """Return the lowest version that a requirement allows, as far as it names one; else one just below the highest."""
    specifiers = _SPECIFIER.findall(requirement.partition(";")[0])
    lower = [version for operator, version in specifiers if operator in {">=", "==", "~=", ">", "==="}]
    highest = [version for operator, version in specifiers if operator == "<="]
    below = [_version_below(version) for operator, version in specifiers if operator == "<"]
    return next(iter(lower or highest or below), None)


def _version_below(version: str) -> str:
    """Return the first version of the newest generation that began before ``version``."""
    first = next(first for _, first in _FIRST_VERSIONS if first < _numbers(version))
    return ".".join(map(str, first)) or "0"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("rc")[0])[:3])
