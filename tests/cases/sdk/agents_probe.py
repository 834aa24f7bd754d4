"""Run by any Python that has an ``osmosis_ai``: prints what its OpenAI Agents integration does, as JSON.

``python agents_probe.py GENERATION``; with ``--built-in``, the built-in SDK is served.
"""

import asyncio
import json
import logging
import sys

from aiohttp import web

GENERATION = sys.argv[1]
if "--built-in" in sys.argv:
    from osmo_runtime.sdk import finder

    finder.install(GENERATION)

from agents import ModelSettings, Runner, SQLiteSession, function_tool, set_tracing_disabled
from osmosis_ai.rollout.context import RolloutContext
from osmosis_ai.rollout.integrations.agents.openai_agents import (
    OsmosisAgent,
    OsmosisLitellmModel,
    OsmosisMemorySession,
    OsmosisRolloutModel,
    SessionSampleSource,
)

logging.disable()
set_tracing_disabled(True)
ONE_SAMPLE = GENERATION != "0.2"
calls = []


@function_tool
def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a * b


async def policy(request):
    """Ask for a tool, then answer; note what was asked."""
    body = await request.json()
    shown = ("authorization", "x-sample-id", "x-rollout-id")
    calls.append(
        {
            "path": request.path,
            "headers": {name: request.headers.get(name) for name in shown},
            "messages": [{key: message.get(key) for key in ("role", "content")} for message in body["messages"]],
            "tools": [tool["function"]["name"] for tool in body.get("tools", ())],
            "settings": {key: body.get(key) for key in ("temperature", "max_tokens", "stream")},
        }
    )
    call = {"index": 0, "id": "call-1", "type": "function"}
    call["function"] = {"name": "multiply", "arguments": '{"a": 2, "b": 3}'}
    asked = any(message["role"] == "tool" for message in body["messages"])
    delta = {"content": "6"} if asked else {"tool_calls": [call]}
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    chunks = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop" if asked else "tool_calls"}]},
        {"choices": [], "usage": usage},
    ]
    about = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    lines = [f"data: {json.dumps({**about, **chunk})}\n\n" for chunk in chunks]
    return web.Response(text="".join(lines) + "data: [DONE]\n\n", content_type="text/event-stream")


def agent():
    settings = ModelSettings(temperature=0.5, max_tokens=100, include_usage=True)
    return OsmosisAgent(
        name="it", instructions="Multiply.", model=OsmosisRolloutModel(), model_settings=settings, tools=[multiply]
    )


def session(name):
    return OsmosisMemorySession() if ONE_SAMPLE else OsmosisMemorySession(name=name)


def item(said):
    """Return what one kept item says, without what the framework's versions say differently."""
    return [said.get(key) for key in ("role", "type", "name", "arguments", "output", "call_id")] + [text(said.get("content"))]


def text(content):
    return content if not isinstance(content, list) else [part.get("text") for part in content]


async def conversation(context):
    result = await Runner.run(agent(), "What is 2 times 3?", session=session("main"))
    samples = [await context.get_sample()] if ONE_SAMPLE else list((await context.get_samples()).values())
    return {
        "output": result.final_output,
        "names": [getattr(sample, "id", None) for sample in samples],
        "items": [[item(one) for one in sample.messages] for sample in samples],
        "trajectory": [
            [{key: message.get(key) for key in ("role", "content")} for message in sample.trajectory_messages]
            for sample in samples
        ],
    }


async def two_sessions(context):
    first, second = session("a"), session("a")
    return [first, second]


async def no_session(context):
    await Runner.run(agent(), "hello")


async def placeholder_called(context):
    await OsmosisRolloutModel().get_response("", "hello", ModelSettings(), [], None, [], None)


async def placeholder_streamed(context):
    async for _ in OsmosisRolloutModel().stream_response("", "hello", ModelSettings(), [], None, [], None):
        pass


async def wrong_setting(context):
    try:
        OsmosisLitellmModel(nonsense=1)
    except TypeError as error:
        return str(error).partition("() ")[2]


async def made_elsewhere(context):
    kept = MADE_OUTSIDE
    await kept.add_items([{"role": "user", "content": "hello"}])


async def any_session(context):
    kept = SQLiteSession("other")
    await kept.add_items([{"role": "user", "content": "hello"}])
    source = SessionSampleSource(kept)
    sample = await (source.get_sample() if ONE_SAMPLE else source.get_sample("other"))
    return [item(one) for one in sample.messages]


async def session_alone():
    kept = OsmosisMemorySession()
    await kept.add_items([{"role": "user", "content": str(number)} for number in range(3)])
    last = await kept.get_items(limit=2)
    popped = await kept.pop_item()
    left = len(await kept.get_items())
    await kept.clear_session()
    return [[one["content"] for one in last], popped["content"], left, await kept.get_items(), await kept.pop_item()]


async def model_alone():
    OsmosisAgent(name="it", model=OsmosisRolloutModel())


async def said(doing):
    try:
        return await doing
    except Exception as error:
        return f"{type(error).__name__}: {error}"


MADE_OUTSIDE = OsmosisMemorySession()
WITHIN = (
    conversation,
    two_sessions,
    no_session,
    placeholder_called,
    placeholder_streamed,
    wrong_setting,
    made_elsewhere,
    any_session,
)


async def main():
    app = web.Application()
    app.router.add_post("/{path:.*}", policy)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/rollouts/r"
    answer = {"session alone": await asyncio.create_task(said(session_alone())), "model alone": await said(model_alone())}
    for doing in WITHIN:

        async def within(doing=doing):
            with RolloutContext(chat_completions_url=url, api_key="a token", rollout_id="r") as context:
                return await said(doing(context))

        answer[doing.__name__] = await asyncio.create_task(within())
    await runner.cleanup()
    answer["calls"] = calls
    sys.stdout.write("\n" + json.dumps(answer))


asyncio.run(main())
