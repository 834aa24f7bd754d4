"""What names stand for, as expressions, where the resolver knows no value."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding


def value_of(node: cst.BaseExpression, scope: Scope) -> tuple[cst.BaseExpression, Scope]:
    """Return the expression that a name was given, and where it stands; ``node`` itself where that is not one thing."""
    if not isinstance(node, cst.Name):
        return node, scope
    place: Scope | None = scope
    while place and node.value not in place.bindings:
        place = place.outer
    bindings = place.bindings[node.value] if place else ()
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, ValueBinding) and only.value is not None:
        return only.value, only.scope
    return node, scope
