from agents import Runner, function_tool
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.integrations.agents.openai_agents import (
    OsmosisAgent,
    OsmosisMemorySession,
    OsmosisRolloutModel,
)


@function_tool
def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a * b


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisAgent(name="multiplier", model=OsmosisRolloutModel(), tools=[multiply])
        for name in ("first", "second"):
            await Runner.run(agent, ctx.prompt[-1]["content"], session=OsmosisMemorySession(name=name))


class TheGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        assert set(ctx.get_samples()) == {"first", "second"}
        for name, sample in ctx.samples.items():
            ctx.set_sample_reward(name, float(sample.messages[-1]["content"][0]["text"] == ctx.label))
