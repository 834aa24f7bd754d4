"""What the configs of a workspace say about a dataset: how long prompts may be, and which datasets go with it."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osmo_checks.paths import absolute
from osmo_checks.workspace import Workspace, find_workspace


@dataclass(frozen=True, slots=True)
class Naming:
    """``prompt_tokens`` is the least ``max_prompt_length`` of the configs that name a dataset.

    ``others`` are the local files of the datasets that evaluation configs name, where training configs name this one,
    and the other way round.
    """

    prompt_tokens: int | None = None
    others: tuple[Path, ...] = ()


def naming_of(path: Path) -> Naming:
    """Return what is said about the dataset file ``path``. Configs that cannot be read say nothing."""
    workspace = find_workspace(path.parent)
    if workspace is None:
        return Naming()
    file = absolute(path)
    training = list(_named(workspace, workspace.training_configs()))
    evaluation = list(_named(workspace, workspace.eval_configs()))
    limits = [limit for named, limit in [*training, *evaluation] if named == file and limit is not None]
    return Naming(min(limits, default=None), tuple(dict.fromkeys(_opposite(file, training, evaluation))))


def _opposite(file: Path, *kinds: list[tuple[Path, int | None]]) -> Iterator[Path]:
    for kind in kinds:
        if any(named == file for named, _ in kind):
            yield from (named for other in kinds if other is not kind for named, _ in other if named != file)


def _named(workspace: Workspace, configs: Iterable[Path]) -> Iterator[tuple[Path, int | None]]:
    """Yield the dataset file of each config that names one which is there, and its limit for prompts."""
    for config in configs:
        data = _read(config)
        name = _table(data, "experiment").get("dataset")
        file = workspace.dataset(name) if isinstance(name, str) else None
        limit = _table(data, "training").get("max_prompt_length")
        if file is not None:
            yield absolute(file), limit if type(limit) is int and limit > 0 else None


def _read(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name)
    return table if isinstance(table, dict) else {}
