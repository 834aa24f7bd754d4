"""What a workspace holds that rules look at: configs, rollouts by their entrypoints, Python files."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from osmo_checks.contracts import generation_of, load_contract
from osmo_checks.paths import is_file
from osmo_checks.python.project import Parse, look_closely
from osmo_checks.rollout import Rollout
from osmo_checks.sources import Read, read_file
from osmo_checks.subjects import Config
from osmo_checks.tomlfile import read_toml
from osmo_checks.workspace import Workspace

DEFAULT_ENTRYPOINT: Final = "main.py"
_NEVER_LOOKED_INTO = frozenset(("__pycache__", "node_modules", "venv", "build", "dist"))


@dataclass(frozen=True, slots=True)
class Entrypoint:
    """A file that a rollout is started with, and the configs that name it."""

    workspace: Workspace
    rollout: str
    path: str
    generation: str
    configs: Sequence[Config]

    @property
    def question(self) -> str:
        """What decides, besides the files that are read, what there is to find."""
        configs = [str(config.toml.text) for config in self.configs]
        return "\0".join(["rollout", self.rollout, self.path, self.generation, *configs])

    def read(self, read: Read = read_file, parse: Parse = look_closely) -> Rollout:
        """Return the rollout as rules see it. Nothing is read before a rule asks."""
        folder, root = self.workspace.rollout(self.rollout), self.workspace.root
        contract = load_contract(self.generation)
        return Rollout(self.rollout, folder, root, self.path, contract, configs=self.configs, read=read, parse=parse)


def read_configs(workspace: Workspace, read: Read = read_file) -> Iterator[Config]:
    for path in workspace.eval_configs():
        yield Config(workspace, read_toml(path, workspace.relative(path), read), "eval")
    for path in workspace.training_configs():
        yield Config(workspace, read_toml(path, workspace.relative(path), read), "training")


def entrypoints_of(workspace: Workspace, configs: Iterable[Config]) -> Iterator[Entrypoint]:
    """Yield the entrypoints that configs name, each once; ``main.py`` of rollouts that none names."""
    naming: dict[str, dict[str, list[Config]]] = {name: {} for name in workspace.rollout_names()}
    for config in configs:
        name, entrypoint = config.text("rollout"), config.entrypoint
        if name in naming and entrypoint:
            naming[name].setdefault(entrypoint, []).append(config)
    for name, entrypoints in naming.items():
        folder = workspace.rollout(name)
        for entrypoint, named_by in (entrypoints or {DEFAULT_ENTRYPOINT: []}).items():
            if is_file(folder / entrypoint):
                yield Entrypoint(workspace, name, entrypoint, generation_of(folder, workspace.root), named_by)


def python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files below ``folder`` that are the user's own; links to folders are not followed."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER_LOOKED_INTO)
        yield from (Path(here, name) for name in sorted(files) if name.endswith(".py"))
