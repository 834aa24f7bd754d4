"""An event loop is started where one is running already.

## What it does
Follows the code that `run`, `grade` and async tools reach and looks for `asyncio.run`, `loop.run_until_complete`,
`Runner.run_sync` and `anyio.run`. Helpers that ask `asyncio.get_running_loop()` first are left alone, and so are
rollouts that use `nest_asyncio`.

## Why is this bad?
`run` and `grade` are awaited by the server's event loop. Python refuses to start a second one in the same thread:
`RuntimeError: asyncio.run() cannot be called from a running event loop`, in every single rollout.

## How to fix it
Make the function around it a coroutine and await: `await fetch()` instead of `asyncio.run(fetch())`, `await
Runner.run(...)` instead of `Runner.run_sync(...)`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.edits import awaited
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.loop_calls import loop_calls
from osmo_checks.rules.places import in_code, written

_LOOPS = ("asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop")
_STARTERS = {
    "asyncio.run": "await ...",
    "asyncio.Runner.run": "await ...",
    **{f"{loop}.run_until_complete": "await ..." for loop in _LOOPS},
    "anyio.run": "await ...",
    "agents.Runner.run_sync": "await Runner.run(...)",
}
_STATEMENTS = (cst.Expr, cst.Assign, cst.AnnAssign, cst.Return)
_PATCHES_ASYNCIO = "nest_asyncio.apply"


def check(rollout: Rollout) -> Iterator[Problem]:
    if any(call.name == _PATCHES_ASYNCIO for call in rollout.calls):
        return
    for call in loop_calls(rollout):
        if call.name in _STARTERS and not _asks_first(rollout, call.site.scope):
            instead = _STARTERS[call.name]
            message = f"`{call.written}` fails here, where an event loop is running already: write `{instead}`."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message, _repair(rollout, call))


def _asks_first(rollout: Rollout, scope: Scope) -> bool:
    """Tell whether a plain function looks for a running loop before it starts one."""
    names = {call.name for call in rollout.calls_in(scope)}
    return not scope.is_async and "asyncio.get_running_loop" in names


def _repair(rollout: Rollout, call: Call) -> Repair | None:
    """In a coroutine, await the one argument of `asyncio.run`, or the coroutine beside `run_sync`."""
    node = call.site.node
    edits = awaited(rollout, call.site)
    if not edits:
        return None
    if call.name == "agents.Runner.run_sync" and isinstance(node.func, cst.Attribute):
        method = in_code(rollout, call.site.scope, node.func.attr)
        return Repair("Await `Runner.run`.", (*edits, Rewrite(method, "run")))
    if call.name == "asyncio.run" and len(node.args) == 1 and isinstance(call.site.parent, _STATEMENTS):
        code = written(rollout, call.site.scope, node.args[0].value)
        return Repair("Await the coroutine.", (Rewrite(in_code(rollout, call.site.scope, node), f"await {code}"),))
    return None


RULE = Rule(
    code="OSA103",
    name="nested-event-loop",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import asyncio\n\nfrom osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
result = «asyncio.run»(agent.invoke_async(ctx.prompt[-1]["content"]))
print(result)
""",
            )
        ),
        Example(
            main_py(
                imports="""\
from agents import Runner
from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisAgent, OsmosisRolloutModel
""",
                run="""
agent = OsmosisAgent(name="solver", model=OsmosisRolloutModel())
print(«Runner.run_sync»(agent, ctx.prompt[-1]["content"]).final_output)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                above="""
async def judge(text):
    await asyncio.sleep(0)
    return float("42" in text)


def score(text):
    loop = asyncio.new_event_loop()
    return «loop.run_until_complete»(judge(text))
""",
                grade="""
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, score(sample.messages[-1]["content"]))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio",
                above="""
def in_any_world(coroutine):
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    return loop.create_task(coroutine)
""",
                run="await in_any_world(asyncio.sleep(0, ctx.prompt))",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                above="""
def in_a_thread_of_its_own(seconds):
    return asyncio.run(asyncio.sleep(seconds))
""",
                run="await asyncio.to_thread(in_a_thread_of_its_own, 0.1)",
            )
            + '\n\nif __name__ == "__main__":\n    asyncio.run(asyncio.sleep(0))\n'
        ),
    ),
)
