"""Runs of the platform, as ``osmosis eval download`` and ``osmosis eval run`` leave them: read as ours are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from osmo_checks.errors import InputError
from osmo_runtime.journal import Entry
from osmo_runtime.model import Attempt, Boundary, Failed, Graded, Outcome

EVALS = ".osmosis/evals"
#: What the platform calls a failure, and the boundary it stands for; others are left to the protocol.
_BOUNDARIES: Final = {
    "timeout": Boundary.TIMEOUT,
    "agent_error": Boundary.WORKFLOW,
    **{boundary.value: boundary for boundary in Boundary},
}


def entries(path: Path) -> Iterator[Entry]:
    """Yield the attempts of a ``summary.jsonl``. It has no messages, only what kind of failure there was.

    Raises ``InputError`` where it is not what the platform writes.
    """
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield _entry(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):
                where = f"{path.parent.name}/{path.name}, line {number}"
                raise InputError(f"{where}, is no attempt as the platform writes one: download it again.") from None


def inputs_of(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return what a run was started with, as far as its ``metrics.json`` says."""
    about = metrics.get("eval_run")
    if not isinstance(about, dict):
        return {}
    names = {"rollout": "rollout_name", "policy": "model_name", "dataset": "dataset_name"}
    return {ours: about[theirs] for ours, theirs in names.items() if theirs in about}


def _entry(line: dict[str, Any]) -> Entry:
    # The platform tells prompts and replies apart only in trajectories.
    return Entry(
        attempt=Attempt(int(line["row_index"]), int(line["run_index"])),
        outcome=_outcome(line),
        calls=0,
        prompt_tokens=int(line.get("tokens", 0)),
        completion_tokens=0,
        started_at="",
        duration_ms=float(line.get("duration_ms", 0.0)),
    )


def _outcome(line: dict[str, Any]) -> Outcome:
    if line["status"] == "failed":
        kind = str(line.get("error_type", "failed"))
        return Failed(_BOUNDARIES.get(kind, Boundary.PROTOCOL), kind)
    return Graded(None if line["status"] == "skipped" else float(line["reward"]))
