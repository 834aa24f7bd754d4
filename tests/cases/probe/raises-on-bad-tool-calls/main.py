"""Believes that models write JSON and know their tools."""

import asyncio
import json
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


TOOLS = {"multiply": lambda a, b: a * b}
PARAMETERS = {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}
OFFERED = [{"type": "function", "function": {"name": "multiply", "parameters": PARAMETERS}}]


class Workflow(AgentWorkflow):
    async def run(self, ctx):
        messages = list(ctx.prompt)
        while True:
            reply = await asyncio.to_thread(ask, get_rollout_context(), messages, tools=OFFERED)
            messages.append(reply)
            if not reply.get("tool_calls"):
                return messages
            for call in reply["tool_calls"]:
                result = TOOLS[call["function"]["name"]](**json.loads(call["function"]["arguments"]))
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": str(result)})


class TheGrader(Grader):
    async def grade(self, ctx):
        text = ctx.sample.messages[-1]["content"]
        ctx.set_reward(float(text.strip() == ctx.label))
