"""One model call per row, graded by exact match: `osmo-scaffold run` and `osmosis eval run` both execute this file."""

import os

import aiohttp
from osmosis_ai.rollout import (
    AgentWorkflow,
    AgentWorkflowConfig,
    AgentWorkflowContext,
    ConcurrencyConfig,
    Grader,
    GraderContext,
    LocalBackend,
    get_rollout_context,
)
from osmosis_ai.rollout.server import create_rollout_server

CONFIG = AgentWorkflowConfig(name="one-call", concurrency=ConcurrencyConfig(max_concurrent=64))


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> list[dict[str, object]]:
        rollout = get_rollout_context()
        asked = {"model": "osmosis-rollout", "messages": ctx.prompt}
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {rollout.api_key}"}) as session,
            session.post(
                f"{rollout.chat_completions_url}/chat/completions", json=asked, raise_for_status=True
            ) as response,
        ):
            reply = await response.json()
        return [*ctx.prompt, reply["choices"][0]["message"]]


class ExactMatch(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(float(ctx.sample.messages[-1]["content"] == ctx.label))


if __name__ == "__main__":
    import uvicorn

    backend = LocalBackend(workflow=Workflow, workflow_config=CONFIG, grader=ExactMatch)
    uvicorn.run(create_rollout_server(backend=backend), port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
