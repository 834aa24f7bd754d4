"""Run by any Python that has an ``osmosis_ai``, real or built in: prints what its ``LocalBackend`` does, as JSON.

``python backend_probe.py GENERATION ARTIFACT_ROOT``; with ``--built-in``, the built-in SDK is served.
"""

import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

GENERATION, ROOT = sys.argv[1:3]
if "--built-in" in sys.argv:
    from osmo_runtime.sdk import finder

    finder.install(GENERATION)

from osmosis_ai.rollout import (
    AgentWorkflow,
    AgentWorkflowConfig,
    ConcurrencyConfig,
    ExecutionRequest,
    Grader,
    RolloutSample,
    get_rollout_context,
)
from osmosis_ai.rollout.backend import LocalBackend
from osmosis_ai.rollout.context import RolloutContext, SampleSource

logging.disable()
ONE_SAMPLE = GENERATION != "0.2"
ANSWER = [{"role": "user", "content": "What is 2 times 3?"}, {"role": "assistant", "content": "6"}]


class Source(SampleSource):
    async def get_sample(self, name: str = "main") -> Any:
        return RolloutSample(messages=ANSWER) if ONE_SAMPLE else RolloutSample(id=name, messages=ANSWER)


def take_sample() -> None:
    context = get_rollout_context()
    if ONE_SAMPLE:
        context.set_sample_source(Source())
    else:
        context.register_sample_source("main", Source())


class Workflow(AgentWorkflow):
    async def run(self, ctx: Any) -> Any:
        take_sample()
        return await self.then(ctx)

    async def then(self, ctx: Any) -> Any:
        (ctx.artifacts_dir / "note").write_text("x")


class Plain(Grader):
    reward: Any = 1.0

    async def grade(self, ctx: Any) -> None:
        if ONE_SAMPLE:
            ctx.set_reward(self.reward)
        else:
            ctx.set_sample_reward("main", self.reward)


def workflow(then: Any) -> Any:
    return type("Written", (Workflow,), {"then": then})


def raising(error: BaseException) -> Any:
    async def then(self: Any, ctx: Any) -> None:
        raise error

    return workflow(then)


def returning(value: Any) -> Any:
    async def run(self: Any, ctx: Any) -> Any:
        return value() if callable(value) else value

    return type("Returning", (AgentWorkflow,), {"run": run})


def grader(grade: Any) -> Any:
    return type("Written", (Grader,), {"grade": grade})


async def sleeps(self: Any, ctx: Any) -> None:
    await asyncio.sleep(30)


async def blocks(self: Any, ctx: Any) -> None:
    time.sleep(0.3)


async def blocks_then_grades(self: Any, ctx: Any) -> None:
    time.sleep(0.3)
    ctx.set_reward(1.0)


async def swallows(self: Any, ctx: Any) -> None:
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        return


async def gives_nothing(self: Any, ctx: Any) -> None:
    pass


async def removes(self: Any, ctx: Any) -> None:
    ctx.sample.remove_sample = True


async def raises(self: Any, ctx: Any) -> None:
    raise KeyError("label")


async def raises_own_timeout(self: Any, ctx: Any) -> None:
    raise TimeoutError("the judge did not answer")


def reward(value: Any) -> Any:
    return type("Written", (Plain,), {"reward": value})


class NeedsMore(Workflow):
    def __init__(self, config: Any, more: Any) -> None: ...


class ProviderError(Exception):
    pass


ProviderError.__name__ = "SandboxRateLimitException"

