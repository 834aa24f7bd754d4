from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext, LocalBackend
from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent, create_rollout_server
from simulated import Customer, is_done

TURNS = 12


class AirlineWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisStrandsAgent(
            name="main", model=OsmosisRolloutModel(), system_prompt=ctx.prompt[0]["content"], callback_handler=None
        )
        customer = Customer(goal=ctx.prompt[-1]["content"])
        said = await customer.say("Hello, how can I help you?")
        for _ in range(TURNS):
            answer = await agent.invoke_async(said)
            said = await customer.say(str(answer))
            if await is_done(said):
                return


class AirlineGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for name, sample in ctx.samples.items():
            last = str(sample.messages[-1]["content"]).strip()
            ctx.set_sample_reward(name, 1.0 if last == ctx.label else 0.0)


if __name__ == "__main__":
    import os

    import uvicorn

    backend = LocalBackend(workflow=AirlineWorkflow, grader=AirlineGrader)
    port = int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))
    uvicorn.run(create_rollout_server(backend=backend), host="0.0.0.0", port=port)
