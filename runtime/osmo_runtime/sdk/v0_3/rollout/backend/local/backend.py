import logging
import time

from osmo_runtime.sdk.shared.backend import LocalBackendBase
from osmo_runtime.sdk.shared.deadline import Deadline
from osmo_runtime.sdk.shared.errors import category_with_providers

from ...context import AgentWorkflowContext, GraderContext, RolloutContext, get_rollout_context
from ...types import (
    AgentWorkflowOutput,
    ExecutionOutcome,
    ExecutionRequest,
    ExecutionResult,
    RolloutErrorCategory,
    RolloutSample,
    RolloutStatus,
)
from ...types.output import coerce_output
from ...utils.rewards import validate_sample_has_reward
from ..base import ExecutionBackend

__all__ = ["LocalBackend"]

logger = logging.getLogger(__name__)


class LocalBackend(LocalBackendBase, ExecutionBackend):
    """Runs a rollout's workflow and grader, given by class or by ``module:attr``, in this process."""

    async def execute(self, request: ExecutionRequest) -> ExecutionOutcome:
        """Return what came of the workflow, and of the grader where the request wants one.

        Time spent waiting for a free slot is the workflow's. Raises what the workflow's ``__init__`` raises.
        """
        ambient = get_rollout_context()
        asked = time.monotonic()
        async with self.limiter.acquire():
            workflow = await self.run_workflow(request, queued_sec=time.monotonic() - asked)
            if not request.grade or workflow.status is not RolloutStatus.SUCCESS:
                return ExecutionOutcome(workflow=workflow)
            if not self.can_grade(request):
                return ExecutionOutcome(workflow=workflow, grader=ExecutionResult(status=RolloutStatus.FAILURE))
            if ambient is not None:
                await ambient.set_status(RolloutStatus.GRADING)
            return ExecutionOutcome(workflow=workflow, grader=await self.run_grader(request, workflow))

    async def run_workflow(self, request: ExecutionRequest, *, queued_sec: float = 0.0) -> ExecutionResult:
        config = self.own_config()
        context = AgentWorkflowContext(
            prompt=request.prompt,
            config=config,
            metadata=request.metadata,
            artifacts_dir=await self.artifacts_dir(request.id),
        )
        ambient = get_rollout_context() or RolloutContext()
        workflow = self.workflow_cls(config)
        deadline = Deadline("workflow", request.agent_timeout_sec, queued_sec)
        try:
            async with deadline:
                with ambient:
                    output = coerce_output(await workflow.run(context))
                    sample = await ambient.get_sample() if output is None else _sample(output, request.label)
        except Exception as error:
            logger.exception("The workflow of rollout %s failed", request.id)
            return _failure(error, deadline)
        return _late(deadline) if deadline.passed else ExecutionResult(status=RolloutStatus.SUCCESS, sample=sample)

    async def run_grader(self, request: ExecutionRequest, result: ExecutionResult) -> ExecutionResult:
        if self.grader_cls is None:
            return result
        context = GraderContext(
            label=request.label,
            sample=result.sample,
            metadata=request.metadata,
            artifacts_dir=await self.artifacts_dir(request.id),
        )
        deadline = Deadline("grader", request.grader_timeout_sec)
        try:
            async with deadline:
                await self.grader_cls(self.grader_config).grade(context)
                validate_sample_has_reward(context.sample)
        except Exception as error:
            logger.exception("The grader of rollout %s failed", request.id)
            return _failure(error, deadline, result.sample)
        if deadline.passed:
            return _late(deadline, result.sample)
        return ExecutionResult(status=RolloutStatus.SUCCESS, sample=context.sample)


def _sample(output: AgentWorkflowOutput, label: str | None) -> RolloutSample | None:
    if output.messages is None:
        return None
    return RolloutSample(messages=output.messages, label=label, metrics=dict(output.metrics))


def _failure(error: Exception, deadline: Deadline, sample: RolloutSample | None = None) -> ExecutionResult:
    return ExecutionResult(
        status=RolloutStatus.FAILURE,
        sample=sample,
        err_message=deadline.message if deadline.fired else str(error),
        err_category=RolloutErrorCategory(category_with_providers(error)),
    )


def _late(deadline: Deadline, sample: RolloutSample | None = None) -> ExecutionResult:
    return ExecutionResult(
        status=RolloutStatus.FAILURE,
        sample=sample,
        err_message=deadline.message,
        err_category=RolloutErrorCategory.TIMEOUT,
    )
