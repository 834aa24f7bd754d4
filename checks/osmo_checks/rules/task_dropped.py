"""A task is started and nobody waits for it.

## What it does
Looks for `asyncio.create_task(...)`, `asyncio.ensure_future(...)`, `loop.create_task(...)` and `asyncio.gather(...)`
whose result is thrown away. Tasks of an `asyncio.TaskGroup` are left alone: the group waits for them.

## Why is this bad?
`run` returns while the task still works: what it adds comes after the sample was taken, its errors are seen by nobody,
and Python may collect a task that nothing refers to before it ends.

## How to fix it
Keep the task and await it before `run` or `grade` returns, or start it in a group:

```python
async with asyncio.TaskGroup() as group:
    group.create_task(note(answer))
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.loop_calls import loop_calls
from osmo_checks.rules.places import in_code

_LOOPS = ("asyncio", "asyncio.get_event_loop", "asyncio.get_running_loop")
_STARTERS = frozenset(
    ("asyncio.ensure_future", "asyncio.gather", *(f"{loop}.create_task" for loop in _LOOPS)),
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in loop_calls(rollout):
        if call.name in _STARTERS and isinstance(call.site.parent, cst.Expr):
            message = f"Nobody waits for what `{call.written}` starts here: keep it and `await` it."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message)


RULE = Rule(
    code="OSA107",
    name="task-dropped",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="""\
import asyncio

from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent
""",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
«asyncio.create_task»(agent.invoke_async(ctx.prompt[-1]["content"]))
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                grade="""
async def one(sample_id):
    ctx.set_sample_reward(sample_id, 1.0)

«asyncio.gather»(*(one(sample_id) for sample_id in ctx.samples))
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                above="""
async def note(text):
    print(text)


async def finish(text):
    loop = asyncio.get_running_loop()
    «loop.create_task»(note(text))
""",
                run="await finish(ctx.prompt)",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio",
                above="""
PENDING = set()


async def note(text):
    print(text)
""",
                run="""
async with asyncio.TaskGroup() as group:
    group.create_task(note(ctx.prompt))
task = asyncio.create_task(note("kept"))
PENDING.add(task)
task.add_done_callback(PENDING.discard)
await asyncio.gather(task, note("another"))
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio",
                above="""
async def watch():
    await asyncio.sleep(3600)
""",
            )
            + '\n\nif __name__ == "__main__":\n    asyncio.run(watch())\n'
        ),
    ),
)
