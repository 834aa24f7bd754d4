"""Asks again and again, and waits in between for longer than an attempt may take."""

import asyncio
import itertools
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
    for wait_s in itertools.chain([0.1], itertools.repeat(60)):
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)["choices"][0]["message"]
        except OSError:
            time.sleep(wait_s)


class Workflow(AgentWorkflow):
    async def run(self, ctx):
        return [*ctx.prompt, await asyncio.to_thread(ask, get_rollout_context(), ctx.prompt)]


class TheGrader(Grader):
    async def grade(self, ctx):
        text = ctx.sample.messages[-1]["content"]
        ctx.set_reward(float(text.strip() == ctx.label))
