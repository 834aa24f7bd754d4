"""Where a grader gives rewards, and which."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import External, Instance, UserClass, UserFunction
from osmo_checks.rollout import Call, Rollout

_SAMPLES = ("samples", "sample", "get_samples")
#: Of all generations: another one's way is reported as such, not as a missing reward.
_CALLS = ("set_reward", "set_sample_reward")


class Reward(NamedTuple):
    """A reward that is given: the expression for its value, and the scope that stands in."""

    value: cst.BaseExpression
    scope: Scope


def rewards(rollout: Rollout) -> Iterator[Reward]:
    """Yield every reward that the code reached from `grade` gives."""
    for scope in rollout.grader_scopes:
        for call in rollout.calls_in(scope):
            value = _value_given(call)
            if value is not None:
                yield Reward(value, scope)
        for site in scope.each(cst.Assign):
            if any(_is_reward(target.target) for target in site.node.targets):
                yield Reward(site.node.value, scope)


def gives_reward(scope: Scope) -> bool:
    """Tell whether the code of ``scope`` itself sets a reward."""
    return next(reward_sites(scope), None) is not None


def reward_sites(scope: Scope) -> Iterator[Site[Any]]:
    """Yield the places in ``scope`` that set a reward, or say that a sample is to have none."""
    yield from (site for site in scope.each(cst.AssignTarget) if _is_reward(site.node.target))
    yield from (site for site in scope.each(cst.AugAssign) if _is_reward(site.node.target))
    yield from (site for site in scope.each(cst.Attribute) if site.node.attr.value in _CALLS)


def lets_go(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` hands the context or samples to code that cannot be followed and might set a reward."""
    if isinstance(call.function, UserFunction | UserClass) or call.name.startswith("builtins."):
        return False
    return any(_is_precious(rollout, argument.value, call.site.scope) for argument in call.site.node.args)


def may_reward(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` sets a reward in the user's own functions, or may do so where it cannot be followed."""
    if isinstance(call.function, UserFunction):
        return any(
            gives_reward(scope) or any(lets_go(rollout, inner) for inner in rollout.calls_in(scope))
            for scope in rollout.reached_from(call.function.scope)
        )
    return lets_go(rollout, call)


def _value_given(call: Call) -> cst.BaseExpression | None:
    name = call.name.rpartition(".")[2]
    if not call.name.startswith("osmosis_ai.") or name not in _CALLS:
        return None
    return call.argument("reward", _CALLS.index(name))


def _is_reward(target: cst.CSTNode) -> bool:
    return isinstance(target, cst.Attribute) and target.attr.value in ("reward", "remove_sample")


def _is_precious(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    context = rollout.contract.grader.context if rollout.contract.grader else ""
    if rollout.resolver.expression(node, scope) == Instance(External(context)):
        return True
    if isinstance(node, cst.Attribute) and node.attr.value in _SAMPLES:
        return True
    return isinstance(node, cst.Name) and "sample" in node.value.lower()
