"""What `super()` leads to, where the classes say it."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import FunctionBinding, Scope
from osmo_checks.python.values import External
from osmo_checks.rollout import Call, Rollout


def gives_base_coroutine(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` is one of `super().method(...)` whose method is a coroutine."""
    method, owner = call.site.node.func, _class_around(call.site.scope)
    if not isinstance(method, cst.Attribute) or not owner or not _is_super(rollout, method.value, call.site.scope):
        return False
    name = method.attr.value
    for base in rollout.resolver.mro(owner)[1:]:
        if not isinstance(base, Scope):
            roles = rollout.contract.roles
            return any(base == External(role.base) and name == role.method for role in roles)
        if name in base.bindings:
            return all(isinstance(found, FunctionBinding) and _is_plain(found.scope) for found in base.bindings[name])
    return False


def _is_super(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    if not isinstance(node, cst.Call) or node.args:
        return False
    return rollout.resolver.expression(node.func, scope) == External("builtins.super")


def _class_around(scope: Scope) -> Scope | None:
    place: Scope | None = scope
    while place and not place.is_method:
        place = place.outer
    return place.outer if place else None


def _is_plain(function: Scope) -> bool:
    """Tell whether ``function`` is an `async def` that yields nothing and that no decorator may have changed."""
    decorated = function.function is not None and bool(function.function.decorators)
    return function.is_async and not decorated and not function.each(cst.Yield)
