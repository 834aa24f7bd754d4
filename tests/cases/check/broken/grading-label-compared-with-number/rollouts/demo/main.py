from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent


class CountingWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        await OsmosisStrandsAgent(model=OsmosisRolloutModel()).invoke_async(ctx.prompt[-1]["content"])


class CountingGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        expected = ctx.label
        for name, sample in ctx.samples.items():
            words = str(sample.messages[-1]["content"]).split()
            number = int(words[-1])
            ctx.set_sample_reward(name, 1.0 if number == expected else 0.0)


if __name__ == "__main__":
    import os

    import uvicorn
    from osmosis_ai.rollout import LocalBackend, create_rollout_server

    backend = LocalBackend(workflow=CountingWorkflow, grader=CountingGrader)
    port = int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))
    uvicorn.run(create_rollout_server(backend=backend), host="0.0.0.0", port=port)
