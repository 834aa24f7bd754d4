"""What the options of ``osmo-scaffold run`` ask for: one plan, from config, rollout, dataset and defaults."""

import os
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from osmo_checks.configs import read_eval_config
from osmo_checks.errors import InputError, UsageError
from osmo_checks.workspace import Workspace
from osmo_runtime import inputs, policies
from osmo_runtime.defaults import Defaults
from osmo_runtime.dotenv import read_dotenv
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_runtime.engine import RunPlan
from osmo_runtime.results import RUNS, require_plain
from osmo_runtime.rows import PackedRows, RowNumbers
from osmo_scaffold.commands.run_driver import server_of
from osmo_scaffold.output import DriverName
from osmo_scaffold.runnable import DEFAULT_POLICY, dataset_of, defaults_of, find_config, required_secrets, rollout_plan


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of the command line; ``None`` where nothing was said, so that config, rollout or we decide."""

    config: str
    policy: str | None
    dataset: Path | None
    limit: int | None
    rows: str | None
    n: int | None
    concurrency: int | None
    workers: int | None
    worker_memory: float | None
    seed: int | None
    fault: str | None
    secrets_file: Path | None
    name: str | None
    fresh: bool
    retry_failed: bool
    load_timeout: float
    driver: DriverName | None
    server: str | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers model calls; ``policy_from`` names the file that said so, where nobody did on the command line."""

    policy: str
    policy_from: str
    fault: str
    seed: int


def plan_of(options: RunOptions) -> tuple[Workspace, RunPlan]:
    """Return what is to be run, and the workspace it is in. Raises ``UsageError`` and ``InputError``."""
    workspace, path = find_config(options.config)
    config = read_eval_config(path, workspace.relative(path))
    rollout = rollout_plan(workspace, config)
    server = server_of(options.driver, options.server, workspace, rollout)
    if server:
        rollout = rollout_plan(workspace, config)  # the lock file may be new, and says which generation it is
    data = dataset_of(workspace, config, options.dataset)
    secrets = read_dotenv(options.secrets_file) if options.secrets_file else {}
    own = defaults_of(workspace, rollout.folder)
    answering = _answering(options, own)
    rows = _rows(workspace, data, options.limit or config.limit, options.rows)
    driver = DriverName.SERVER if server else DriverName.INPROCESS
    return workspace, RunPlan(
        name=_name(workspace, options.name, rollout),
        workspace=workspace.root,
        rollout=replace(rollout, env={**required_secrets(path, secrets), **rollout.env}),
        rows=rows,
        repeats=options.n or config.n,
        dataset=data.stem,
        policy=answering.policy,
        policy_from=answering.policy_from,
        fault=answering.fault,
        seed=answering.seed,
        secrets=secrets,
        pass_threshold=config.pass_threshold,
        load_timeout_s=options.load_timeout,
        cores=_cores(),
        concurrency=_concurrency(options, own, answering),
        workers=options.workers,
        worker_mb=options.worker_memory,
        fresh=options.fresh,
        retry_failed=options.retry_failed,
        server=server,
        inputs={**_inputs(rollout, data, rows, answering, options.n or config.n), "driver": driver.value},
    )


def _answering(options: RunOptions, own: Defaults) -> Answering:
    return Answering(
        options.policy or own.policy or DEFAULT_POLICY,
        "pyproject.toml" if options.policy is None and own.policy else "",
        fault=own.fault if options.fault is None else options.fault,
        seed=own.seed if options.seed is None else options.seed,
    )


def _concurrency(options: RunOptions, own: Defaults, answering: Answering) -> int | None:
    """Return how many attempts run at a time; who answers at the terminal is asked one thing at a time."""
    return options.concurrency or own.concurrency or (1 if policies.is_at_terminal(answering.policy) else None)


def _name(workspace: Workspace, name: str | None, rollout: RolloutPlan) -> str:
    """Return the given name, or a new one of the rollout and the time. Raises ``UsageError`` for what is no name."""
    if name is None:
        made = f"{rollout.name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        # Runs can start within one second of each other.
        names = chain([made], (f"{made}-{number}" for number in count(2)))
        name = next(name for name in names if not (workspace.root / RUNS / name).exists())
    require_plain(name)
    return name


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _rows(workspace: Workspace, data: Path, limit: int | None, wanted: str | None) -> PackedRows:
    """Return the first ``limit`` rows, those of ``wanted`` only, if given."""
    from osmo_checks.datasets import read_rows

    numbers = None if wanted is None else RowNumbers.parse(wanted)
    most = min(limit or sys.maxsize, numbers.last + 1 if numbers else sys.maxsize)
    rows = PackedRows(row for row in read_rows(data, most) if numbers is None or row.number in numbers)
    if not rows and numbers is None:
        raise InputError(f"{workspace.relative(data)} has no rows.")
    missing = numbers.beyond(rows[-1].number if rows else -1) if numbers else ""
    if missing:
        among = f" among the first {limit}, which are all that is run" if limit else ""
        raise UsageError(f"--rows {wanted}: {workspace.relative(data)} has no {missing}{among}; the first is row 0.")
    return rows


def _inputs(
    rollout: RolloutPlan, data: Path, rows: PackedRows, answering: Answering, n: int
) -> dict[str, str | int | float]:
    """Return what decides a run's results, for a later run of the same name to compare."""
    file = policies.file_of(answering.policy)
    return {
        "rollout": rollout.name,
        "entrypoint": rollout.entrypoint,
        "contract": rollout.generation,
        "rollout_digest": inputs.folder_digest(rollout.folder),
        "dataset": data.name,
        "dataset_digest": inputs.file_digest(data),
        "rows": len(rows),
        "row_numbers_digest": rows.numbers_digest,
        "attempts_per_row": n,
        "policy": answering.policy,
        "policy_digest": inputs.file_digest(file) if file else "",
        "fault": answering.fault,
        "seed": answering.seed,
        "agent_timeout_s": rollout.agent_timeout_s,
        "grader_timeout_s": rollout.grader_timeout_s,
        "env_digest": inputs.text_digest(rollout.env),
    }
