"""What happens when the entrypoint is imported, and what only when it is started as a script."""

from collections.abc import Iterator
from typing import Any

from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import literal
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import Constant, UserFunction
from osmo_checks.rollout import Call, Rollout

#: Calls that serve until the process ends.
SERVERS = ("uvicorn.run", "uvicorn.Server.run", "uvicorn.Server.serve", "hypercorn.asyncio.serve", "uvicorn.main")


def is_guarded(site: Site[Any]) -> bool:
    """Tell whether a node of a module's own code runs only when the module is started as a script."""
    return any(isinstance(node, cst.If) and _names_main(node.test) for node in site.ancestors())


def import_scopes(rollout: Rollout) -> Iterator[Scope]:
    """Yield the scopes whose own code runs when the entrypoint is imported: modules and class bodies."""
    for module in rollout.modules:
        yield module.scope
        yield from _class_bodies(module.scope)


def calls_on_import(rollout: Rollout) -> Iterator[Call]:
    """Yield the calls that every import of the entrypoint makes directly."""
    for scope in import_scopes(rollout):
        yield from (call for call in rollout.calls_in(scope) if not is_guarded(call.site))


def started_calls(rollout: Rollout) -> list[Call]:
    """Return the calls that starting the entrypoint as a script comes to."""
    scopes = dict.fromkeys(scope for module in rollout.modules for scope in rollout.reached_from(module.scope))
    return [call for scope in scopes for call in rollout.calls_in(scope)]


def serves(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` serves until the process ends, itself or through the user's functions."""
    if isinstance(call.function, UserFunction):
        scopes = rollout.reached_from(call.function.scope)
        return any(inner.name in SERVERS for scope in scopes for inner in rollout.calls_in(scope))
    return call.name in SERVERS


def _class_bodies(scope: Scope) -> Iterator[Scope]:
    for inner in scope.inner:
        if inner.kind == "class":
            yield inner
            yield from _class_bodies(inner)


def _names_main(test: cst.BaseExpression) -> bool:
    """Tell whether ``test`` is, or contains, ``__name__ == "__main__"``, either way round."""
    if isinstance(test, cst.BooleanOperation):
        return _names_main(test.left) or _names_main(test.right)
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    sides = (test.left, test.comparisons[0].comparator)
    named = any(isinstance(side, cst.Name) and side.value == "__name__" for side in sides)
    return named and any(literal(side) == Constant("__main__") for side in sides)
