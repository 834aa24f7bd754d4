"""The wire protocol of 0.3.0 to 0.3.2: a request that names callback URLs has its results posted there."""

import asyncio
import logging
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, model_validator

from osmo_runtime.sdk.shared import callbacks

from ..backend.base import ExecutionBackend
from ..context import RolloutProgress
from ..types import ExecutionOutcome, ExecutionResult, RolloutInitRequest, RolloutStatus
from .execution import encodable, execute, wire_sample

logger = logging.getLogger(__name__)


class PostedRequest(RolloutInitRequest):
    """The body of ``POST /rollout`` in any 0.3; one that names callbacks needs no id."""

    controller_api_key: str | None = None
    completion_callback_url: str | None = None
    grader_callback_url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_named(cls, body: Any) -> Any:
        if isinstance(body, dict) and body.get("completion_callback_url") and body.get("rollout_id") is None:
            return {**body, "rollout_id": uuid4().hex}
        return body


class Accepted(BaseModel):
    """Empty: the results come by callback."""


async def run_with_callbacks(backend: ExecutionBackend, request: PostedRequest, process_id: str) -> None:
    """Execute what was asked for and post what came of it. Never raises."""
    controller = _Controller(request)
    try:
        outcome = await execute(backend, _as_leased(request), RolloutProgress(on_status=controller.saw), process_id)
    except Exception:
        logger.exception("Rollout %s failed", request.rollout_id)
        failure = ExecutionResult(status=RolloutStatus.FAILURE)
        told = failure.model_copy(update={"err_message": "Internal server error"})
        outcome = ExecutionOutcome(workflow=told, grader=failure)
    await controller.completed(outcome.workflow)
    await controller.graded(outcome.grader or ExecutionResult(status=RolloutStatus.FAILURE))


def _as_leased(request: PostedRequest) -> RolloutInitRequest:
    key = request.llm_api_key or request.controller_api_key
    return request.model_copy(update={"llm_api_key": key, "grade": request.grader_callback_url is not None})


class _Controller:
    """Whoever asked, reached by its callback URLs. It hears of the workflow before the grader has run."""

    def __init__(self, request: PostedRequest) -> None:
        self._request = request
        self._completion: asyncio.Task[None] | None = None

    def saw(self, status: RolloutStatus) -> None:
        if status is RolloutStatus.GRADING:
            self._start_completion(ExecutionResult(status=RolloutStatus.SUCCESS))

    async def completed(self, result: ExecutionResult) -> None:
        await (self._completion or self._start_completion(result))

    async def graded(self, result: ExecutionResult) -> None:
        succeeded = result.status is RolloutStatus.SUCCESS
        sample = wire_sample(result)
        fields = {
            "status": "success" if succeeded else "failure",
            "sample": None if sample is None else sample.model_dump(mode="json", exclude={"trajectory_messages"}),
        }
        await self._post(self._request.grader_callback_url, result, fields)

    def _start_completion(self, result: ExecutionResult) -> asyncio.Task[None]:
        fields = {"status": result.status, "extra_fields": None}
        self._completion = asyncio.create_task(self._post(self._request.completion_callback_url, result, fields))
        return self._completion

    async def _post(self, url: str | None, result: ExecutionResult, fields: dict[str, Any]) -> None:
        """Post to one of the controller's URLs, if it gave that; one that does not listen is not told again."""
        if not url:
            return
        about = {"err_message": encodable(result.err_message), "err_category": result.err_category}
        payload = {"rollout_id": self._request.rollout_id, **fields, **about}
        try:
            await callbacks.post(url, payload, self._request.controller_api_key)
        except Exception:
            logger.exception("The controller of rollout %s cannot be told", self._request.rollout_id)
