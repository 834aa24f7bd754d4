"""A tool's parameter has no type.

## What it does
Looks at the parameters of tools, those aside that the framework fills in, for a missing annotation or `Any`.

## Why is this bad?
The model's schema of the tool is made from the annotations. Where they are missing it may send a text, a number or an
object, and what the tool gets changes from call to call.

## How to fix it
Annotate each parameter: `query: str`, `limit: int = 10`, `order: Literal["price", "name"]`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.toolkit import asked_of_model, mark_of

_SAY_NOTHING = (External("typing.Any"), External("builtins.object"))
_SCHEMA_GIVEN = "inputSchema"


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        mark = mark_of(rollout, tool)
        if mark and _SCHEMA_GIVEN in mark.arguments:
            continue
        for parameter in asked_of_model(tool):
            if _says_nothing(rollout, tool, parameter):
                name = parameter.name.value
                message = f"The model is not told what `{name}` of the tool `{tool.name}` is: annotate it."
                yield Problem(in_code(rollout, tool, parameter.name), message)


def _says_nothing(rollout: Rollout, tool: Scope, parameter: cst.Param) -> bool:
    if parameter.annotation is None:
        return True
    return rollout.resolver.expression(parameter.annotation.annotation, tool.outer or tool) in _SAY_NOTHING


RULE = Rule(
    code="OST102",
    name="tool-parameter-without-type",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import tool",
                above='''
@tool
def multiply(«a», «b») -> float:
    """Multiply two numbers."""
    return float(a) * float(b)
''',
            )
        ),
        Example(
            main_py(
                imports="from typing import Any\n\nfrom agents import function_tool",
                above='''
@function_tool(strict_mode=False)
def insert(table: str, «row»: Any, *, «replace»=False) -> str:
    """Insert a row."""
    return f"{table}: {row} {replace}"
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="from agents import RunContextWrapper, function_tool\nfrom strands import ToolContext, tool",
                above='''
class Shop:
    @tool(context=True)
    def order(self, product: str, agent, tool_context: ToolContext) -> str:
        """Order a product."""
        return f"{agent} {tool_context} {product}"


@function_tool
def search(context: RunContextWrapper[dict], query: "str", limit: int = 10) -> str:
    """Search the catalogue."""
    return f"{context} {query} {limit}"
''',
            )
        ),
        Example(
            main_py(
                imports="from strands import tool",
                above='''
@tool(inputSchema={"json": {"type": "object", "properties": {"query": {"type": "string"}}}})
def search(query) -> str:
    """Search the catalogue."""
    return query
''',
            )
        ),
    ),
)
