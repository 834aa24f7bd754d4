"""One rollout from request to result."""

import json
import logging

from osmo_runtime.sdk.shared import archive
from osmo_runtime.sdk.shared.errors import category_with_providers

from ..backend.base import ExecutionBackend
from ..context import RolloutContext, RolloutProgress
from ..types import (
    ExecutionOutcome,
    ExecutionRequest,
    ExecutionResult,
    RolloutErrorCategory,
    RolloutInitRequest,
    RolloutResultResponse,
    RolloutSample,
    RolloutStatus,
)

logger = logging.getLogger(__name__)


async def run_rollout(
    backend: ExecutionBackend, request: RolloutInitRequest, progress: RolloutProgress, process_id: str
) -> RolloutResultResponse:
    """Execute what was asked for. Raises nothing but ``CancelledError``."""
    try:
        result = (await execute(backend, request, progress, process_id)).result
    except Exception as error:
        logger.exception("Rollout %s failed", request.rollout_id)
        result = _failure(error)
    return RolloutResultResponse(
        rollout_id=request.rollout_id,
        status=result.status,
        sample=wire_sample(result),
        err_message=encodable(result.err_message),
        err_category=result.err_category,
    )


async def execute(
    backend: ExecutionBackend, request: RolloutInitRequest, progress: RolloutProgress, process_id: str
) -> ExecutionOutcome:
    """Return what the backend makes of a request, and archive its sample. Raises what the backend raises."""
    context = RolloutContext(
        chat_completions_url=request.chat_completions_url,
        api_key=request.llm_api_key,
        rollout_id=request.rollout_id,
        progress=progress,
        process_id=process_id,
    )
    with context:
        outcome = await backend.execute(_execution(request))
    sample = outcome.result_to_save.sample
    if sample is not None:
        origin = archive.Origin(request.rollout_id, request.label, request.metadata)
        await archive.save(origin, "trajectory.json", "main", sample)
    return outcome


def _execution(request: RolloutInitRequest) -> ExecutionRequest:
    return ExecutionRequest(
        id=request.rollout_id,
        prompt=request.initial_messages,
        label=request.label,
        metadata=request.metadata,
        agent_timeout_sec=request.agent_timeout_sec,
        grader_timeout_sec=request.grader_timeout_sec,
        grade=request.grade,
    )


def _failure(error: Exception) -> ExecutionResult:
    return ExecutionResult(
        status=RolloutStatus.FAILURE,
        err_message=str(error) or "Internal server error",
        err_category=RolloutErrorCategory(category_with_providers(error)),
    )


def wire_sample(result: ExecutionResult) -> RolloutSample | None:
    """Return a result's sample as it can be sent: a reward only where training may use it, and nothing but JSON."""
    if result.sample is None:
        return None
    sample = _as_json(result.sample)
    if result.status is RolloutStatus.SUCCESS and not sample.remove_sample:
        return sample
    return sample.model_copy(update={"reward": None})


def _as_json(sample: RolloutSample) -> RolloutSample:
    """Return a sample that JSON can say, down to its reward alone: no message may cost a rollout that."""
    try:
        copy = sample.model_copy(update={"trajectory_messages": None}).json_safe_copy()
        json.dumps(copy.model_dump(mode="json"), allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        logger.warning("A sample is no JSON; its reward is sent without it", exc_info=True)
        return RolloutSample(
            reward=sample.reward,
            label=encodable(sample.label),
            remove_sample=sample.remove_sample,
            trajectory_messages=None,
        )
    return copy


def encodable(text: str | None) -> str | None:
    """Return ``text`` with what no encoding has replaced: halves of characters."""
    return None if text is None else text.encode("utf-8", errors="replace").decode()
