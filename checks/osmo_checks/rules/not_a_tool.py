"""An agent is given a plain function as a tool, or a tool's result.

## What it does
Looks at the `tools=[...]` of Strands and OpenAI Agents' agents for functions without any decorator, for lambdas, and
for decorated tools that are called there.

## Why is this bad?
A tool that is called runs once, before the agent is there, and the agent gets what it returned. As to plain functions,
Strands logs `unrecognized tool specification` and goes on without the tool: the model never has it, and every rollout
is trained without. OpenAI Agents fails with an `AttributeError` in every rollout.

## How to fix it
Decorate the function: `@tool` from `strands`, or `@function_tool` from `agents`. Leave out the parentheses after a
tool: `tools=[search]`.
"""

from collections.abc import Iterator, Sequence

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import UserFunction
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.coroutines import agent_names
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_OPENAI_AGENTS = ("agents.Agent", "agents.agent.Agent")


def check(rollout: Rollout) -> Iterator[Problem]:
    decorators = dict.fromkeys(agent_names(rollout), "@tool")
    decorators |= dict.fromkeys((*_OPENAI_AGENTS, rollout.sdk("OsmosisAgent")), "@function_tool")
    for call in rollout.calls:
        given = call.argument("tools") if call.name in decorators else None
        for element in _elements(given, call.site.scope):
            if _is_plain(rollout, element, call.site.scope):
                named = f"`{last_name(element)}`" if last_name(element) else "A lambda"
                message = f"{named} is no tool, so the model never has it: decorate it with `{decorators[call.name]}`."
                yield Problem(in_code(rollout, call.site.scope, element), message)
            elif _is_called_tool(rollout, element, call.site.scope):
                yield _called(rollout, element, call.site.scope)


def _called(rollout: Rollout, element: cst.BaseExpression, scope: Scope) -> Problem:
    tool = dotted_name(element.func) if isinstance(element, cst.Call) else ""
    message = f"This calls `{tool}`, and gives the agent what it returns: leave out the parentheses."
    place = in_code(rollout, scope, element)
    return Problem(place, message, Repair("Give the tool itself.", (Rewrite(place, tool),), "unsafe"))


def _is_called_tool(rollout: Rollout, element: cst.BaseExpression, scope: Scope) -> bool:
    if not isinstance(element, cst.Call) or not dotted_name(element.func):
        return False
    called = rollout.resolver.expression(element.func, scope)
    return isinstance(called, UserFunction) and called.scope in rollout.tools


def _elements(given: cst.BaseExpression | None, scope: Scope) -> Sequence[cst.BaseExpression]:
    """Return what is in a list that is written out in place, or given a name once in the same function."""
    if isinstance(given, cst.Name):
        bindings = scope.bindings.get(given.value, [])
        only = bindings[0] if len(bindings) == 1 else None
        given = only.value if isinstance(only, ValueBinding) else None
    return [element.value for element in given.elements] if isinstance(given, cst.List) else []


def _is_plain(rollout: Rollout, element: cst.BaseExpression, scope: Scope) -> bool:
    if isinstance(element, cst.Lambda):
        return True
    value = rollout.resolver.expression(element, scope)
    function = value.scope.function if isinstance(value, UserFunction) else None
    return function is not None and not function.decorators and not isinstance(element, cst.Call)


_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OST103",
    name="not-a-tool",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            {
                "rollouts/demo/main.py": main_py(
                    imports=f"{_AGENT}\nfrom tools import add, multiply",
                    run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel(), tools=[add, «multiply»])
await agent.invoke_async(ctx.prompt[-1]["content"])
""",
                ),
                "rollouts/demo/tools.py": '''\
from strands import tool


@tool
def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a * b
''',
            }
        ),
        Example(
            main_py(
                imports=f"{_AGENT}\nfrom strands import tool",
                above="""
@tool
def today() -> str:
    \"\"\"Return the day of the week.\"\"\"
    return "Friday"
""",
                run="agent = OsmosisStrandsAgent(model=OsmosisRolloutModel(), tools=[«today()»])\nprint(agent)",
            )
        ),
        Example(
            main_py(
                imports="""\
from agents import Runner
from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisAgent, OsmosisRolloutModel
""",
                run="""
def today() -> str:
    return "Friday"

tools = [«today», «lambda city: f"It rains in {city}."»]
agent = OsmosisAgent(name="guide", model=OsmosisRolloutModel(), tools=tools)
await Runner.run(agent, ctx.prompt[-1]["content"])
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=f"{_AGENT}\nfrom strands import tool",
                above='''
def as_tool(function):
    return tool(function)


@as_tool
def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a * b


def make_tools():
    return [tool(multiply)]
''',
                run="""
tools = [add, tool(multiply), *make_tools(), "our_tools.search"]
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel(), tools=tools)
await agent.invoke_async(ctx.prompt[-1]["content"])
""",
            )
        ),
        Example(
            main_py(
                imports=_AGENT,
                above="""
class Shop:
    def tools(self):
        return []


def registry(*tools):
    return {tool.__name__: tool for tool in tools}
""",
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel(), tools=Shop().tools())
print(registry(print), dict(tools=[registry]))
await agent.invoke_async(ctx.prompt[-1]["content"])
""",
            )
        ),
    ),
)
