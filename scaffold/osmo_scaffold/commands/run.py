"""``osmo-scaffold run``: from a config or a rollout's name to graded results."""

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
from osmo_runtime.dotenv import read_dotenv
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_runtime.engine import RunPlan, RunResult
from osmo_runtime.engine import run as run_plan
from osmo_runtime.results import RUNS, require_plain
from osmo_runtime.rows import PackedRows, RowNumbers
from osmo_scaffold.commands.run_driver import server_of
from osmo_scaffold.commands.run_interactive import run_interactively
from osmo_scaffold.commands.run_output import ProgressLine, as_json, as_text
from osmo_scaffold.generate.interrupts import signals_as_ctrl_c
from osmo_scaffold.output import DriverName, OutputFormat, emit, emit_json, say
from osmo_scaffold.runnable import DEFAULT_POLICY, dataset_of, defaults_of, find_config, required_secrets, rollout_plan


def run(
    config: str,
    *,
    policy: str | None,
    dataset: Path | None,
    limit: int | None,
    rows: str | None,
    n: int | None,
    concurrency: int | None,
    workers: int | None,
    worker_memory: float | None,
    seed: int | None,
    fault: str | None,
    secrets_file: Path | None,
    name: str | None,
    fresh: bool,
    retry_failed: bool,
    load_timeout: float,
    driver: DriverName | None,
    server: str | None,
    interactive: bool,
    output_format: OutputFormat,
) -> int:
    """Run what ``config`` (a path or a rollout's name) says. Return 0 when every attempt was graded, else 1.

    Attempts whose samples the rollout removed from training do not count, as long as some others were graded.
    """
    workspace, path = find_config(config)
    eval_config = read_eval_config(path, workspace.relative(path))
    rollout = rollout_plan(workspace, eval_config)
    on_server = server_of(driver, server, workspace, rollout)
    if on_server:
        rollout = rollout_plan(workspace, eval_config)  # the lock file may be new, and says which generation it is
    data = dataset_of(workspace, eval_config, dataset)
    secrets = read_dotenv(secrets_file) if secrets_file else {}
    own = defaults_of(workspace, rollout.folder)
    answering = Answering(
        policy or own.policy or DEFAULT_POLICY,
        "pyproject.toml" if policy is None and own.policy else "",
        fault=own.fault if fault is None else fault,
        seed=own.seed if seed is None else seed,
    )
    chosen = _rows(workspace, data, limit or eval_config.limit, rows)
    plan = RunPlan(
        name=_name(workspace, name, rollout),
        workspace=workspace.root,
        rollout=replace(rollout, env={**required_secrets(path, secrets), **rollout.env}),
        rows=chosen,
        repeats=n or eval_config.n,
        dataset=data.stem,
        policy=answering.policy,
        policy_from=answering.policy_from,
        fault=answering.fault,
        seed=answering.seed,
        secrets=secrets,
        pass_threshold=eval_config.pass_threshold,
        load_timeout_s=load_timeout,
        cores=_cores(),
        concurrency=concurrency or own.concurrency or (1 if policies.is_at_terminal(answering.policy) else None),
        workers=workers,
        worker_mb=worker_memory,
        fresh=fresh,
        retry_failed=retry_failed,
        server=on_server,
        inputs={
            **_inputs(rollout, data, chosen, answering, n or eval_config.n),
            "driver": (DriverName.SERVER if on_server else DriverName.INPROCESS).value,
        },
    )
    with signals_as_ctrl_c():
        result = run_interactively(plan) if interactive else _executed(plan)
    if result is None:
        return 0
    if output_format is OutputFormat.JSON:
        emit_json(as_json(plan, result))
    else:
        emit(as_text(plan, result, workspace.relative(result.folder)))
    return 0 if result.summary["graded"] and not result.summary["failed"] else 1


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers model calls; ``policy_from`` names the file that said so, where nobody did on the command line."""

    policy: str
    policy_from: str
    fault: str
    seed: int


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


def _executed(plan: RunPlan) -> RunResult:
    """Run a plan, with its progress on stderr; say how to go on where it is interrupted."""
    progress = ProgressLine(sys.stderr, is_drawn=not policies.is_at_terminal(plan.policy))
    try:
        with progress:
            return run_plan(plan, os.environ, progress.update)
    except KeyboardInterrupt:
        say(
            f"interrupted: {progress.counted} of {progress.total} attempts counted; "
            f"the same command with `--name {plan.name}` goes on."
        )
        raise


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
