"""The first attempt starts a task that serves all of them, and is over time before the others are served."""

import asyncio

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext

tasks = []
served = asyncio.Event()


async def serve() -> None:
    await asyncio.sleep(1.3)
    served.set()


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> list:
        if "(row 0)" in ctx.prompt[-1]["content"]:
            tasks.append(asyncio.create_task(serve()))
            await asyncio.sleep(600)
        await asyncio.sleep(0.7)
        return [*ctx.prompt, {"role": "assistant", "content": "42"}]


class ServedGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        await served.wait()
        ctx.set_reward(1.0)
