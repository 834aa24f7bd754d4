"""``run --interactive``: one attempt after the other, each model call under the eyes of a person."""

import os
from dataclasses import replace

from osmo_checks.errors import UsageError
from osmo_runtime import policies
from osmo_runtime.engine import RunPlan, RunResult, Tally
from osmo_runtime.engine import run as run_plan
from osmo_runtime.policies import terminal
from osmo_runtime.policies.interactive import Guide
from osmo_runtime.results import RUNS, RunFolder
from osmo_scaffold.output import say

#: Seconds that a workflow and a grader have: nobody is hurried who reads.
_PATIENCE_S = 24 * 3600.0


def run_interactively(plan: RunPlan) -> RunResult | None:
    """Run a plan until it is done, or the person has quit: then there is no result.

    Raises ``UsageError`` without a terminal, or where the policy needs the terminal for itself.
    """
    _require_terminal(plan)
    rollout = replace(plan.rollout, agent_timeout_s=_PATIENCE_S, grader_timeout_s=_PATIENCE_S)
    plan = replace(plan, rollout=rollout, concurrency=1, workers=1)
    guide = Guide({row.number for row in plan.rows})
    counted = 0

    def progressed(tally: Tally, _total: int) -> None:
        nonlocal counted
        counted = tally.counted

    while True:
        try:
            return run_plan(plan, os.environ, progressed, guide.in_front_of)
        except KeyboardInterrupt:
            if guide.row is None:
                say(f"attempts counted: {counted}; the same command with `--name {plan.name}` goes on.")
                if guide.has_quit:
                    return None
                raise
        plan = _at_row(plan, guide.row)
        guide.row = None


def _at_row(plan: RunPlan, row: int) -> RunPlan:
    """Return the plan that begins at ``row``, whose attempts are owed again if they were counted."""
    folder = RunFolder(plan.workspace / RUNS / plan.name)
    folder.owe_again(lambda entry: entry.attempt.row == row)
    return replace(plan, first_row=row, fresh=False, retry_failed=False)


def _require_terminal(plan: RunPlan) -> None:
    if not terminal.is_there():
        raise UsageError("--interactive needs a terminal to ask you at: leave it out, or run it in one.")
    if policies.is_at_terminal(plan.policy):
        raise UsageError("--interactive and the policy `human` both ask you for every reply: leave out one of them.")
