"""One rollout from request to callbacks."""

import logging
import re

from osmo_runtime.sdk.shared import archive, callbacks

from ..backend.base import ExecutionBackend
from ..context import RolloutContext
from ..types import (
    ExecutionRequest,
    ExecutionResult,
    GraderCompleteRequest,
    GraderStatus,
    RolloutCompleteRequest,
    RolloutInitRequest,
    RolloutStatus,
)

logger = logging.getLogger(__name__)


async def run_rollout(backend: ExecutionBackend, request: RolloutInitRequest) -> None:
    """Execute what was asked for and tell the controller. Never raises."""
    controller = _Controller(request)
    context = RolloutContext(
        chat_completions_url=request.chat_completions_url,
        api_key=request.controller_api_key,
        rollout_id=request.rollout_id,
    )
    graded = controller.graded if request.grader_callback_url else None
    try:
        with context:
            await backend.execute(_execution(request), controller.completed, graded)
    except Exception:
        logger.exception("Rollout %s failed", request.rollout_id)
        await controller.broke()
    await _save(request, controller.best)


def _execution(request: RolloutInitRequest) -> ExecutionRequest:
    return ExecutionRequest(
        id=request.rollout_id,
        prompt=request.initial_messages,
        label=request.label,
        metadata=request.metadata,
        agent_timeout_sec=request.agent_timeout_sec,
        grader_timeout_sec=request.grader_timeout_sec,
    )


class _Controller:
    """Whoever asked, reached by its callback URLs. ``best`` is the last result that has samples, or the first."""

    def __init__(self, request: RolloutInitRequest) -> None:
        self._request = request
        self.best: ExecutionResult | None = None

    async def completed(self, result: ExecutionResult) -> None:
        self._remember(result)
        message = RolloutCompleteRequest(
            rollout_id=self._request.rollout_id,
            status=result.status,
            err_message=result.err_message,
            err_category=result.err_category,
        )
        await self._post(self._request.completion_callback_url, message.model_dump())

    async def graded(self, result: ExecutionResult) -> None:
        self._remember(result)
        succeeded = result.status is RolloutStatus.SUCCESS
        message = GraderCompleteRequest(
            rollout_id=self._request.rollout_id,
            status=GraderStatus.SUCCESS if succeeded else GraderStatus.FAILURE,
            samples=result.samples,
            err_message=result.err_message,
            err_category=result.err_category,
        )
        fields = message.model_dump(exclude={"samples": {"__all__": {"trajectory_messages"}}})
        await self._post(self._request.grader_callback_url, fields)

    async def broke(self) -> None:
        """Say that the execution itself failed; to a controller that heard of its completion before, a second time."""
        failure = ExecutionResult(status=RolloutStatus.FAILURE)
        for tell, result in (
            (self.completed, failure.model_copy(update={"err_message": "Internal server error"})),
            (self.graded, failure),
        ):
            try:
                await tell(result)
            except Exception:
                logger.exception("The controller of rollout %s cannot be told", self._request.rollout_id)

    def _remember(self, result: ExecutionResult) -> None:
        if self.best is None or result.samples:
            self.best = result

    async def _post(self, url: str | None, payload: dict[str, object]) -> None:
        if url:
            await callbacks.post(url, payload, self._request.controller_api_key)


async def _save(request: RolloutInitRequest, result: ExecutionResult | None) -> None:
    samples = result.samples if result else {}
    origin = archive.Origin(request.rollout_id, request.label, request.metadata)
    for name, sample in samples.items():
        file_name = "trajectory.json" if len(samples) == 1 else f"trajectory-{_safe(name)}.json"
        await archive.save(origin, file_name, name, sample)


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".") or "unnamed"
