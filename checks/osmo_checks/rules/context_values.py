"""What the values are that the platform hands to `run` and `grade`, and what is made of them.

Followed through names that are given one value, loops and comprehensions; what cannot be followed is no kind at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import literal
from osmo_checks.python.scope import OtherBinding, Scope, ValueBinding
from osmo_checks.python.values import Constant, External, Instance
from osmo_checks.rollout import Rollout

_DEEPEST = 8
_RESHAPED = ("builtins.list", "builtins.reversed", "builtins.tuple")


@dataclass(frozen=True, slots=True)
class Kind:
    """``members`` are its attributes and ``key`` the type of what it can be subscripted with, if it can be at all."""

    words: str
    members: frozenset[str]
    key: type | None
    advice: str


MESSAGES = Kind(
    "A list of messages", frozenset(dir(list)), int, 'the text of the last one is `ctx.prompt[-1]["content"]`'
)
MESSAGE = Kind("A message, which is a dict,", frozenset(dir(dict)), str, 'its text is `message["content"]`')
LABEL = Kind("A label, which is a text,", frozenset(dir(str)), int, "where it holds JSON, use `json.loads(ctx.label)`")
SAMPLES = Kind("`ctx.samples`, which is a dict,", frozenset(dir(dict)), str, "go over `ctx.samples.items()`")
SAMPLE_ID = Kind("A sample's name, which is a text,", frozenset(dir(str)), int, "the sample is `ctx.samples[name]`")
SAMPLE = Kind(
    "A `RolloutSample`",
    frozenset(
        (
            *("id", "messages", "trajectory_messages", "label", "reward", "remove_sample", "metrics", "extra_fields"),
            *("json_safe_copy", "copy", "dict", "json"),
        )
    ),
    None,
    'the last answer is `sample.messages[-1]["content"]`',
)
#: What the contexts' attributes and methods give.
FIELDS = {"prompt": MESSAGES, "label": LABEL, "samples": SAMPLES, "get_samples": SAMPLES, "sample": SAMPLE}


def kind_of(rollout: Rollout, node: cst.CSTNode, scope: Scope, depth: int = 0) -> Kind | None:
    """Return the kind of value that ``node``, standing in ``scope``, is for certain."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, cst.Name):
        return _of_name(rollout, node.value, scope, depth + 1)
    if isinstance(node, cst.Attribute):
        return _of_attribute(rollout, node, scope, depth + 1)
    if isinstance(node, cst.Subscript):
        return _of_subscript(rollout, node, scope, depth + 1)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_samples":
        return FIELDS["get_samples"] if _is_context(rollout, node.func.value, scope) else None
    return None


def _of_name(rollout: Rollout, name: str, scope: Scope, depth: int) -> Kind | None:
    place: Scope | None = scope
    while place and name not in place.bindings:
        place = place.outer
    bindings = place.bindings[name] if place else []
    if place is None or len(bindings) != 1:
        return None
    only = bindings[0]
    if isinstance(only, ValueBinding) and only.value is not None:
        return kind_of(rollout, only.value, only.scope, depth)
    return _of_loop_name(rollout, only.node, place, depth) if isinstance(only, OtherBinding) else None


def _of_attribute(rollout: Rollout, node: cst.Attribute, scope: Scope, depth: int) -> Kind | None:
    name = node.attr.value
    if name == "messages" and kind_of(rollout, node.value, scope, depth) is SAMPLE:
        return MESSAGES
    if name in FIELDS and name != "get_samples" and _is_context(rollout, node.value, scope):
        return FIELDS[name]
    return None


def _of_subscript(rollout: Rollout, node: cst.Subscript, scope: Scope, depth: int) -> Kind | None:
    kind = kind_of(rollout, node.value, scope, depth)
    index = node.slice[0].slice
    if isinstance(index, cst.Slice):
        return kind if kind is MESSAGES else None
    given = literal(index.value)
    is_number = isinstance(given, Constant) and isinstance(given.value, int)
    return MESSAGE if kind is MESSAGES and is_number else SAMPLE if kind is SAMPLES else None


def _is_context(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    value = rollout.resolver.expression(node, scope)
    return value in [Instance(External(role.context)) for role in rollout.contract.roles]


# loops --------------------------------------------------------------------------------------------------------------


def loops_of(scope: Scope) -> Iterator[cst.For | cst.CompFor]:
    """Yield the loops that bind names in ``scope``."""
    yield from (site.node for site in scope.each(cst.For))
    if isinstance(scope.node, cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp):
        loop: cst.CompFor | None = scope.node.for_in
        while loop:
            yield loop
            loop = loop.inner_for_in


def _of_loop_name(rollout: Rollout, target: cst.CSTNode, scope: Scope, depth: int) -> Kind | None:
    for loop in loops_of(scope):
        pair = loop.target.elements if isinstance(loop.target, cst.Tuple) else ()
        if loop.target is target:
            return _of_element(rollout, loop.iter, scope, depth)
        if len(pair) > 1 and pair[1].value is target:
            return _of_second(rollout, loop.iter, scope, depth)
    return None


def _of_element(rollout: Rollout, iterated: cst.BaseExpression, scope: Scope, depth: int) -> Kind | None:
    """Return the kind of each thing that a loop over ``iterated`` gives."""
    method = iterated.func if isinstance(iterated, cst.Call) else None
    if isinstance(method, cst.Attribute) and kind_of(rollout, method.value, scope, depth) is SAMPLES:
        return {"values": SAMPLE, "keys": SAMPLE_ID}.get(method.attr.value)
    if _calls(rollout, iterated, scope, _RESHAPED) and isinstance(iterated, cst.Call) and depth < _DEEPEST:
        return _of_element(rollout, iterated.args[0].value, scope, depth + 1)
    kind = kind_of(rollout, iterated, scope, depth)
    return MESSAGE if kind is MESSAGES else SAMPLE_ID if kind is SAMPLES else None


def _of_second(rollout: Rollout, iterated: cst.BaseExpression, scope: Scope, depth: int) -> Kind | None:
    """Return the kind of the second of each pair that a loop over ``iterated`` gives."""
    if not isinstance(iterated, cst.Call):
        return None
    if isinstance(iterated.func, cst.Attribute) and iterated.func.attr.value == "items":
        return SAMPLE if kind_of(rollout, iterated.func.value, scope, depth) is SAMPLES else None
    if _calls(rollout, iterated, scope, ("builtins.enumerate",)):
        return _of_element(rollout, iterated.args[0].value, scope, depth + 1)
    return None


def _calls(rollout: Rollout, node: cst.BaseExpression, scope: Scope, names: tuple[str, ...]) -> bool:
    """Tell whether ``node`` calls one of ``names`` with a first argument."""
    if not isinstance(node, cst.Call) or not node.args or node.args[0].star or node.args[0].keyword:
        return False
    called = rollout.resolver.expression(node.func, scope)
    return isinstance(called, External) and called.name in names
