import logging

from osmo_runtime.sdk.shared.backend import LocalBackendBase
from osmo_runtime.sdk.shared.errors import category_of

from ...context import AgentWorkflowContext, GraderContext, RolloutContext, get_rollout_context
from ...types import ExecutionRequest, ExecutionResult, RolloutErrorCategory, RolloutSample, RolloutStatus
from ...utils.rewards import validate_samples_have_rewards
from ..base import ExecutionBackend, ResultCallback

__all__ = ["LocalBackend"]

logger = logging.getLogger(__name__)


class LocalBackend(LocalBackendBase, ExecutionBackend):
    """Runs a rollout's workflow and grader, given by class or by ``module:attr``, in this process.

    This generation takes timeouts along with a request and does not enforce them.
    """

    @property
    def max_concurrency(self) -> int:
        return self.limiter.max_concurrent or 0

    async def execute(
        self,
        request: ExecutionRequest,
        on_workflow_complete: ResultCallback,
        on_grader_complete: ResultCallback | None = None,
    ) -> None:
        """Run the workflow, then the grader, and hand over what came of each.

        Raises what a callback raises, and what the workflow's ``__init__`` does.
        """
        async with self.limiter.acquire():
            result = await self.run_workflow(request)
            await on_workflow_complete(result)
            if on_grader_complete is None:
                return
            if result.status is RolloutStatus.SUCCESS and self.can_grade(request):
                await on_grader_complete(await self.run_grader(request, result))
            else:
                await on_grader_complete(ExecutionResult(status=RolloutStatus.FAILURE))

    async def run_workflow(self, request: ExecutionRequest) -> ExecutionResult:
        config = self.own_config()
        context = AgentWorkflowContext(
            prompt=request.prompt,
            config=config,
            metadata=request.metadata,
            artifacts_dir=await self.artifacts_dir(request.id),
        )
        ambient = get_rollout_context() or RolloutContext()
        workflow = self.workflow_cls(config)
        try:
            with ambient:
                await workflow.run(context)
        except Exception as error:
            logger.exception("The workflow of rollout %s failed", request.id)
            return _failure(error)
        return ExecutionResult(status=RolloutStatus.SUCCESS, samples=await ambient.get_samples())

    async def run_grader(self, request: ExecutionRequest, result: ExecutionResult) -> ExecutionResult:
        if self.grader_cls is None:
            return result
        context = GraderContext(
            label=request.label,
            samples=result.samples,
            metadata=request.metadata,
            artifacts_dir=await self.artifacts_dir(request.id),
        )
        try:
            await self.grader_cls(self.grader_config).grade(context)
            samples = context.get_samples()
            validate_samples_have_rewards(samples)
            return ExecutionResult(status=RolloutStatus.SUCCESS, samples=samples)
        except Exception as error:
            logger.exception("The grader of rollout %s failed", request.id)
            return _failure(error, result.samples)


def _failure(error: Exception, samples: dict[str, RolloutSample] | None = None) -> ExecutionResult:
    return ExecutionResult(
        status=RolloutStatus.FAILURE,
        samples=samples or {},
        err_message=str(error),
        err_category=RolloutErrorCategory(category_of(error)),
    )
