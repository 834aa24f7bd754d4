"""Each grade takes a while on the event loop: many at once are late, and none by itself."""

import asyncio
import json
import time
import urllib.request

from osmosis_ai.rollout import AgentWorkflow, Grader, get_rollout_context


def ask(context, messages, **more):
    request = urllib.request.Request(
        context.chat_completions_url + "/chat/completions",
        json.dumps({"messages": messages, **more}).encode(),
        {"Authorization": f"Bearer {context.api_key}"},
    )
    try:
        response = urllib.request.urlopen(request)
    except OSError:  # a model server has bad moments
        response = urllib.request.urlopen(request)
    with response:
        return json.load(response)["choices"][0]["message"]


class Workflow(AgentWorkflow):
    async def run(self, ctx):
        return [*ctx.prompt, await asyncio.to_thread(ask, get_rollout_context(), ctx.prompt)]


class TheGrader(Grader):
    async def grade(self, ctx):
        text = ctx.sample.messages[-1]["content"]
        time.sleep(0.12)
        ctx.set_reward(float(text.strip() == ctx.label))
