"""`run` or `grade` cannot be called with one context.

## What it does
Checks that the method the platform calls takes `self` and exactly one more argument without a default.

## Why is this bad?
The SDK calls `run(ctx)` and `grade(ctx)`. Any other signature is a `TypeError` in every single rollout.

## How to fix it
Write `async def run(self, ctx)`. What else the method needs comes from `ctx.metadata`, `self.config` or a module.
"""

from collections.abc import Iterator, Sequence

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.places import name_of


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        mistake = _mistake(rollout, method)
        if mistake:
            wanted = f"{method.name}({', '.join(player.role.parameters)})"
            message = f"`{player.scope.name}.{method.name}` {mistake}, but the SDK calls it as `{wanted}`."
            yield Problem(name_of(rollout, method), message)


def _mistake(rollout: Rollout, method: Scope) -> str | None:
    if not method.function or not method.is_method:
        return None
    marks = {mark.name if isinstance(mark, External) else "" for mark in rollout.resolver.decorators(method)}
    if marks & {"builtins.staticmethod", "builtins.classmethod", "builtins.property"}:
        return f"is a {next(iter(marks)).rpartition('.')[2]}"
    return None if marks else _arity_mistake(method.function.params)


def _arity_mistake(parameters: cst.Parameters) -> str | None:
    positional = [*parameters.posonly_params, *parameters.params]
    needed = [parameter.name.value for parameter in positional if parameter.default is None]
    needed_by_name = [parameter.name.value for parameter in parameters.kwonly_params if parameter.default is None]
    if len(positional) < 2 and not isinstance(parameters.star_arg, cst.Param):
        return "takes no context" if positional else "takes no arguments"
    if len(needed) > 2:
        return f"also needs {_listed(needed[2:])}"
    return f"needs {_listed(needed_by_name)} by name" if needed_by_name else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_CLASS = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext


class MyWorkflow(AgentWorkflow):
    {}
        print("answered")


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)
"""

RULE = Rule(
    code="OSC107",
    name="wrong-signature",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_CLASS.format("async def «run»(self, ctx: AgentWorkflowContext, tools) -> None:")),
        Example(_CLASS.format("async def «run»(self) -> None:")),
        Example(_CLASS.format("async def «run»(self, ctx: AgentWorkflowContext, *, tools) -> None:")),
        Example(_CLASS.format("@staticmethod\n    async def «run»(ctx: AgentWorkflowContext) -> None:")),
    ),
    good=(
        Example(_CLASS.format("async def run(self, ctx: AgentWorkflowContext, tools=()) -> None:")),
        Example(_CLASS.format("async def run(self, *args, **kwargs) -> None:")),
    ),
)
