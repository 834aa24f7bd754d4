"""A rollout that does what its prompt says, served with the options in ``SERVED``."""

import asyncio
import json
import os
import urllib.request

import uvicorn

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowOutput, Grader, LocalBackend, get_rollout_context
from osmosis_ai.rollout.server import create_rollout_server


class Obedient(AgentWorkflow):
    async def run(self, ctx):
        order = ctx.prompt[-1]["content"]
        if order == "raise":
            raise RuntimeError("the tool broke")
        if order == "sleep":
            await asyncio.sleep(60)
        if order == "nap":
            await asyncio.sleep(1)
        if order == "return text":
            return "6"
        if order == "no messages":
            return None
        answer = await asyncio.to_thread(ask) if order == "ask" else "6"
        if order == "no json":
            answer = {1, 2}
        if order == "surrogate":
            answer = "\ud800"
        metrics = {"turns": 1}
        return AgentWorkflowOutput(messages=[*ctx.prompt, {"role": "assistant", "content": answer}], metrics=metrics)


class Lenient(Grader):
    async def grade(self, ctx):
        order = ctx.label or ctx.metadata["grade"]
        if order == "raise":
            raise KeyError("no such label")
        if order == "sleep":
            await asyncio.sleep(60)
        if order == "nothing":
            return
        if order == "no json":
            ctx.sample.metrics.update(bad=float("nan"), worse=object(), good=[1, object()])
        ctx.sample.remove_sample = order == "remove"
        ctx.set_reward(0.5)


def ask():
    context = get_rollout_context()
    request = urllib.request.Request(
        f"{context.chat_completions_url}/chat/completions",
        data=json.dumps({"model": context.rollout_id, "messages": []}).encode(),
        headers={"Authorization": f"Bearer {context.api_key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["answer"]


if __name__ == "__main__":
    backend = LocalBackend(workflow=Obedient, grader=Lenient)
    app = create_rollout_server(backend=backend, **json.loads(os.environ.get("SERVED", "{}")))
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
