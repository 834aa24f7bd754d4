"""An OpenAI Agents tool takes a `dict`, which its strict schema cannot say.

## What it does
Looks at functions decorated with `@function_tool`, without `strict_mode=False`, for parameters annotated `dict`,
`Mapping`, or lists and options of them.

## Why is this bad?
`function_tool` makes a strict schema, in which every object has known fields. It raises `UserError:
additionalProperties should not be set for object types` where the function stands, so the rollout does not load.

## How to fix it
Give the object known fields, with a `TypedDict` or a pydantic model, or write `@function_tool(strict_mode=False)`.
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
from osmo_checks.rules.toolkit import OPENAI_DECORATOR, asked_of_model, mark_of

_OPEN = ("builtins.dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping", "typing.MutableMapping")
_AROUND = ("builtins.list", "typing.List", "typing.Optional", "typing.Union", "collections.abc.Sequence")


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        mark = mark_of(rollout, tool)
        if not mark or mark.name != OPENAI_DECORATOR or "strict_mode" in mark.arguments:
            continue
        for parameter in asked_of_model(tool):
            annotation = parameter.annotation.annotation if parameter.annotation else None
            if annotation and _is_open(rollout, tool.outer or tool, annotation):
                name = parameter.name.value
                message = f"A strict schema cannot say what is in `{name}`: use a `TypedDict`, or `strict_mode=False`."
                yield Problem(in_code(rollout, tool, annotation), message)


def _is_open(rollout: Rollout, scope: Scope, annotation: cst.BaseExpression) -> bool:
    """Tell whether an annotation allows objects with any fields."""
    if isinstance(annotation, cst.BinaryOperation):
        return _is_open(rollout, scope, annotation.left) or _is_open(rollout, scope, annotation.right)
    value = rollout.resolver.expression(annotation, scope)
    if not isinstance(value, External):
        return False
    if isinstance(annotation, cst.Subscript) and value.name in _AROUND:
        inner = [element.slice for element in annotation.slice]
        return any(isinstance(one, cst.Index) and _is_open(rollout, scope, one.value) for one in inner)
    return value.name in _OPEN


RULE = Rule(
    code="OST104",
    name="tool-schema-not-strict",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from agents import function_tool",
                above='''
@function_tool
def search(query: str, filters: «dict») -> str:
    """Search the catalogue."""
    return f"{query} {filters}"
''',
            )
        ),
        Example(
            main_py(
                imports="from typing import Any\n\nfrom agents import function_tool",
                above='''
@function_tool(name_override="insert_rows")
def insert(rows: «list[dict[str, Any]] | None» = None) -> int:
    """Insert rows."""
    return len(rows or ())
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="""\
from typing import Any, TypedDict

from agents import RunContextWrapper, function_tool
from strands import tool
""",
                above='''
class Filters(TypedDict):
    colour: str


@function_tool
def search(context: RunContextWrapper[dict[str, Any]], filters: Filters | None = None) -> dict:
    """Search the catalogue."""
    return {"context": context, "filters": filters}


@function_tool(strict_mode=False)
def insert(row: dict) -> int:
    """Insert a row."""
    return len(row)


@tool
def update(row: dict) -> int:
    """Update a row."""
    return len(row)
''',
            )
        ),
        Example(
            main_py(
                imports="from agents import function_tool",
                above='''
@function_tool
def search(words: list[str], limits: tuple[int, int]) -> str:
    """Search the catalogue."""
    return f"{words} {limits}"
''',
            )
        ),
    ),
)
