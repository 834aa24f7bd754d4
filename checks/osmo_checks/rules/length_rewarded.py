"""The reward grows with the length of the answer.

## What it does
Follows what rewards are made of, and looks for `len(...)` of what the model wrote as a summand, or times or over a
fixed number, without `min` or another function around it.

## Why is this bad?
Length is the easiest thing to produce. Within a few steps the answers are as long as the config allows, and whatever
else the reward measures drowns in it.

## How to fix it
Leave length out, or bound it so that it can only break ties: `reward + 0.1 * min(len(text) / 1000, 1.0)`.
"""

from collections.abc import Iterator
from typing import TypeAlias

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import Constant, External, Instance, UserFunction
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.origins import from_samples
from osmo_checks.rules.places import in_code
from osmo_checks.rules.rewarding import rewards

#: An expression, and the scope it stands in.
Part: TypeAlias = tuple[cst.BaseExpression, Scope]

_LENGTH = Instance(External("builtins.len"))
_TRANSPARENT = ("builtins.float", "builtins.round", "builtins.abs")
_MESSAGE = "This makes longer answers pay more, without end: leave it out, or bound it with `min`."


def check(rollout: Rollout) -> Iterator[Problem]:
    samples = from_samples(rollout)
    for node, scope in _summands(rollout):
        if _grows_with_length(rollout, node, scope) and samples.of(node, scope):
            yield Problem(in_code(rollout, scope, node), _MESSAGE)


def _summands(rollout: Rollout) -> Iterator[Part]:
    """Yield the expressions whose values add up to rewards, or stand for them, as far as they can be followed."""
    pending: list[Part] = [(reward.value, reward.scope) for reward in rewards(rollout)]
    seen: set[cst.BaseExpression] = set()
    while pending:
        node, scope = pending.pop()
        if node not in seen:
            seen.add(node)
            parts = list(_parts(rollout, node, scope))
            pending.extend(parts)
            yield from [] if parts else [(node, scope)]


def _parts(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> Iterator[Part]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add | cst.Subtract):
        yield node.left, scope
        yield from [(node.right, scope)] if isinstance(node.operator, cst.Add) else []
    elif isinstance(node, cst.IfExp):
        yield from ((node.body, scope), (node.orelse, scope))
    elif isinstance(node, cst.Await):
        yield node.expression, scope
    elif isinstance(node, cst.Name):
        yield from _assigned(node.value, scope)
    elif isinstance(node, cst.Call):
        yield from _given(rollout, node, scope)


def _assigned(name: str, scope: Scope) -> Iterator[Part]:
    for binding in scope.bindings.get(name, ()):
        if isinstance(binding, ValueBinding) and binding.value is not None:
            yield binding.value, binding.scope
    for site in scope.each(cst.AugAssign):
        if isinstance(site.node.operator, cst.AddAssign) and last_name(site.node.target) == name:
            yield site.node.value, scope


def _given(rollout: Rollout, node: cst.Call, scope: Scope) -> Iterator[Part]:
    called = rollout.resolver.expression(node.func, scope)
    if isinstance(called, UserFunction):
        returned = [site.node.value for site in called.scope.each(cst.Return)]
        yield from ((value, called.scope) for value in returned if value is not None)
    elif isinstance(called, External) and called.name in _TRANSPARENT and node.args:
        yield node.args[0].value, scope


def _grows_with_length(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    if not isinstance(node, cst.BinaryOperation):
        return rollout.resolver.expression(node, scope) == _LENGTH
    left, right = rollout.resolver.expression(node.left, scope), rollout.resolver.expression(node.right, scope)
    if isinstance(node.operator, cst.Divide):
        return left == _LENGTH and _is_positive(right)
    both = isinstance(node.operator, cst.Multiply) and _LENGTH in (left, right)
    return both and (_is_positive(left) or _is_positive(right))


def _is_positive(value: object) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, int | float) and value.value > 0


_EACH = """\
for name, sample in ctx.samples.items():
    text = sample.messages[-1]["content"]
    {}"""

RULE = Rule(
    code="OSG112",
    name="length-rewarded",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                grade=_EACH.format(
                    "reward = 1.0 if ctx.label in text.split() else 0.0\n    reward += «0.001 * len(text)»"
                )
                + "\n    ctx.set_sample_reward(name, reward)"
            )
        ),
        Example(
            main_py(
                above="def score(text: str) -> float:\n    words = text.split()\n    return «len(words) / 100» + 0.5",
                grade=_EACH.format("sample.reward = score(text)"),
            )
        ),
    ),
    good=(
        Example(main_py(grade=_EACH.format("sample.reward = 0.1 * min(len(text) / 1000, 1.0) - 0.001 * len(text)"))),
        Example(
            main_py(
                grade=_EACH.format(
                    'wanted = ctx.label.split(";")\n    found = [word for word in wanted if word in text.split()]\n'
                    "    sample.reward = len(found) / len(wanted)"
                )
            )
        ),
        Example(main_py(grade=_EACH.format("sample.reward = float(len(text) < 200) + (len(text) / 100) * -0.1"))),
    ),
)
