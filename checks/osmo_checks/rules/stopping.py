"""Statements that a path may never get past: calls that always raise, and loops that raise in the end."""

from collections.abc import Callable
from typing import Any

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import External, Unknown, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.around import holds
from osmo_checks.rules.flow import ends_of, is_never_passed

_NEVER_RETURNING = frozenset(
    (
        *("typing.assert_never", "typing_extensions.assert_never", "sys.exit", "os._exit", "os.abort"),
        *("builtins.exit", "builtins.quit", "pytest.fail", "pytest.skip"),
    )
)
_NEVER = frozenset(f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("NoReturn", "Never"))
#: Functions that only call each other would be followed for ever.
_DEEPEST = 8


def stops_in(rollout: Rollout, function: Scope, depth: int = 0) -> Callable[[cst.CSTNode], bool]:
    """Return what tells whether the paths through ``function`` may all end at a statement of it.

    A loop that tries until it can return, and raises otherwise, may raise in its last turn. A function that is not
    known may do nothing but raise; what is called as a method of some object, like a logger, is taken to return.
    """

    def stops(statement: cst.CSTNode) -> bool:
        if isinstance(statement, cst.For | cst.While):
            return holds(statement, function, [cst.Raise]) and holds(statement, function, [cst.Return])
        called = statement.value if isinstance(statement, cst.Expr) else None
        called = called.expression if isinstance(called, cst.Await) else called
        if isinstance(called, cst.Call):
            return _never_returns(rollout, called, function, depth)
        return is_never_passed(statement)

    return stops


def _never_returns(rollout: Rollout, call: cst.Call, scope: Scope, depth: int) -> bool:
    """Tell whether ``call`` is known never to return, or nothing is known of it."""
    called = rollout.resolver.expression(call.func, scope)
    if isinstance(called, UserFunction):
        return _only_raises(rollout, called.scope, depth)
    if isinstance(called, External) and called.name in _NEVER_RETURNING:
        return True
    is_known = isinstance(called, External) and called.name.startswith("builtins.")
    return isinstance(called, External | Unknown) and not is_known and _is_by_name(call.func)


def _is_by_name(function: cst.BaseExpression) -> bool:
    if isinstance(function, cst.Attribute):
        return isinstance(function.value, cst.Name) and function.value.value in ("self", "cls")
    return isinstance(function, cst.Name)


def _only_raises(rollout: Rollout, scope: Scope, depth: int) -> bool:
    function = scope.function
    if not function or depth > _DEEPEST:
        return True
    returns = rollout.resolver.expression(function.returns.annotation, scope) if function.returns else None
    if isinstance(returns, External) and returns.name in _NEVER:
        return True
    gives_something: list[Site[Any]] = [*scope.each(cst.Yield), *scope.each(cst.Return)]
    if gives_something:
        return False
    return not ends_of(function.body, lambda _node: False, stops=stops_in(rollout, scope, depth + 1)).falls
