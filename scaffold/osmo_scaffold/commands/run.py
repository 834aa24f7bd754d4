"""``osmo-scaffold run``: from a config or a rollout's name to graded results."""

import os
import sys

from osmo_runtime import policies
from osmo_runtime.engine import RunPlan, RunResult
from osmo_runtime.engine import run as run_plan
from osmo_scaffold.commands.run_interactive import run_interactively
from osmo_scaffold.commands.run_output import ProgressLine, as_json, as_text
from osmo_scaffold.commands.run_plan import RunOptions, plan_of
from osmo_scaffold.generate.interrupts import signals_as_ctrl_c
from osmo_scaffold.output import OutputFormat, emit, emit_json, say


def run(options: RunOptions, *, interactive: bool, output_format: OutputFormat) -> int:
    """Run what ``options`` ask for. Return 0 when every attempt was graded, else 1.

    Attempts whose samples the rollout removed from training do not count, as long as some others were graded.
    """
    workspace, plan = plan_of(options)
    with signals_as_ctrl_c():
        result = run_interactively(plan) if interactive else _executed(plan)
    if result is None:
        return 0
    if output_format is OutputFormat.JSON:
        emit_json(as_json(plan, result))
    else:
        emit(as_text(plan, result, workspace.relative(result.folder)))
    return 0 if result.summary["graded"] and not result.summary["failed"] else 1


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
