"""What the first attempt started goes on after it, and is gone from the worker that the last one runs in."""

import asyncio

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext

going_on = []


async def never_end() -> None:
    going_on.append(True)
    while True:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            continue


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> list:
        if "(row 0)" in ctx.prompt[-1]["content"]:
            task = asyncio.create_task(never_end())
            await asyncio.sleep(600)
            await task
        return [*ctx.prompt, {"role": "assistant", "content": str(len(going_on))}]


class CountGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(float(ctx.sample.messages[-1]["content"]))
