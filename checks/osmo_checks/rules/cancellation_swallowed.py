"""A coroutine swallows its own cancellation.

## What it does
Looks in the coroutines that `run` and `grade` reach for `except:`, `except BaseException:`, `except CancelledError:`
and `suppress(CancelledError)` around an `await`, where nothing is raised again. Waiting for a task that the same
function has cancelled is left alone.

## Why is this bad?
A deadline ends a rollout by cancelling it. One that swallows this goes on, keeps its place among the concurrent
rollouts, and calls the model for an answer that nobody waits for any more.

## How to fix it
Catch `Exception`, which leaves cancellation alone, or clean up and `raise`:

```python
except asyncio.CancelledError:
    await sandbox.close()
    raise
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.around import holds, sites_in
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_CANCELLATIONS = frozenset(
    ("builtins.BaseException", "asyncio.CancelledError", "asyncio.exceptions.CancelledError"),
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.loop_scopes:
        if scope.is_async and not _cancels_something(scope):
            yield from _handlers(rollout, scope)
            yield from _suppressions(rollout, scope)


def _handlers(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.Try):
        if not holds(site.node.body, scope, [cst.Await]):
            continue
        catcher = next(
            (one for one in site.node.handlers if one.type is None or _named(rollout, scope, one.type)), None
        )
        if catcher and not holds(catcher.body, scope, [cst.Raise]) and not _hands_on(catcher, scope):
            named = catcher.type and _named(rollout, scope, catcher.type)
            caught = f"except {last_name(named)}" if named else "except:"
            message = f"`{caught}` swallows the rollout's cancellation: catch `Exception`, or `raise` at the end."
            yield Problem(in_code(rollout, scope, named or catcher), message)


def _hands_on(catcher: cst.ExceptHandler, scope: Scope) -> bool:
    """Tell whether the exception is kept, or given to a future, to be raised elsewhere."""
    name = last_name(catcher.name.name) if catcher.name else ""
    kept = [site.node.value for site in sites_in(catcher.body, scope, cst.Assign)]
    calls = [site.node for site in sites_in(catcher.body, scope, cst.Call)]
    given = [argument.value for call in calls if last_name(call.func) == "set_exception" for argument in call.args]
    return any(isinstance(value, cst.Name) and value.value == name for value in (*kept, *given))


def _suppressions(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.With):
        for item in site.node.items if holds(site.node.body, scope, [cst.Await]) else ():
            entered = item.item
            if not isinstance(entered, cst.Call):
                continue
            if rollout.resolver.expression(entered.func, scope) != External("contextlib.suppress"):
                continue
            if any(_named(rollout, scope, argument.value) for argument in entered.args):
                message = "`suppress` swallows the rollout's cancellation: name `Exception` instead."
                yield Problem(in_code(rollout, scope, entered), message)


def _named(rollout: Rollout, scope: Scope, caught: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return what in ``caught``, a class or a tuple of them, takes cancellations in."""
    several = [element.value for element in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
    values = ((one, rollout.resolver.expression(one, scope)) for one in several)
    return next((one for one, value in values if isinstance(value, External) and value.name in _CANCELLATIONS), None)


def _cancels_something(scope: Scope) -> bool:
    return any(last_name(site.node.func) == "cancel" for site in scope.each(cst.Call))


_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OSA108",
    name="cancellation-swallowed",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=f"import asyncio\n\n{_AGENT}",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
try:
    await agent.invoke_async(ctx.prompt[-1]["content"])
except (ValueError, «asyncio.CancelledError»):
    print("The model took too long.")
""",
            )
        ),
        Example(
            main_py(
                imports=_AGENT,
                above="""
async def persistently(agent, question):
    for _ in range(3):
        try:
            return await agent.invoke_async(question)
        «except:
            continue»
""",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
await persistently(agent, ctx.prompt[-1]["content"])
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nfrom contextlib import suppress",
                grade="""
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, 0.0)
    with «suppress(BaseException)»:
        await asyncio.sleep(0.1)
        ctx.set_sample_reward(sample_id, 1.0)
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\nfrom contextlib import suppress",
                above="""
async def ticking():
    while True:
        await asyncio.sleep(1)


async def stopped(task):
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
""",
                run="""
clock = asyncio.create_task(ticking())
try:
    await asyncio.sleep(0, ctx.prompt)
except BaseException:
    print("cleaning up")
    raise
finally:
    await stopped(clock)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                run="""
try:
    await asyncio.sleep(0, ctx.prompt)
except asyncio.TimeoutError:
    print("late")
except Exception as error:
    print(error)
failed = None
try:
    await asyncio.sleep(0)
except BaseException as error:
    failed = error
if failed:
    raise failed
try:
    print(len(ctx.prompt))
except:
    print("nothing was awaited")
""",
            )
        ),
    ),
)
