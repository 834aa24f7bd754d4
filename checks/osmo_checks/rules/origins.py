"""Where values in a grader come from: the samples, which the model wrote, or the row's label.

Followed through names, loops, and parameters of the user's functions; what cannot be followed comes from nowhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import OtherBinding, ParameterBinding, Scope, ValueBinding
from osmo_checks.python.values import External, Instance, UserFunction
from osmo_checks.python.walk import all_below
from osmo_checks.rollout import Call, Rollout, last_name

_DEEPEST = 12
_FROM_SAMPLES = ("samples", "sample", "messages", "get_samples")


@dataclass(slots=True)
class Origin:
    """Tells what is made of a source; ``starts`` says which attributes are one."""

    rollout: Rollout
    starts: Callable[[cst.Attribute, Scope], bool]
    _known: dict[cst.CSTNode, bool] = field(default_factory=dict)
    _callers: dict[Scope, list[Call]] = field(default_factory=dict)

    def of(self, node: cst.CSTNode, scope: Scope, depth: int = 0) -> bool:
        """Tell whether ``node``, standing in ``scope``, is made of the source."""
        if node not in self._known and depth < _DEEPEST:
            self._known[node] = False
            self._known[node] = any(self._is(part, scope, depth) for part in all_below(node))
        return self._known.get(node, False)

    def _is(self, part: cst.CSTNode, scope: Scope, depth: int) -> bool:
        if isinstance(part, cst.Attribute):
            return self.starts(part, scope)
        if isinstance(part, cst.Name):
            return any(self.of(value, where, depth + 1) for value, where in self._values(part.value, scope))
        return False

    def _values(self, name: str, scope: Scope) -> Iterator[tuple[cst.CSTNode, Scope]]:
        """Yield the expressions that ``name`` may stand for where it is used in ``scope``."""
        place: Scope | None = scope
        while place and name not in place.bindings:
            place = place.outer
        for binding in place.bindings[name] if place else ():
            if isinstance(binding, ValueBinding) and binding.value:
                yield binding.value, binding.scope
            elif isinstance(binding, ParameterBinding):
                yield from self._passed(binding)
            elif isinstance(binding, OtherBinding) and place:
                yield from _iterated(binding.node, place)

    def _passed(self, binding: ParameterBinding) -> Iterator[tuple[cst.CSTNode, Scope]]:
        definition = binding.function.function
        parameters = [*definition.params.posonly_params, *definition.params.params] if definition else []
        index = next((i for i, known in enumerate(parameters) if known is binding.parameter), -1)
        for call in self._callers_of(binding.function):
            bound = isinstance(call.function, UserFunction) and call.function.owner is not None
            given = call.argument(binding.parameter.name.value, index - bound)
            if given is not None:
                yield given, call.site.scope

    def _callers_of(self, function: Scope) -> list[Call]:
        if not self._callers:
            for call in self.rollout.calls:
                if isinstance(call.function, UserFunction):
                    self._callers.setdefault(call.function.scope, []).append(call)
        return self._callers.get(function, [])


def _iterated(target: cst.CSTNode, scope: Scope) -> Iterator[tuple[cst.CSTNode, Scope]]:
    """Yield what a loop over which ``target`` is bound goes over."""
    for site in scope.each(cst.For):
        if any(part is target for part in all_below(site.node.target)):
            yield site.node.iter, scope
    if isinstance(scope.node, cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp):
        loop: cst.CompFor | None = scope.node.for_in
        while loop:
            if any(part is target for part in all_below(loop.target)):
                yield loop.iter, scope
            loop = loop.inner_for_in


def from_samples(rollout: Rollout) -> Origin:
    """Follow what the model wrote."""
    return Origin(rollout, lambda node, _scope: node.attr.value in _FROM_SAMPLES)


def from_label(rollout: Rollout) -> Origin:
    """Follow the row's right answer."""
    grader = rollout.contract.grader
    context = Instance(External(grader.context)) if grader else None
    return Origin(
        rollout,
        lambda node, scope: node.attr.value == "label" and rollout.resolver.expression(node.value, scope) == context,
    )


def is_text(rollout: Rollout, node: cst.BaseExpression, scope: Scope, depth: int = 0) -> bool:
    """Tell whether ``node`` is a text for certain: made by `str`, a text's method, or a message's content."""
    if isinstance(node, cst.Call):
        named = last_name(node.func) in ("lower", "upper", "strip", "casefold", "join", "replace")
        return named or rollout.resolver.expression(node.func, scope) == External("builtins.str")
    if isinstance(node, cst.Name):
        return depth < _DEEPEST and _names_text(rollout, node.value, scope, depth)
    if isinstance(node, cst.Subscript):
        index = node.slice[0].slice
        key = index.value if isinstance(index, cst.Index) else None
        return isinstance(key, cst.SimpleString) and key.text in ("content", "text")
    if isinstance(node, cst.Attribute):
        return node.attr.value in ("content", "text")
    return isinstance(node, cst.FormattedString | cst.SimpleString)


def _names_text(rollout: Rollout, name: str, scope: Scope, depth: int) -> bool:
    bindings = scope.bindings.get(name, ())
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, ParameterBinding):
        annotation = only.parameter.annotation
        return annotation is not None and last_name(annotation.annotation) == "str"
    if isinstance(only, ValueBinding) and only.value is not None:
        return is_text(rollout, only.value, only.scope, depth + 1)
    return False
