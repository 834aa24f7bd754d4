from decimal import Decimal

from osmosis_ai.rollout import (
    AgentWorkflow,
    AgentWorkflowContext,
    Grader,
    GraderContext,
    RolloutSample,
    get_rollout_context,
)
from osmosis_ai.rollout.context import SampleSource

REWARDS = {"6": True, "12": "0.5", "20": Decimal("0.5")}


class Said(SampleSource):
    async def get_sample(self, name: str) -> RolloutSample:
        return RolloutSample(id=name, messages=[{"role": "assistant", "content": "42"}])


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        get_rollout_context().register_sample_source("one", Said())


class OddGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_sample_reward("one", REWARDS[ctx.label])
