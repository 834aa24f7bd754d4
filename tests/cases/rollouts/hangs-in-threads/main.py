"""The first attempt takes every thread that asyncio gives out, and gives none of them back; the others need one each."""

import asyncio
import os
import threading

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext

THREADS = min(32, (os.cpu_count() or 1) + 4)


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> list:
        if "(row 0)" in ctx.prompt[-1]["content"]:
            await asyncio.gather(*(asyncio.to_thread(threading.Event().wait) for _ in range(THREADS)))
        await asyncio.sleep(0.1)
        answer = await asyncio.to_thread(str, 42)
        return [*ctx.prompt, {"role": "assistant", "content": answer}]


class OneGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(1.0)
