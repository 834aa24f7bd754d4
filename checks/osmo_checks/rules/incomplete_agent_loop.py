"""An agent loop of a remote rollout lacks what the server needs.

## What it does
Looks at classes that derive from `RolloutAgentLoop` (osmosis-ai before 0.2.18): whether they have a `name`, and whether
`get_tools` and `run` return something on every path.

## Why is this bad?
A class without a `name` is a `TypeError` as soon as it is read. A `run` that ends without `return ctx.complete(...)`
gives `None` for a result, and the trainer never gets the conversation; a `get_tools` without a `return` offers nothing.

## How to fix it
```python
class Calculator(RolloutAgentLoop):
    name = "calculator"

    def get_tools(self, request):
        return TOOLS

    async def run(self, ctx):
        ...
        return ctx.complete(messages)
```
"""

from collections.abc import Iterator, Mapping
from typing import Any

from osmo_checks.casting import Player
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import UNKNOWN, External, Instance, UserClass, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.places import name_of
from osmo_checks.rules.shapes import ends_without_value


def check(rollout: Rollout) -> Iterator[Problem]:
    wanted = rollout.contract.data.get("agent_loop")
    for player in rollout.workflows.players if wanted else ():
        yield from _look(rollout, player, wanted or {})


def _look(rollout: Rollout, player: Player, wanted: Mapping[str, Any]) -> Iterator[Problem]:
    for name in wanted["attributes"]:
        if _is_inherited(rollout, player, name):
            message = f'`{player.scope.name}` has no `{name}`, which it is known by: add `{name} = "..."`.'
            yield Problem(name_of(rollout, player.scope), message)
    for name in wanted["returning"]:
        method = rollout.resolver.attribute(Instance(UserClass(player.scope)), name)
        if isinstance(method, UserFunction) and _forgets(rollout, method.scope):
            message = (
                f"A path through `{player.scope.name}.{name}` returns nothing, but its result is needed: return it."
            )
            yield Problem(name_of(rollout, method.scope), message)


def _is_inherited(rollout: Rollout, player: Player, name: str) -> bool:
    """Tell whether only the SDK's base class can have ``name``."""
    bases = rollout.resolver.mro(player.scope)
    own = [base for base in bases if isinstance(base, Scope)]
    others = [base for base in bases if not isinstance(base, Scope)]
    defined = any(name in base.bindings or name in base.attributes for base in own)
    return not defined and UNKNOWN not in others and others == [External(player.role.base)]


def _forgets(rollout: Rollout, method: Scope) -> bool:
    decorated = method.function is None or bool(method.function.decorators)
    return not decorated and not method.each(cst.Yield) and ends_without_value(rollout, method)


_LOOP = """\
from osmosis_ai.rollout import RolloutAgentLoop, RolloutContext, RolloutRequest, RolloutResult, create_app


class {}(RolloutAgentLoop):
    {}

    def {}(self, request: RolloutRequest):
        {}

    async def {}(self, ctx: RolloutContext) -> RolloutResult:
        messages = list(ctx.request.messages)
        while True:
            result = await ctx.chat(messages)
            messages.append(result.message)
            if not result.has_tool_calls:
                {}


app = create_app(Calculator())
"""
_NAME, _DONE = 'name = "calculator"', "return ctx.complete(messages)"

RULE = Rule(
    code="OSC121",
    name="incomplete-agent-loop",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_LOOP.format("«Calculator»", "turns = 8", "get_tools", "return []", "run", _DONE), contract="remote"),
        Example(
            _LOOP.format("Calculator", _NAME, "«get_tools»", "tools = [request]", "«run»", "break"), contract="remote"
        ),
    ),
    good=(
        Example(_LOOP.format("Calculator", _NAME, "get_tools", "return []", "run", _DONE), contract="remote"),
        Example(
            _LOOP.format(
                "Calculator",
                "@property\n    def name(self):\n        return 'c'",
                "get_tools",
                "return []",
                "run",
                _DONE,
            ),
            contract="remote",
        ),
    ),
)
