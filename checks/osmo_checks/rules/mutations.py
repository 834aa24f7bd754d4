"""What code changes in place, and whose it is."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import Resolver
from osmo_checks.python.scope import Binding, Scope, Site, ValueBinding
from osmo_checks.python.values import External, UserModule
from osmo_checks.python.walk import dotted_name

_METHODS = frozenset(
    (
        *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update"),
        *("popitem", "appendleft", "extendleft", "popleft", "rotate", "subtract"),
    )
)
_MAKERS = frozenset(
    (
        *("builtins.list", "builtins.dict", "builtins.set", "collections.defaultdict", "collections.deque"),
        *("collections.Counter", "collections.OrderedDict"),
    )
)
_LITERALS = (cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp)


class Mutation(NamedTuple):
    """``changed`` is the name or attribute whose object changes; ``site`` is what changes it."""

    changed: cst.Name | cst.Attribute
    site: Site[Any]


def mutations_in(scope: Scope) -> Iterator[Mutation]:
    """Yield what a scope's own code changes in place; a new object under an old name is no change."""
    for call in scope.each(cst.Call):
        if isinstance(call.node.func, cst.Attribute) and call.node.func.attr.value in _METHODS:
            yield from _mutation(call.node.func.value, call)
    for site in targets_in(scope):
        if isinstance(site.node.target, cst.Subscript):
            yield from _mutation(site.node.target, site)


def targets_in(scope: Scope) -> Iterator[Site[Any]]:
    """Yield what a scope assigns to, adds to or deletes, as nodes with a ``target``."""
    yield from scope.each(cst.AssignTarget)
    yield from scope.each(cst.AnnAssign)
    yield from scope.each(cst.AugAssign)
    yield from scope.each(cst.Del)


def _mutation(changed: cst.CSTNode, site: Site[Any]) -> Iterator[Mutation]:
    while isinstance(changed, cst.Subscript):
        changed = changed.value
    if isinstance(changed, cst.Name | cst.Attribute):
        yield Mutation(changed, site)


def is_mutable(resolver: Resolver, value: cst.BaseExpression | None, scope: Scope) -> bool:
    """Tell whether an expression makes a list, a dictionary or a set."""
    if not isinstance(value, cst.Call):
        return isinstance(value, _LITERALS)
    called = resolver.expression(value.func, scope)
    return isinstance(called, External) and called.name in _MAKERS


def of_module(resolver: Resolver, changed: cst.Name | cst.Attribute, scope: Scope) -> bool:
    """Tell whether a name, or ``module.name``, stands for what a module of the user's holds and can change."""
    if isinstance(changed, cst.Name):
        bindings = _bindings(changed.value, scope)
    else:
        module = resolver.expression(changed.value, scope)
        bindings = module.scope.bindings.get(changed.attr.value, []) if isinstance(module, UserModule) else []
    if len(bindings) != 1 or not isinstance(bindings[0], ValueBinding):
        return False
    value, owner = bindings[0].value, bindings[0].scope
    return owner.kind == "module" and is_mutable(resolver, value, owner)


def remembers(mutation: Mutation) -> bool:
    """Tell whether the change only keeps what was looked for and not there, or what is thrown out by a callback."""
    scope, name = mutation.site.scope, dotted_name(mutation.changed)
    used = [site for site in scope.each(cst.Attribute) if dotted_name(site.node.value) == name]
    if any(site.node.attr.value == "discard" and isinstance(site.parent, cst.Arg) for site in used):
        return True
    compared = [target for site in scope.each(cst.Comparison) for target in site.node.comparisons]
    looked_for = any(
        isinstance(one.operator, cst.In | cst.NotIn) and dotted_name(one.comparator) == name for one in compared
    )
    asked = looked_for or any(site.node.attr.value == "get" for site in used)
    target = mutation.site.node.target if isinstance(mutation.site.node, cst.AssignTarget) else None
    return asked and isinstance(target, cst.Subscript) and target.value is mutation.changed


def _bindings(name: str, scope: Scope) -> list[Binding]:
    place: Scope | None = scope
    while place:
        if name in place.bindings and (place is scope or place.kind != "class"):
            return place.bindings[name]
        place = place.outer
    return []
