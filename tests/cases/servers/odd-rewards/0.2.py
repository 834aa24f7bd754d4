"""Each row's label names the reward that it is given."""

from decimal import Decimal

from osmosis_ai.rollout import AgentWorkflow, Grader, RolloutSample, get_rollout_context
from osmosis_ai.rollout.context import SampleSource

REWARDS = {
    "number": 0.25,
    "truth": True,
    "text": "0.5",
    "words": "abc",
    "decimal": Decimal("0.5"),
    "bytes": b"1",
    "list": [1],
    "nan": float("nan"),
    "huge": 10**400,
    "none": None,
}


class Said(SampleSource):
    async def get_sample(self, name):
        return RolloutSample(id=name, messages=[{"role": "assistant", "content": "42"}])


class Workflow(AgentWorkflow):
    async def run(self, ctx):
        get_rollout_context().register_sample_source("one", Said())


class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_sample_reward("one", REWARDS[ctx.label])
