"""The workflow has no `run`, or the grader no `grade`.

## What it does
Looks for the method the platform calls in the class and its bases, and for one that may have been meant: `Run`,
`__call__`, `execute`, `score`, `evaluate`.

## Why is this bad?
Python refuses to make an instance of a class that lacks an abstract method: every rollout ends with `TypeError: Can't
instantiate abstract class`.

## How to fix it
Name the method as the base class does: `async def run(self, ctx)` in a workflow, `async def grade(self, ctx)` in a
grader. `--unsafe-fixes` renames the one that seems to be meant.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from osmo_checks.casting import Player
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import FunctionBinding, Scope
from osmo_checks.python.values import External, Instance, UserClass
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.places import in_code, name_of

_OTHER_NAMES = {
    "run": ("__call__", "execute", "forward", "invoke", "rollout", "run_async", "arun", "main"),
    "grade": ("__call__", "score", "evaluate", "reward", "compute_reward", "grade_async", "run"),
}


def check(rollout: Rollout) -> Iterator[Problem]:
    for player in rollout.players:
        if not _is_missing(rollout, player):
            continue
        name, wanted = player.scope.name, player.role.method
        meant = _meant(player.scope, wanted)
        if meant and isinstance(meant.node, cst.FunctionDef):
            message = f"`{name}` has no `{wanted}`, which the SDK calls: rename `{meant.name}`."
            fix = Repair(f"Name it `{wanted}`.", (Rewrite(in_code(rollout, meant, meant.node.name), wanted),), "unsafe")
            yield Problem(name_of(rollout, meant), message, fix)
        else:
            message = f"`{name}` has no `{wanted}`, which the SDK calls: add `async def {wanted}(self, ctx)`."
            yield Problem(name_of(rollout, player.scope), message)


def _is_missing(rollout: Rollout, player: Player) -> bool:
    """Tell whether the SDK's own abstract method is what would be called."""
    found = rollout.resolver.attribute(Instance(UserClass(player.scope)), player.role.method)
    inherited = External(rollout.contract.canonical(f"{player.role.base}.{player.role.method}"))
    others = [base for base in rollout.resolver.mro(player.scope) if not isinstance(base, Scope)]
    return found == inherited and others == [External(player.role.base)] and not _is_base(rollout, player.scope)


def _is_base(rollout: Rollout, scope: Scope) -> bool:
    """Tell whether another player derives from ``scope``, or a method of it is marked as abstract."""
    if any(scope in rollout.resolver.mro(other.scope)[1:] for other in rollout.players):
        return True
    marks = [mark for method in scope.inner for mark in rollout.resolver.decorators(method)]
    return External("abc.abstractmethod") in marks


def _meant(scope: Scope, wanted: str) -> Scope | None:
    methods = {
        name: binding.scope
        for name, bindings in scope.bindings.items()
        for binding in bindings
        if isinstance(binding, FunctionBinding)
    }
    lowered = {name.lower().strip("_"): name for name in methods}
    near = get_close_matches(wanted, lowered, n=1, cutoff=0.75)
    known = [name for name in _OTHER_NAMES.get(wanted, ()) if name in methods]
    name = lowered[near[0]] if near else next(iter(known), None)
    return methods[name] if name else None


_CLASSES = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
{}

class {}:
    async def {}(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)


class {}(Grader):
    async def {}(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)
"""
_MIXIN = """

class Answering:
    async def run(self, ctx) -> None:
        print(ctx.prompt)
"""

RULE = Rule(
    code="OSC109",
    name="method-missing",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_CLASSES.format("", "MyWorkflow(AgentWorkflow)", "«Run»", "MyGrader", "«evaluate»")),
        Example(_CLASSES.format("", "«MyWorkflow»(AgentWorkflow)", "answer_question", "MyGrader", "grade")),
    ),
    good=(
        Example(_CLASSES.format(_MIXIN, "MyWorkflow(Answering, AgentWorkflow)", "execute", "MyGrader", "grade")),
        Example(
            _CLASSES.format(
                "from our_company import Flow\n", "MyWorkflow(Flow, AgentWorkflow)", "execute", "MyGrader", "grade"
            )
        ),
        Example(_CLASSES.format("", "MyWorkflow(AgentWorkflow)", "run", "MyGrader", "grade")),
    ),
)
