"""A rollout that does what its prompt says."""

import asyncio
import json
import os
import urllib.request

import uvicorn

from osmosis_ai.rollout import (
    AgentWorkflow,
    Grader,
    LocalBackend,
    RolloutSample,
    create_rollout_server,
    get_rollout_context,
)
from osmosis_ai.rollout.context import SampleSource


class Kept(SampleSource):
    def __init__(self, messages):
        self.messages = messages

    async def get_sample(self, name):
        return RolloutSample(id=name, messages=self.messages)


class Obedient(AgentWorkflow):
    async def run(self, ctx):
        order = ctx.prompt[-1]["content"]
        if order == "raise":
            raise RuntimeError("the tool broke")
        if order == "no sample":
            return
        answer = await asyncio.to_thread(ask) if order == "ask" else "6"
        if order == "no json":
            answer = {1, 2}
        for name in ("first", "second/../x") if order == "two" else ("main",):
            source = Kept([*ctx.prompt, {"role": "assistant", "content": answer}])
            get_rollout_context().register_sample_source(name, source)


class Lenient(Grader):
    async def grade(self, ctx):
        order = ctx.label or ctx.metadata["grade"]
        if order == "raise":
            raise KeyError("no such label")
        if order == "nothing":
            return
        for name in ctx.get_samples():
            ctx.set_sample_reward(name, float("nan") if order == "nan" else 0.5)


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
    app = create_rollout_server(backend=backend)
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
