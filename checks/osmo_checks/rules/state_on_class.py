"""A rollout changes what its class holds for all rollouts.

## What it does
Looks in the code that `run` and `grade` reach for changes, through `self`, to a list, dictionary or set of the class
body that no method makes anew, and for assignments to `type(self).name`, `cls.name` or `MyWorkflow.name`.

## Why is this bad?
The SDK makes a workflow and a grader for each rollout, but the class is there once. What one rollout puts into it, all
others find there.

## How to fix it
Make it in `__init__` or in `run`: `self.history = []`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import External, Instance, UserClass, Value
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.mutations import is_mutable, mutations_in, remembers, targets_in
from osmo_checks.rules.places import in_code

_TYPE_OF_SELF = Instance(External("builtins.type"))
#: Bases under which a class body still says what the class holds. Pydantic's, for one, copies it for each instance.
_PLAIN_BASES = ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol")


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        changed = [one.changed for one in mutations_in(scope) if not remembers(one)]
        through_self = [
            node for node in changed if isinstance(node, cst.Attribute) and _is_of_class(rollout, scope, node)
        ]
        for node in [*through_self, *_assigned_to_class(rollout, scope)]:
            message = f"All rollouts of a process share the class's `{node.attr.value}`: make it in `__init__`."
            yield Problem(in_code(rollout, scope, node), message)


def _is_of_class(rollout: Rollout, scope: Scope, node: cst.Attribute) -> bool:
    """Tell whether ``node`` is a list, dictionary or set that stands in a class body and nowhere else."""
    owner = _class_of(rollout.resolver.expression(node.value, scope))
    if owner is None:
        return False
    roles = tuple(role.base for role in rollout.contract.roles)
    classes = [base for base in rollout.resolver.mro(owner) if isinstance(base, Scope)]
    others = [base for base in rollout.resolver.mro(owner) if not isinstance(base, Scope)]
    if any(not isinstance(base, External) or base.name not in (*roles, *_PLAIN_BASES) for base in others):
        return False
    name = node.attr.value
    if any(name in one.attributes for one in classes) or any(
        one.definition.decorators for one in classes if one.definition
    ):
        return False
    bindings = next((one.bindings[name] for one in classes if name in one.bindings), [])
    only = bindings[0] if len(bindings) == 1 else None
    return isinstance(only, ValueBinding) and is_mutable(rollout.resolver, only.value, only.scope)


def _class_of(value: Value) -> Scope | None:
    what = value.of if isinstance(value, Instance) else value
    return what.scope if isinstance(what, UserClass) else None


def _assigned_to_class(rollout: Rollout, scope: Scope) -> Iterator[cst.Attribute]:
    for site in targets_in(scope):
        target = site.node.target
        if not isinstance(target, cst.Attribute):
            continue
        value = rollout.resolver.expression(target.value, scope)
        named = isinstance(target.value, cst.Attribute) and target.value.attr.value == "__class__"
        if isinstance(value, UserClass) or value == _TYPE_OF_SELF or named:
            yield target


RULE = Rule(
    code="OSD102",
    name="state-on-class",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext


class MyWorkflow(AgentWorkflow):
    history: list[str] = []

    async def run(self, ctx: AgentWorkflowContext) -> None:
        «self.history».append(str(ctx.prompt))


class MyGrader(Grader):
    scores = {}
    graded = 0

    async def grade(self, ctx: GraderContext) -> None:
        «MyGrader.graded» += 1
        for sample_id in ctx.samples:
            self._note(sample_id, 1.0)
            ctx.set_sample_reward(sample_id, 1.0)

    def _note(self, sample_id: str, reward: float) -> None:
        «self.scores»[sample_id] = reward
        «type(self).graded» = len(self.scores)
"""
        ),
        Example(
            main_py(
                above="""
class Shop:
    orders = []

    @classmethod
    def order(cls, product):
        «cls.orders».append(product)
        «cls.last» = product
""",
                run='Shop.order("tea")',
            )
        ),
    ),
    good=(
        Example(
            """\
from dataclasses import dataclass, field

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from pydantic import BaseModel


class Cart(BaseModel):
    products: list[str] = []


@dataclass
class Shop:
    orders: list[str] = field(default_factory=list)


class MyWorkflow(AgentWorkflow):
    history: list[str] = []
    pages: dict[str, str] = {}

    async def run(self, ctx: AgentWorkflowContext) -> None:
        self.history = []
        self.history.append(str(ctx.prompt))
        cart, shop = Cart(), Shop()
        cart = Cart()
        cart.products.append("tea")
        shop.orders.append("tea")
        if "home" not in self.pages:
            self.pages["home"] = "Welcome."


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        self.graded = 0
        for sample_id in ctx.samples:
            self.graded += 1
            ctx.set_sample_reward(sample_id, 1.0)
"""
        ),
        Example(
            main_py(
                above="""
class Registry:
    known = []

    @classmethod
    def register(cls, name):
        cls.known.append(name)
        return name


Registry.register("tea")
""",
                run="print(ctx.prompt, Registry.known)",
            )
        ),
    ),
)
