"""`run` or `grade` holds a `yield`.

## What it does
Looks for `yield` in the `async def` that the platform awaits.

## Why is this bad?
A `yield` makes it an asynchronous generator, which cannot be awaited: `TypeError` in every rollout, before a line of it
runs.

## How to fix it
Collect what is streamed, or only go through it: the agent keeps the conversation by itself.

```python
async for _event in agent.stream_async(question):
    pass
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        yields = method.each(cst.Yield)
        if yields and method.is_async and method.function and not method.function.decorators:
            message = (
                f"With a `yield`, `{player.scope.name}.{method.name}` is a generator and cannot be awaited: drop it."
            )
            yield Problem(in_code(rollout, method, yields[0].node), message)


_STREAM = "async for event in self.stream(ctx):\n    {}"

RULE = Rule(
    code="OSC118",
    name="run-yields",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(run=_STREAM.format("«yield event»"), returns="object")),
        Example(main_py(grade="for name in ctx.samples:\n    ctx.set_sample_reward(name, 1.0)\n    «yield name»")),
    ),
    good=(
        Example(main_py(run=_STREAM.format("print(event)"))),
        Example(main_py(run="def turns():\n    yield from range(8)\n\nfor turn in turns():\n    print(turn)")),
    ),
)
