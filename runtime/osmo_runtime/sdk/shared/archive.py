"""What a served rollout leaves on disk: ``<artifact root>/<rollout id>/trajectory.json``, in ATIF."""

import asyncio
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from osmo_runtime import trajectory
from osmo_runtime.model import Attempt, Graded, Report, Row, Sample
from osmo_runtime.sdk.shared.artifacts import artifact_root

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """The request that a sample answers."""

    rollout_id: str
    label: str | None
    metadata: dict[str, Any] | None


async def save(origin: Origin, file_name: str, sample_name: str, sample: Any) -> None:
    """Write one sample's trajectory. Never raises: a result is not lost for want of its archive."""
    if sample.trajectory_messages is None:
        return
    try:
        document = to_jsonable_python(_document(origin, sample_name, sample), inf_nan_mode="null")
        await asyncio.to_thread(_write, artifact_root() / origin.rollout_id / file_name, json.dumps(document, indent=2))
    except Exception:
        logger.warning("The trajectory of rollout %s is not saved", origin.rollout_id, exc_info=True)


def _document(origin: Origin, sample_name: str, sample: Any) -> dict[str, Any]:
    label = origin.label if sample.label is None else sample.label
    row = Row(0, {"label": label, "metadata": origin.metadata})
    messages = [dict(message) for message in sample.trajectory_messages]
    taken = Sample(sample_name, messages, sample.reward, removed=sample.remove_sample, metrics=sample.metrics)
    report = Report(Attempt(0, 0), Graded(sample.reward), started_at="", duration_s=0.0, samples=(taken,))
    document = trajectory.document(report, row, origin.rollout_id)
    document["final_metrics"] = {"total_steps": len(document["steps"])}  # the calls were not seen from here
    return document


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
