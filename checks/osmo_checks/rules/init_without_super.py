"""`self.config` is used, but `__init__` never set it.

## What it does
Looks at the `__init__` of the workflow and of the grader: whether it calls `super().__init__` or sets `self.config`,
where `run` or `grade` come to use `self.config`.

## Why is this bad?
The base class is what keeps the config. Without its `__init__`, `self.config` is an `AttributeError` in every rollout.

## How to fix it
Begin with `super().__init__(config)`. `--unsafe-fixes` adds it where the parameter is called `config`.
"""

from collections.abc import Iterator

from osmo_checks.casting import Player
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance, UserClass, UserFunction
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, InCode, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.places import name_of


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        constructor = rollout.resolver.attribute(UserClass(player.scope), "__init__")
        if not isinstance(constructor, UserFunction) or _keeps_config(rollout, player, constructor.scope):
            continue
        if any(_uses_config(rollout, player, scope) for scope in rollout.reached_from(method)):
            message = (
                f"`{player.scope.name}.{method.name}` uses `self.config`, which this `__init__` never sets: "
                "call `super().__init__(config)` in it."
            )
            yield Problem(name_of(rollout, constructor.scope), message, _repair(rollout, constructor.scope))


def _keeps_config(rollout: Rollout, player: Player, constructor: Scope) -> bool:
    for base in rollout.resolver.mro(player.scope):
        if not isinstance(base, Scope):
            if base != External(player.role.base):
                return True
        elif "config" in base.bindings or "config" in base.attributes:
            return True
    calls = (call for scope in rollout.reached_from(constructor) for call in rollout.calls_in(scope))
    return any(last_name(call.site.node.func) in ("__init__", "setattr", "update") for call in calls)


def _uses_config(rollout: Rollout, player: Player, scope: Scope) -> bool:
    own = [Instance(UserClass(base)) for base in rollout.resolver.mro(player.scope) if isinstance(base, Scope)]
    return any(
        site.node.attr.value == "config" and rollout.resolver.expression(site.node.value, scope) in own
        for site in scope.each(cst.Attribute)
    )


def _repair(rollout: Rollout, constructor: Scope) -> Repair | None:
    """Put the call before the first line, where that is a plain one."""
    if not constructor.function or "config" not in constructor.bindings:
        return None
    body = constructor.function.body
    line = body.body[0] if isinstance(body, cst.IndentedBlock) else None
    first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if first is None or (isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)):
        return None
    place = InCode(rollout.project.module_of(constructor), first)
    return Repair("Call the base class.", (Rewrite(place, "super().__init__(config); ", "before"),), "unsafe")


_MAIN = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext


class Answering:
    {}


class MyWorkflow(Answering, AgentWorkflow):
    def {}(self, config=None):
        {}

    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(self.instructions())

    def instructions(self):
        return {}


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)
"""
_USED = "self.config.instructions"

RULE = Rule(
    code="OSC112",
    name="init-without-super",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_MAIN.format("turns = 8", "«__init__»", "self.retries = 3", _USED)),
        Example(_MAIN.format("turns = 8", "«__init__»", "self.settings = config", f"{_USED} if self.settings else ''")),
    ),
    good=(
        Example(_MAIN.format("turns = 8", "__init__", "super().__init__(config)", _USED)),
        Example(_MAIN.format("turns = 8", "__init__", "AgentWorkflow.__init__(self, config)", _USED)),
        Example(_MAIN.format("config = None", "__init__", "self.retries = 3", _USED)),
        Example(_MAIN.format("turns = 8", "__init__", "self.settings = config", "self.settings.instructions")),
    ),
)
