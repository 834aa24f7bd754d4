"""A loop around the model that only the model can end.

## What it does
Looks in the code that `run` reaches for `while True:`, or `while` with nothing but a name or its negation, that awaits
a call and counts nothing: no comparison of a number, no length, no deadline inside or around it.

## Why is this bad?
A policy in training does not always do what ends the loop: call the right tool, or say `DONE`. Early in training it
hardly ever does. The rollout then asks again until its deadline, and earns nothing for all the tokens.

## How to fix it
Give it a number of turns:

```python
for turn in range(MAX_TURNS):
    result = await agent.invoke_async(observation)
    if is_done(result):
        break
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import literal
from osmo_checks.python.scope import Site
from osmo_checks.python.values import Constant, External, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.around import sites_in
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.coroutines import agent_names
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_ORDERINGS = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
_MODELS = ("agents.Runner.run", "litellm.acompletion", "litellm.completion")
_CREATORS = ("chat.completions.create", "responses.create", "messages.create")
_DEADLINES = ("asyncio.timeout", "asyncio.timeout_at", "asyncio.wait_for")


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.workflow_scopes:
        for site in scope.each(cst.While):
            if _is_open(site.node.test) and _asks_model(rollout, site) and not _is_bounded(rollout, site):
                message = "Only the model can end this loop: count turns, as in `for turn in range(MAX_TURNS)`."
                yield Problem(in_code(rollout, scope, site.node.test), message)


def _is_open(test: cst.BaseExpression) -> bool:
    """Tell whether a loop's condition says nothing about how often it runs."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return isinstance(test.expression, cst.Name)
    value = literal(test)
    return isinstance(test, cst.Name) if not isinstance(value, Constant) else bool(value.value)


def _asks_model(rollout: Rollout, loop: Site[cst.While]) -> bool:
    return any(_is_model(rollout, site) for site in sites_in(loop.node.body, loop.scope, cst.Call))


def _is_model(rollout: Rollout, site: Site[cst.Call]) -> bool:
    called = rollout.resolver.expression(site.node.func, site.scope)
    if not isinstance(called, External):
        return False
    agents = {f"{agent}.invoke_async" for agent in agent_names(rollout)}
    return called.name in (*_MODELS, *agents) or called.name.endswith(_CREATORS)


def _is_bounded(rollout: Rollout, loop: Site[cst.While]) -> bool:
    """Tell whether the loop counts or compares, calls a helper that may do so, or has a deadline beside it."""
    body, scope = loop.node.body, loop.scope
    compared = [target for site in sites_in(body, scope, cst.Comparison) for target in site.node.comparisons]
    added = [site.node.value for site in sites_in(body, scope, cst.AugAssign)]
    if any(isinstance(one.operator, _ORDERINGS) for one in compared) or any(isinstance(n, cst.Integer) for n in added):
        return True
    helpers = [rollout.resolver.expression(site.node.func, scope) for site in sites_in(body, scope, cst.Call)]
    deadlines = any(call.name in _DEADLINES for call in rollout.calls_in(scope))
    return deadlines or any(isinstance(helper, UserFunction) for helper in helpers)


_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OSA110",
    name="endless-agent-loop",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
while «True»:
    result = await agent.invoke_async(ctx.prompt[-1]["content"])
    if "DONE" in str(result):
        break
""",
            )
        ),
        Example(
            main_py(
                imports="from openai import AsyncOpenAI\nfrom osmosis_ai.rollout import get_rollout_context",
                run="""
rollout = get_rollout_context()
client = AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)
messages, done = list(ctx.prompt), False
while «not done»:
    reply = await client.chat.completions.create(model="policy", messages=messages)
    messages.append(reply.choices[0].message.model_dump())
    done = not reply.choices[0].message.tool_calls
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=f"import asyncio\n\n{_AGENT}",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
turns = 0
while True:
    result = await agent.invoke_async(ctx.prompt[-1]["content"])
    turns += 1
    if "DONE" in str(result) or turns >= 8:
        break
for _ in range(3):
    await agent.invoke_async("Are you sure?")
""",
            )
        ),
        Example(
            main_py(
                imports=_AGENT,
                above="""
class Game:
    def __init__(self, moves):
        self.moves = moves

    def step(self, move):
        self.moves -= 1
        return f"You said {move}.", self.moves == 0
""",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
game = Game(moves=9)
seen, over = game.step("")
while not over:
    seen, over = game.step(await agent.invoke_async(seen))
queue = list(ctx.prompt)
while queue:
    print(queue.pop())
""",
            )
        ),
    ),
)
