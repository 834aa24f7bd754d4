"""A tool says nothing of what it does.

## What it does
Looks at functions decorated with Strands' `@tool` or OpenAI Agents' `@function_tool` for a docstring, or a description
given to the decorator.

## Why is this bad?
The docstring is all that the model is told about the tool beside its name. Without it a policy has to find out by
trial, and calls it for the wrong things with the wrong arguments.

## How to fix it
Say in a sentence what the tool does, and what each argument means:

```python
@tool
def search(query: str) -> str:
    \"\"\"Search the product catalogue.

    Args:
        query: Words that the product's name or description holds.
    \"\"\"
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python.walk import docstring_of
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import name_of
from osmo_checks.rules.toolkit import mark_of

_DESCRIBING = ("description", "description_override")


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        mark = mark_of(rollout, tool)
        described = mark and any(argument in mark.arguments for argument in _DESCRIBING)
        if tool.function and not described and not docstring_of(tool.function):
            message = f"The model is told nothing of what the tool `{tool.name}` does: write a docstring."
            yield Problem(name_of(rollout, tool), message)


RULE = Rule(
    code="OST101",
    name="tool-without-description",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import tool",
                above="""
@tool
def «lookup»(key: str) -> str:
    return {"a": "1"}.get(key, "unknown")
""",
            )
        ),
        Example(
            main_py(
                imports="from agents import function_tool as model_tool",
                above='''
@model_tool(name_override="search_flights")
async def «search»(origin: str, destination: str) -> list[str]:
    """ """
    return [f"{origin}-{destination}"]
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="from agents import function_tool\nfrom strands import tool",
                above='''
class Shop:
    @tool(name="price", description="Tell what a product costs.")
    def price(self, product: str) -> float:
        return 9.99


@function_tool(description_override="Search flights.")
def search(origin: str) -> str:
    return origin


@tool
def lookup(key: str) -> str:
    r"""Look a key up."""
    return key
''',
            )
        ),
        Example(
            main_py(
                imports="from our_framework import tool",
                above="""
@tool
def lookup(key: str) -> str:
    return key


def helper(key: str) -> str:
    return key
""",
            )
        ),
    ),
)
