"""`with` or `for` where only `async with` or `async for` works.

## What it does
Looks for a plain `with` on what can only be entered asynchronously (`httpx.AsyncClient`, `aiohttp.ClientSession`,
`asyncio.Lock`, `asyncio.timeout`, an async context manager of the user's), and for a plain `for` over an asynchronous
generator or a stream of an agent's events.

## Why is this bad?
Python raises a `TypeError` there, in every rollout that comes by.

## How to fix it
Write `async with` or `async for`. `--fix` does so inside coroutines.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import External, Instance, UserClass, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.coroutines import agent_names
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_ENTERED = frozenset(
    (
        *("httpx.AsyncClient", "aiohttp.ClientSession", "openai.AsyncOpenAI", "anthropic.AsyncAnthropic"),
        *("asyncio.Lock", "asyncio.Semaphore", "asyncio.BoundedSemaphore", "asyncio.Condition"),
        *("asyncio.timeout", "asyncio.timeout_at", "asyncio.TaskGroup", "aiofiles.open"),
    )
)
_STREAMS = ("agents.Runner.run_streamed.stream_events",)


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for scope in module.scope.below():
            yield from _withs(rollout, scope)
            yield from _loops(rollout, scope)


def _withs(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.With):
        for item in () if site.node.asynchronous else site.node.items:
            if _is_entered_asynchronously(rollout, scope, item.item):
                yield _problem(rollout, site, item.item, "with")


def _loops(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.For):
        if not site.node.asynchronous and _is_stream(rollout, scope, site.node.iter):
            yield _problem(rollout, site, site.node.iter, "for")


def _problem(rollout: Rollout, site: Site[cst.With] | Site[cst.For], entered: cst.CSTNode, word: str) -> Problem:
    rewrite = Rewrite(in_code(rollout, site.scope, site.node), "async ", "before")
    # With several items, some may well be plain.
    alone = not isinstance(site.node, cst.With) or len(site.node.items) == 1
    repair = Repair(f"Write `async {word}`.", (rewrite,)) if site.scope.is_async and alone else None
    return Problem(in_code(rollout, site.scope, entered), f"This works in `async {word}` only.", repair)


def _is_entered_asynchronously(rollout: Rollout, scope: Scope, entered: cst.BaseExpression) -> bool:
    if isinstance(entered, cst.Call):
        called = rollout.resolver.expression(entered.func, scope)
        if isinstance(called, UserFunction):
            marks = rollout.resolver.decorators(called.scope)
            return marks == [External("contextlib.asynccontextmanager")]
    value = rollout.resolver.expression(entered, scope)
    if not isinstance(value, Instance):
        return False
    if isinstance(value.of, External):
        return value.of.name in _ENTERED
    return _has_only_aenter(rollout, value.of)


def _has_only_aenter(rollout: Rollout, kind: UserClass) -> bool:
    known = rollout.resolver.mro(kind.scope)
    names = {name for base in known if isinstance(base, Scope) for name in base.bindings}
    return all(isinstance(base, Scope) for base in known) and "__aenter__" in names and "__enter__" not in names


def _is_stream(rollout: Rollout, scope: Scope, iterated: cst.BaseExpression) -> bool:
    if not isinstance(iterated, cst.Call):
        return False
    called = rollout.resolver.expression(iterated.func, scope)
    if isinstance(called, UserFunction):
        function = called.scope
        return function.is_async and bool(function.each(cst.Yield)) and not rollout.resolver.decorators(function)
    streams = (*_STREAMS, *(f"{agent}.stream_async" for agent in agent_names(rollout)))
    return isinstance(called, External) and called.name in streams


RULE = Rule(
    code="OSA106",
    name="async-forgotten",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import httpx",
                run="""
with «httpx.AsyncClient(timeout=10)» as client:
    page = await client.get("https://example.org")
print(ctx.prompt, page.text)
""",
            )
        ),
        Example(
            main_py(
                imports="from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
for event in «agent.stream_async(ctx.prompt[-1]["content"])»:
    print(event)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nfrom contextlib import asynccontextmanager",
                above="""
SLOTS = asyncio.Semaphore(4)


@asynccontextmanager
async def sandbox():
    yield "box"
""",
                grade="""
for sample_id in ctx.samples:
    with «SLOTS»:
        with «sandbox()» as box:
            ctx.set_sample_reward(sample_id, float(len(box)))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import threading\nfrom contextlib import contextmanager\n\nimport httpx",
                above="""
class Session:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None


@contextmanager
def counted(lock=threading.Lock()):
    with lock:
        yield 1
""",
                run="""
with Session(), counted() as number:
    print(ctx.prompt, number)
async with httpx.AsyncClient() as client, Session():
    print(client)
""",
            )
        ),
        Example(
            main_py(
                above="""
async def words(text):
    for word in text.split():
        yield word


async def pairs(text):
    return list(zip(text, text[1:]))
""",
                run="""
for pair in await pairs("a text"):
    print(pair)
async for word in words("a text"):
    print(word, ctx.prompt)
""",
            )
        ),
    ),
)
