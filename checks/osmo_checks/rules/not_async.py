"""`run` or `grade` is not `async def`.

## What it does
Looks at the method of the workflow and of the grader that the platform awaits.

## Why is this bad?
The SDK awaits what the method returns. A plain function runs to its end, blocking every other rollout in the process,
and then fails with `TypeError: object NoneType can't be used in 'await' expression`.

## How to fix it
Write `async def`. `--fix` does so where the body holds no `yield`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import UNKNOWN, External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.coroutines import gives_plain_value
from osmo_checks.rules.names import value_of
from osmo_checks.rules.places import in_code, name_of


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        node = method.function
        if node and not node.asynchronous and not node.decorators and not _returns_awaitable(rollout, method):
            message = f"`{player.scope.name}.{method.name}` is awaited by the SDK: write `async def {method.name}`."
            repair = Repair("Write `async def`.", (Rewrite(in_code(rollout, method, node), "async ", "before"),))
            yield Problem(name_of(rollout, method), message, None if _yields(method) else repair)


def _yields(method: Scope) -> bool:
    return bool(method.each(cst.Yield))


def _returns_awaitable(rollout: Rollout, method: Scope) -> bool:
    """Tell whether a plain function hands on something that may well be awaitable: a call that is not known."""
    returned = [site.node.value for site in method.each(cst.Return) if site.node.value]
    return any(_may_be_awaitable(rollout, value, method) for value in returned)


def _may_be_awaitable(rollout: Rollout, value: cst.BaseExpression, method: Scope) -> bool:
    made, scope = value_of(value, method)
    if any(call.site.node is made and gives_plain_value(rollout, call) for call in rollout.calls_in(scope)):
        return False
    known = rollout.resolver.expression(value, method)
    plain = [Instance(External(name)) for name in rollout.contract.data["calls"]["plain"]]
    return known == UNKNOWN or (isinstance(known, Instance) and known not in plain)


_CLASS = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent


class MyWorkflow(AgentWorkflow):
{}

class MyGrader(Grader):
{}
"""
_GOOD_RUN = "    async def run(self, ctx: AgentWorkflowContext) -> None:\n        print(ctx.prompt)\n"
_BAD_RUN = _GOOD_RUN.replace("async def run", "def «run»")
_GOOD_GRADE = """\
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)"""
_BAD_GRADE = _GOOD_GRADE.replace("async def grade", "def «grade»")
_HANDED_ON = """\
    def run(self, ctx: AgentWorkflowContext):
        return self._answer(ctx.prompt)

    async def _answer(self, prompt):
        print(prompt)
"""
_ASKED = """\
    def {}(self, ctx: AgentWorkflowContext):
        agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
        {}
"""

RULE = Rule(
    code="OSC106",
    name="not-async",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_CLASS.format(_BAD_RUN, _GOOD_GRADE)),
        Example(_CLASS.format(_GOOD_RUN, _BAD_GRADE)),
        Example(_CLASS.format(_ASKED.format("«run»", 'return agent("hello")'), _GOOD_GRADE)),
        Example(_CLASS.format(_ASKED.format("«run»", 'said = agent("hello")\n        return said'), _GOOD_GRADE)),
    ),
    good=(
        Example(_CLASS.format(_GOOD_RUN, _GOOD_GRADE)),
        Example(_CLASS.format(_HANDED_ON, _GOOD_GRADE)),
        Example(_CLASS.format(_ASKED.format("run", 'return agent.invoke_async("hello")'), _GOOD_GRADE)),
    ),
)
