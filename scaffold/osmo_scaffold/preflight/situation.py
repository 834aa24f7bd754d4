"""What gates look at: one config, where it leads, and how much they may do to find out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from osmo_checks.contents import entrypoints_of, read_configs
from osmo_checks.contracts import generation_of, load_contract
from osmo_checks.datasets.observe import Observer
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import DatasetRules, rules_of
from osmo_checks.datasets.upload import look_at_file
from osmo_checks.datasets.validate import validated
from osmo_checks.errors import UsageError
from osmo_checks.paths import absolute, exists, kind_of_given
from osmo_checks.subjects import Config
from osmo_checks.workspace import EVAL_CONFIGS, TRAINING_CONFIGS, Workspace, require_workspace
from osmo_scaffold.preflight.repository import Repository, Revision, open_repository

#: Files at the workspace's root that decide how a rollout is installed and read.
_ROOT_FILES = ("pyproject.toml", "uv.lock")


@dataclass(frozen=True, slots=True)
class Validated:
    """What was found in the dataset, which the report's observer measured; ``longest`` is a record, from 1."""

    report: FileReport
    longest: int | None


@dataclass(frozen=True)
class Situation:
    """``offline`` keeps gates from the network, ``may_run`` lets them run the rollout.

    ``secrets_file`` is a dotenv file (absolute), and ``names_in_file`` are those that it gives a value.
    ``tell`` is called with what is about to take long.
    """

    config: Config
    environment: Mapping[str, str]
    offline: bool = False
    may_run: bool = True
    secrets_file: Path | None = None
    names_in_file: frozenset[str] = frozenset()
    tell: Callable[[str], None] = lambda _text: None

    @property
    def workspace(self) -> Workspace:
        return self.config.workspace

    @property
    def shown(self) -> str:
        """The config's path from the workspace's root."""
        return self.config.toml.shown

    @property
    def rollout(self) -> str:
        """The name of the rollout; gates that need one look at ``folder`` first."""
        return self.config.text("rollout") or ""

    @property
    def folder(self) -> Path | None:
        """The rollout's folder, where it is there."""
        return self.config.rollout_folder

    @cached_property
    def generation(self) -> str:
        """The SDK generation that the rollout is written for."""
        return generation_of(self.folder or self.workspace.root, self.workspace.root)

    @cached_property
    def dataset(self) -> Path | None:
        """The local file of the dataset, where there is one."""
        name = self.config.text("dataset")
        return self.workspace.dataset(name) if name else None

    @cached_property
    def rows_file(self) -> Path | None:
        """The dataset's local file, where it is of a format that can be read here."""
        if self.dataset is None:
            return None
        try:
            require_dataset(self.dataset)
        except UsageError:
            return None
        return self.dataset

    @cached_property
    def validated(self) -> Validated | None:
        """What is wrong with the dataset's rows, and how long they are; ``None`` where they cannot be read here.

        Raises ``InputError`` where reading fails.
        """
        if self.dataset is None or self.rows_file is None:
            return None
        report = FileReport(self.workspace.relative(self.dataset), seen=Observer(measures=True))
        look_at_file(self.rows_file, self.dataset_rules, report)
        with validated(self.rows_file, report, self.dataset_rules):
            lengths = report.seen.lengths
            row = lengths.longest_row if lengths else None
            places = report.seen.places_of(frozenset() if row is None else frozenset([row]))
            return Validated(report, next((place.record for place in places.values()), None))

    @cached_property
    def dataset_rules(self) -> DatasetRules:
        return rules_of(load_contract(self.generation))

    def setting(self, section: str, key: str) -> Any:
        """Return what the config sets, else the platform's default, else ``None``."""
        given = self.config.toml.table(section).get(key)
        known = self.config.shape.key(section, key) if self.config.shape else None
        return known.default if given is None and known else given

    def place(self, section: str, key: str) -> str:
        """Return file and line of what ``setting`` returns; of where it is missing from, where the config sets none."""
        start, _ = self.config.toml.value_span(section, key)
        return f"{self.shown}:{start.row}"

    @cached_property
    def modules(self) -> list[str]:
        """The files that the entrypoint imports, directly or not, itself first; from the workspace's root."""
        if self.config.entrypoint is None:
            return []
        rollouts = (entry.read() for entry in entrypoints_of(self.workspace, [self.config]))
        own = [rollout for rollout in rollouts if rollout.folder == self.folder]
        return [module.source.shown for rollout in own for module in rollout.modules]

    @cached_property
    def code(self) -> list[str]:
        """What the platform takes from the repository to run the rollout: files and folders, from its root."""
        folder = [self.workspace.relative(self.folder)] if self.folder else []
        root = [name for name in _ROOT_FILES if exists(self.workspace.root / name)]
        return [*folder, *(name for name in self.modules if not name.startswith(f"{folder[0]}/")), *root]

    @cached_property
    def repository(self) -> Repository | None:
        """The git repository, where there is one. Raises ``InputError`` where git does not work."""
        return open_repository(self.workspace.root)

    @cached_property
    def revision(self) -> Revision | None:
        """What the platform would take, ``None`` where there is no such thing. Raises ``InputError`` as git does."""
        if self.repository is None:
            return None
        return self.repository.revision(
            self.config.text("branch"), self.config.text("commit_sha"), offline=self.offline
        )


def find_config(path: str) -> Config:
    """Return the eval or training config at ``path``. Raises ``UsageError`` where that is none."""
    file = absolute(Path(path))
    if kind_of_given(file) != "file":
        raise UsageError(f"There is no config {path!r}: name a file, such as {EVAL_CONFIGS}/NAME.toml.")
    workspace = require_workspace(file.parent)
    config = next((config for config in read_configs(workspace) if config.toml.path == file), None)
    if config is None:
        raise UsageError(f"{path} is in neither {EVAL_CONFIGS}/ nor {TRAINING_CONFIGS}/: put it where `osmosis` looks.")
    return config
