"""Whether a call gives what the SDK calls a name second, and what belongs to it first."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import OtherBinding, Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.shapes import BOOLEAN, NUMBER, TEXT, shape_of

#: What gives the names of the samples, and those with the samples.
_KEYS = tuple(f"GraderContext.{name}{method}" for name in ("samples", "get_samples") for method in ("", ".keys"))
_PAIRS = ("GraderContext.samples.items", "GraderContext.get_samples.items")
_NUMBERS = (NUMBER, BOOLEAN)


def is_swapped(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` gives two arguments by position, of which for certain only the second can be the name."""
    arguments = call.site.node.args
    if len(arguments) != 2 or any(argument.keyword or argument.star for argument in arguments):
        return False
    first, second = (_kind(rollout, argument.value, call.site.scope) for argument in arguments)
    return (second == TEXT and first != TEXT) or (first in _NUMBERS and second not in _NUMBERS)


def _kind(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> str | None:
    return TEXT if _is_sample_id(rollout, node, scope) else shape_of(rollout, node, scope)


def _is_sample_id(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    """Tell whether ``node`` is bound by a loop over the names of the samples, and by nothing else."""
    bindings = scope.bindings.get(node.value, ()) if isinstance(node, cst.Name) else ()
    only = bindings[0] if len(bindings) == 1 else None
    if not isinstance(only, OtherBinding):
        return False
    return any(_key_of(rollout, site.node, scope) is only.node for site in scope.each(cst.For))


def _key_of(rollout: Rollout, loop: cst.For, scope: Scope) -> cst.CSTNode | None:
    """Return what a loop calls the names of the samples; ``None`` where it goes over something else."""
    value = rollout.resolver.expression(loop.iter, scope)
    value = value.of if isinstance(value, Instance) else value
    iterated = value.name if isinstance(value, External) else ""
    if iterated.endswith(_PAIRS):
        pair = loop.target.elements if isinstance(loop.target, cst.Tuple) else ()
        return pair[0].value if pair else None
    return loop.target if iterated.endswith(_KEYS) else None
