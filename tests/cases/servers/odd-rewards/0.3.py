"""Each row's label names the reward that it is given."""

from decimal import Decimal

from osmosis_ai.rollout import AgentWorkflow, Grader

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


class Workflow(AgentWorkflow):
    async def run(self, ctx):
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]


class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(REWARDS[ctx.label])
