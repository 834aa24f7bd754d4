"""What makes a sample in a workflow: an agent, a session, or a source that is registered."""

from typing import Any

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import Constant, External, Instance, UserClass
from osmo_checks.rollout import Call, Rollout, last_name

_OTHER_MODELS = ("strands.models.", "agents.", "openai.")


def makes_sample(rollout: Rollout, call: Call) -> bool | None:
    """Tell whether ``call`` itself registers a sample source; ``None`` where that cannot be known."""
    if last_name(call.site.node.func) == rollout.contract.data["sample_source"]["register"]:
        return True
    if call.name == rollout.sdk("OsmosisMemorySession"):
        return True
    if call.name == rollout.sdk("OsmosisStrandsAgent"):
        given = call.argument("model")
        return None if call.unpacks else given is not None and is_rollout_model(rollout, given, call.site.scope)
    if isinstance(call.function, UserClass):
        names = [rollout.sdk("OsmosisMemorySession"), rollout.sdk("OsmosisStrandsAgent")]
        return None if rollout.resolver.derives(call.function.scope, names) is not False else False
    return False


def is_rollout_model(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool | None:
    """Tell whether ``node`` is an `OsmosisRolloutModel`; ``None`` where that cannot be known."""
    value = rollout.resolver.expression(node, scope)
    placeholder = External(rollout.sdk("OsmosisRolloutModel"))
    if value == Instance(placeholder):
        return True
    if isinstance(value, Constant) or value == placeholder:
        return False
    other = isinstance(value, Instance) and isinstance(value.of, External) and value.of.name.startswith(_OTHER_MODELS)
    return False if other else None


def sample_name(rollout: Rollout, call: Call) -> str | None:
    """Return the literal name that ``call`` registers its sample by; ``None`` where it has another, or none."""
    given = call.argument("name", 0 if call.name != rollout.sdk("OsmosisStrandsAgent") else None)
    if given is None and call.name == rollout.sdk("OsmosisStrandsAgent"):
        given = call.argument("agent_id")
    value = rollout.resolver.expression(given, call.site.scope) if given else None
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def may_both_run(first: Site[Any], second: Site[Any]) -> bool:
    """Tell whether one path leads through both sites of a scope, ``first`` standing before ``second``."""
    one, other = _from_outside(first), _from_outside(second)
    depth = next((i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] is not pair[1]), 0)
    fork = one[depth - 1] if depth else None
    if isinstance(fork, cst.If | cst.IfExp | cst.Try | cst.TryStar | cst.Match | cst.BooleanOperation):
        return False
    return not any(_leaves(node) for node in one[depth:])


def _from_outside(site: Site[Any]) -> list[cst.CSTNode]:
    return [*reversed(list(site.ancestors())), site.node]


def _leaves(node: cst.CSTNode | None) -> bool:
    """Tell whether a block always ends the function, or its turn of a loop."""
    last = node.body[-1] if isinstance(node, cst.IndentedBlock) and node.body else None
    if isinstance(last, cst.If):
        return _leaves(last.body) and _other_leaves(last.orelse)
    if isinstance(last, cst.With):
        return _leaves(last.body)
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Return | cst.Raise | cst.Continue | cst.Break)


def _other_leaves(other: cst.If | cst.Else | None) -> bool:
    if isinstance(other, cst.If):
        return _leaves(other.body) and _other_leaves(other.orelse)
    return other is not None and _leaves(other.body)
