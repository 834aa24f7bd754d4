"""What a config says to run: the rollout, its dataset, its secrets and its own defaults."""

from collections.abc import Mapping
from pathlib import Path

from osmo_checks.configs import EvalConfig, read_eval_config, require_toml
from osmo_checks.contracts import generation_of
from osmo_checks.errors import InputError, UsageError
from osmo_checks.paths import absolute, is_file, kind_of_given
from osmo_checks.workspace import EVAL_CONFIGS, Workspace, is_below, require_workspace
from osmo_runtime.defaults import Defaults, read_defaults
from osmo_runtime.drivers.worker_process import RolloutPlan

DEFAULT_POLICY = "oracle"
#: Generations a local run can execute.
RUNNABLE = ("0.2", "0.3")


def find_config(config: str) -> tuple[Workspace, Path]:
    """Return the workspace and the eval config that ``config``, a path or a rollout's name, means."""
    path = absolute(Path(config))
    there = kind_of_given(path)
    if there == "file" or config.endswith(".toml"):
        if there != "file":
            raise UsageError(f"The eval config {config} does not exist.")
        return require_workspace(path.parent), path
    workspace = require_workspace(Path.cwd())
    return workspace, _config_of_rollout(workspace, config)


def _config_of_rollout(workspace: Workspace, name: str) -> Path:
    """Return the one eval config of a rollout: the one named after it, or the only one whose rollout it is."""
    if name not in workspace.rollout_names():
        known = ", ".join(workspace.rollout_names()) or "none"
        raise UsageError(f"There is no rollout {name!r} and no such eval config; the workspace's rollouts: {known}.")
    configs = workspace.eval_configs()
    named = workspace.root / EVAL_CONFIGS / f"{name}.toml"
    if named in configs:
        return named
    found = [path for path in configs if _rollout_in(path) == name]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(workspace.relative(path) for path in found)
        raise UsageError(f"The rollout {name} has several eval configs: name one of {choices}.")
    raise UsageError(f"The rollout {name} has no eval config: write {EVAL_CONFIGS}/{name}.toml.")


def _rollout_in(path: Path) -> str | None:
    try:
        return read_eval_config(path).rollout
    except InputError:
        return None


def rollout_plan(workspace: Workspace, config: EvalConfig) -> RolloutPlan:
    """Return what a run of ``config`` executes. Raises ``InputError`` where that is not there or cannot run here."""
    shown = workspace.relative(config.path)
    folder = workspace.rollout(config.rollout)
    if config.rollout not in workspace.rollout_names():
        known = ", ".join(workspace.rollout_names()) or "none"
        raise InputError(f"{shown}: there is no rollout {config.rollout!r} in rollouts/ (there is: {known}).")
    entrypoint = folder / config.entrypoint
    if not is_below(entrypoint, folder):
        raise InputError(f"{shown}: the entrypoint {config.entrypoint!r} has to lie inside rollouts/{config.rollout}/.")
    if not is_file(entrypoint):
        raise InputError(f"{shown}: the entrypoint rollouts/{config.rollout}/{config.entrypoint} does not exist.")
    generation = generation_of(folder, workspace.root)
    if generation not in RUNNABLE:
        raise InputError(
            f"rollouts/{config.rollout} is written for the `{generation}` generation of the SDK, and only "
            f"{' and '.join(RUNNABLE)} run here: require osmosis-ai>=0.2.26 in its pyproject.toml, and "
            "`osmo-scaffold check` says what takes the place of each of its names."
        )
    return RolloutPlan(
        name=config.rollout,
        folder=folder.resolve(),
        entrypoint=entrypoint.resolve().relative_to(folder.resolve()).as_posix(),
        generation=generation,
        agent_timeout_s=config.agent_timeout_s,
        grader_timeout_s=config.grader_timeout_s,
        env=config.env,
    )


def dataset_of(workspace: Workspace, config: EvalConfig, given: Path | None) -> Path:
    """Return the ``given`` file, or else the config's in ``data/``; raise for one that is not there."""
    if given is not None:
        if kind_of_given(given) != "file":
            raise UsageError(f"The dataset {given} does not exist.")
        return absolute(given)
    from osmo_checks.datasets.registry import FORMATS

    shown, found, endings = workspace.relative(config.path), workspace.dataset(config.dataset), " or ".join(FORMATS)
    if found is None:
        raise InputError(
            f"{shown}: the dataset {config.dataset!r} is not in data/ (as {endings}): "
            "put it there, or use --dataset FILE."
        )
    return found


def defaults_of(workspace: Workspace, rollout: Path) -> Defaults:
    """Return what the rollout's own pyproject.toml says of runs. Raises ``InputError`` for what is wrong in it."""
    path = rollout / "pyproject.toml"
    return read_defaults(path, workspace.relative(path))


def required_secrets(config: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that the config asks the platform to give the rollout."""
    section = require_toml(config, config.name).get("secrets")
    names = section.get("required") if isinstance(section, dict) else None
    return {name: secrets[name] for name in secrets if isinstance(names, list) and name in names}