ROW = {"id": "one", "prompt": ANSWER[:1], "label": "6"}
EITHER: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "plain": (ROW, Workflow, Plain),
    "no grader": (ROW, Workflow, None),
    "no label": ({**ROW, "label": None}, Workflow, Plain),
    "metadata alone": ({**ROW, "label": None, "metadata": {"a": 1}}, Workflow, Plain),
    "empty label": ({**ROW, "label": ""}, Workflow, Plain),
    "value error": (ROW, raising(ValueError("no such thing")), Plain),
    "key error": (ROW, raising(KeyError("no such key")), Plain),
    "own timeout": (ROW, raising(TimeoutError("the tool gave up")), Plain),
    "provider": (ROW, raising(ProviderError("busy")), Plain),
    "cannot be constructed": (ROW, NeedsMore, Plain),
    "grader raises": (ROW, Workflow, grader(raises)),
    "grader's own timeout": (ROW, Workflow, grader(raises_own_timeout)),
    "no reward": (ROW, Workflow, grader(gives_nothing)),
    "no sample": (ROW, returning(None), Plain),
    "any number": (ROW, Workflow, reward(7.5)),
    "text reward": (ROW, Workflow, reward("0.5")),
    "infinite reward": (ROW, Workflow, reward(float("inf"))),
}
ONLY_0_3: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "not graded": ({**ROW, "grade": False}, Workflow, Plain),
    "late": ({**ROW, "agent_timeout_sec": 0.1}, workflow(sleeps), Plain),
    "blocked": ({**ROW, "agent_timeout_sec": 0.1}, workflow(blocks), Plain),
    "swallowed": ({**ROW, "agent_timeout_sec": 0.1}, workflow(swallows), Plain),
    "no time at all": ({**ROW, "agent_timeout_sec": 0}, workflow(sleeps), Plain),
    "late grader": ({**ROW, "grader_timeout_sec": 0.1}, Workflow, grader(sleeps)),
    "blocked grader": ({**ROW, "grader_timeout_sec": 0.1}, Workflow, grader(blocks_then_grades)),
    "removed": (ROW, Workflow, grader(removes)),
    "returned list": (ROW, returning([{"role": "assistant", "content": "6"}]), Plain),
    "returned text": (ROW, returning("6"), Plain),
    "returned output": (ROW, returning(lambda: output(messages=ANSWER, metrics={"turns": 1})), Plain),
    "returned no messages": (ROW, returning(lambda: output(metrics={"turns": 1})), Plain),
    "returned wrong output": (ROW, returning(lambda: output(metric={})), Plain),
}


def output(**fields: Any) -> Any:
    from osmosis_ai.rollout import AgentWorkflowOutput

    return AgentWorkflowOutput(**fields)


async def execute(backend: Any, request: Any) -> list[Any]:
    """Return what a backend says of one request: the results of workflow and grader, or what it raised."""
    said: list[Any] = []

    async def take(result: Any) -> None:
        said.append(result.model_dump(mode="json"))

    try:
        with RolloutContext(chat_completions_url="http://127.0.0.1:1/v1", rollout_id=request.id):
            if ONE_SAMPLE:
                said.append((await backend.execute(request)).model_dump(mode="json"))
            else:
                await backend.execute(request, take, take)
    except Exception as error:
        said.append(type(error).__name__)
    return said


async def at_a_time(**config: Any) -> list[Any]:
    """Return how many of six workflows ran at once, and what ``health`` said then."""
    running, seen, health = 0, 0, {}

    async def counts(self: Any, ctx: Any) -> None:
        nonlocal running, seen, health
        running += 1
        if running > seen:
            seen, health = running, backend.health()
        await asyncio.sleep(0.05)
        running -= 1

    backend = LocalBackend(workflow=workflow(counts), **config)
    backend.artifact_root = Path(ROOT)
    requests = [ExecutionRequest(**{**ROW, "id": f"row-{number}"}) for number in range(6)]
    await asyncio.gather(*(execute(backend, request) for request in requests))
    return [seen, health]


async def queued() -> list[Any]:
    """Return what becomes of a request whose time goes by while it waits for a slot."""
    config = AgentWorkflowConfig(name="x", concurrency=ConcurrencyConfig(max_concurrent=1))
    backend = LocalBackend(workflow=workflow(blocks), workflow_config=config)
    backend.artifact_root = Path(ROOT)
    request = ExecutionRequest(**{**ROW, "agent_timeout_sec": 0.2})
    first, second = await asyncio.gather(execute(backend, ExecutionRequest(**ROW)), execute(backend, request))
    message = second[0]["workflow"]["err_message"]
    return [first[0]["workflow"]["status"], message.partition(" (")[0], "s of it spent queued)" in message]


async def main() -> None:
    cases = {**EITHER, **ONLY_0_3} if ONE_SAMPLE else EITHER
    answer: dict[str, Any] = {}
    for name, (request, workflow_cls, grader_cls) in cases.items():
        backend = LocalBackend(workflow=workflow_cls, grader=grader_cls)
        backend.artifact_root = Path(ROOT)
        answer[name] = await execute(backend, ExecutionRequest(**request))
    unlimited = AgentWorkflowConfig(name="x")
    two = AgentWorkflowConfig(name="x", concurrency=ConcurrencyConfig(max_concurrent=2))
    answer["at a time"] = [
        await at_a_time(),
        await at_a_time(workflow_config=unlimited),
        await at_a_time(workflow_config=two),
    ]
    if ONE_SAMPLE:
        answer["queued"] = await queued()
    answer["files"] = sorted(str(path.relative_to(ROOT)) for path in (Path(ROOT) / "one").rglob("*"))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    asyncio.run(main())
