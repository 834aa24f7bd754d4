"""Where things are in a workspace. Everything here reads names and files; nothing reads code."""

from dataclasses import dataclass
from pathlib import Path

from osmo_checks.endings import DATASET_ENDINGS, is_dataset, name_of
from osmo_checks.errors import UsageError
from osmo_checks.paths import absolute, is_file, is_folder

ROLLOUTS = "rollouts"
CONFIGS = "configs"
EVAL_CONFIGS = "configs/eval"
TRAINING_CONFIGS = "configs/training"
DATA = "data"
#: Where skills are, and where Claude Code looks for them.
AGENT_SKILLS = ".agents/skills"
CLAUDE_SKILLS = ".claude/skills"

#: Without these, the `osmosis` command does not work in a repository.
REQUIRED_FOLDERS = (ROLLOUTS, EVAL_CONFIGS, TRAINING_CONFIGS, DATA)
#: What coding agents and package managers look for at the root.
EXPECTED_FILES = ("AGENTS.md", "CLAUDE.md", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace by its root folder (absolute)."""

    root: Path

    def rollout(self, name: str) -> Path:
        return self.root / ROLLOUTS / name

    def rollout_names(self) -> list[str]:
        return sorted(
            entry.name for entry in _entries(self.root / ROLLOUTS) if entry.is_dir() and not entry.name.startswith(".")
        )

    def eval_configs(self) -> list[Path]:
        return _tomls(self.root / EVAL_CONFIGS)

    def training_configs(self) -> list[Path]:
        return _tomls(self.root / TRAINING_CONFIGS)

    def dataset(self, name: str) -> Path | None:
        """Return the local file of the platform dataset ``name``: ``data/<name>`` with a dataset's ending."""
        data = self.root / DATA
        candidates = [data / name, *(data / f"{name}{ending}" for ending in DATASET_ENDINGS)]
        for candidate in candidates:
            if is_dataset(candidate) and is_file(candidate) and is_below(candidate, self.root):
                return candidate
        return None

    def dataset_names(self) -> list[str]:
        """Return the names that configs may give the files in ``data/``."""
        return sorted({name_of(entry) for entry in _entries(self.root / DATA) if is_dataset(entry)})

    def relative(self, path: Path) -> str:
        """Return ``path`` as findings name it: POSIX, relative to the root where it lies below it."""
        return relative_to(path, self.root)


def relative_to(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def is_below(path: Path, folder: Path) -> bool:
    """Tell whether ``path``, with links followed, lies below ``folder``; one that leads nowhere does not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        # A name that is too long, links that go round, a NUL.
        return False


def find_workspace(start: Path) -> Workspace | None:
    """Return the workspace that ``start`` (a file or a folder) lies in, or ``None``."""
    here = absolute(start)
    for folder in (here, *here.parents):
        if is_folder(folder / ROLLOUTS) and is_folder(folder / CONFIGS):
            return Workspace(folder)
    return None


def require_workspace(start: Path) -> Workspace:
    workspace = find_workspace(start)
    if workspace is None:
        message = (
            f"{start} is not inside a workspace (a folder with rollouts/ and configs/): "
            "go to one, or make one with `osmo-scaffold new PATH`."
        )
        raise UsageError(message)
    return workspace


def _tomls(folder: Path) -> list[Path]:
    return sorted(entry for entry in _entries(folder) if entry.suffix == ".toml" and not is_folder(entry))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
