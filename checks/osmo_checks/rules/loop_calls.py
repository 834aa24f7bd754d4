"""The calls that run on the event loop, which all rollouts of a process share."""

from collections.abc import Iterator

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import UserFunction
from osmo_checks.rollout import Call, Rollout


def loop_calls(rollout: Rollout) -> Iterator[Call]:
    """Yield what `run`, `grade`, async tools, what they call, and decorators' wrappers do call themselves."""
    for scope in dict.fromkeys((*rollout.loop_scopes, *_wrappers(rollout))):
        yield from rollout.calls_in(scope)


def _wrappers(rollout: Rollout) -> Iterator[Scope]:
    """Yield the functions that a decorator of the user's puts in the place of `run` and `grade`."""
    for player in rollout.players:
        method = rollout.method(player)
        node = method.scope.function if isinstance(method, UserFunction) else None
        if not isinstance(method, UserFunction) or not node or not node.decorators:
            continue
        # The first decides where the wrappers of the others run.
        wrapper = _given_by(rollout, rollout.resolver.decorators(method.scope)[0])
        if isinstance(node.decorators[0].decorator, cst.Call):
            wrapper = _given_by(rollout, wrapper)
        if isinstance(wrapper, UserFunction):
            yield wrapper.scope


def _given_by(rollout: Rollout, function: object) -> UserFunction | None:
    """Return the function, written inside it, that ``function`` returns."""
    returns = function.scope.each(cst.Return) if isinstance(function, UserFunction) else []
    if not isinstance(function, UserFunction) or len(returns) != 1 or returns[0].node.value is None:
        return None
    value = rollout.resolver.expression(returns[0].node.value, function.scope)
    return value if isinstance(value, UserFunction) and value.scope.outer is function.scope else None
