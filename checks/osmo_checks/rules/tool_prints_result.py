"""A tool prints its result instead of returning it.

## What it does
Looks for tools that print, and never return a value.

## Why is this bad?
The model is told `None`. What is printed goes to the server's log, where no policy reads it.

## How to fix it
`return` the text.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_TO_SOMEWHERE_ELSE = "file"


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        if _gives_something(tool):
            continue
        prints = [call for call in rollout.calls_in(tool) if call.name == "builtins.print"]
        if prints and not any(call.argument(_TO_SOMEWHERE_ELSE) for call in prints):
            message = f"The tool `{tool.name}` prints but returns nothing, so the model is told `None`: `return` it."
            yield Problem(in_code(rollout, tool, prints[-1].site.node), message)


def _gives_something(tool: Scope) -> bool:
    return bool(tool.each(cst.Yield)) or any(site.node.value for site in tool.each(cst.Return))


RULE = Rule(
    code="OST109",
    name="tool-prints-result",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import tool",
                above='''
@tool
def multiply(a: float, b: float):
    """Multiply two numbers."""
    product = a * b
    «print(product)»
''',
            )
        ),
        Example(
            main_py(
                imports="from agents import function_tool",
                above='''
@function_tool
async def look(direction: str) -> None:
    """Look in a direction."""
    if direction == "up":
        print("The sky.")
        return
    «print(f"A wall to the {direction}.")»
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import sys\n\nfrom strands import tool",
                above='''
@tool
def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    print("multiplying", a, b)
    return a * b


@tool
def ring(times: int) -> None:
    """Ring the bell."""
    print("ding" * times, file=sys.stderr)


@tool
async def count(to: int):
    """Count."""
    for number in range(to):
        print(number)
        yield number
''',
            )
        ),
        Example(
            main_py(
                imports="from strands import tool",
                above='''
BELLS = []


@tool
def ring(times: int) -> None:
    """Ring the bell."""
    BELLS.extend(["ding"] * times)


def show(text: str) -> None:
    print(text)
''',
            )
        ),
    ),
)
