from agents import ModelSettings, Runner, function_tool
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.integrations.agents.openai_agents import (
    OsmosisAgent,
    OsmosisMemorySession,
    OsmosisRolloutModel,
)


@function_tool(failure_error_function=None)
def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a / (b - b)


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisAgent(
            name="multiplier",
            instructions=ctx.prompt[0]["content"],
            model=OsmosisRolloutModel(),
            model_settings=ModelSettings(temperature=0.5, max_tokens=100),
            tools=[multiply],
        )
        await Runner.run(agent, ctx.prompt[-1]["content"], session=OsmosisMemorySession())


class TheGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        asked, *_, answered = ctx.sample.messages
        assert asked["role"] == "user"
        ctx.set_reward(float(answered["content"][0]["text"] == ctx.label))
