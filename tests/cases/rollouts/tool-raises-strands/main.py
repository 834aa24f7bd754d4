from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent
from strands import tool

@tool
def multiply(a: float, b: float) -> float:
    """Multiply two numbers.

    Args:
        a: First number
        b: Second number
    """
    return a / (b - b)


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisStrandsAgent(
            name="multiplier",
            model=OsmosisRolloutModel(params={"temperature": 0.5, "max_tokens": 100}),
            messages=ctx.prompt[1:-1],
            system_prompt=ctx.prompt[0]["content"],
            tools=[multiply],
            callback_handler=None,
        )
        await agent.invoke_async(ctx.prompt[-1]["content"])


class TheGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(float(ctx.sample.messages[-1]["content"][0]["text"] == ctx.label))
