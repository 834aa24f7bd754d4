import functools
import os
import time

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent
from osmosis_ai.rollout.server import create_rollout_server


def retried(times):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return await function(*args, **kwargs)
                except ConnectionError:
                    time.sleep(2**attempt)
            raise RuntimeError("gave up")

        return wrapper

    return decorate


class RiddleWorkflow(AgentWorkflow):
    @retried(3)
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisStrandsAgent(name="riddles", model=OsmosisRolloutModel())
        await agent.invoke_async(ctx.prompt[-1]["content"])


class RiddleGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id, sample in ctx.samples.items():
            answer = str(sample.messages[-1]["content"]).strip()
            ctx.set_sample_reward(sample_id, 1.0 if answer == ctx.label else 0.0)


if __name__ == "__main__":
    import uvicorn

    backend = LocalBackend(workflow=RiddleWorkflow, grader=RiddleGrader)
    uvicorn.run(create_rollout_server(backend=backend), host="0.0.0.0", port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
