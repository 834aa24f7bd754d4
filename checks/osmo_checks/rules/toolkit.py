"""What rules about tools need to know: how they were declared, and what the model has a hand in."""

from collections.abc import Iterator
from typing import NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import EnteredBinding, Scope, ValueBinding
from osmo_checks.python.values import External
from osmo_checks.python.walk import all_parameters, parts_of
from osmo_checks.rollout import TOOL_DECORATORS, Rollout, last_name

OPENAI_DECORATOR = "agents.function_tool"
#: Parameters that a framework fills in itself.
_FILLED_IN = ("self", "cls", "agent", "tool_context")
#: Annotations under which a parameter cannot hold a text of the model's choice.
_HARMLESS_TYPES = ("builtins.int", "builtins.float", "builtins.bool", "typing.Literal")
#: Calls whose result is not what went in.
_CLEANERS = ("int", "float", "len", "quote", "bool")


class ToolMark(NamedTuple):
    """The decorator that makes a function a tool. ``arguments`` are those given by name."""

    name: str
    arguments: dict[str, cst.BaseExpression]


def mark_of(rollout: Rollout, tool: Scope) -> ToolMark | None:
    """Return the decorator of ``rollout.tools``' scope, read closely."""
    node = tool.function
    for decorator, value in zip(node.decorators if node else (), rollout.resolver.decorators(tool), strict=True):
        if isinstance(value, External) and value.name in TOOL_DECORATORS:
            call = decorator.decorator
            arguments = call.args if isinstance(call, cst.Call) else ()
            return ToolMark(value.name, {arg.keyword.value: arg.value for arg in arguments if arg.keyword})
    return None


def asked_of_model(tool: Scope) -> list[cst.Param]:
    """Return the parameters that the model fills in."""
    parameters = all_parameters(tool.function.params) if tool.function else []
    return [one for one in parameters if not one.star and one.name.value not in _FILLED_IN]


def from_model(rollout: Rollout, tool: Scope) -> frozenset[str]:
    """Return the names in a tool that hold text of the model's choice: parameters, and what is made from them."""
    names = {one.name.value for one in asked_of_model(tool) if not _is_harmless(rollout, tool, one)}
    for _ in range(len(tool.bindings)):
        made = {name for name, value in _assigned(tool) if name not in names and mentions(value, names)}
        if not made:
            break
        names |= made
    return frozenset(names)


def mentions(node: cst.CSTNode, names: frozenset[str] | set[str]) -> bool:
    """Tell whether the value of an expression is made from one of ``names``."""
    if isinstance(node, cst.Name):
        return node.value in names
    if isinstance(node, cst.Attribute):
        return mentions(node.value, names)
    if isinstance(node, cst.Arg):
        return mentions(node.value, names)
    if isinstance(node, cst.Call) and last_name(node.func) in _CLEANERS:
        return False
    return any(mentions(child, names) for child in parts_of(node))


def looks_at(tool: Scope, names: frozenset[str]) -> bool:
    """Tell whether the tool tests what the model gave, beyond whether there is anything."""
    tests = [site.node.test for site in tool.each(cst.If)]
    tests += [site.node.test for site in tool.each(cst.IfExp)]
    tests += [site.node.test for site in tool.each(cst.Assert)]
    return any(mentions(test, names) and not _is_bare(test) for test in tests)


def _is_bare(test: cst.BaseExpression) -> bool:
    inner = test.expression if isinstance(test, cst.UnaryOperation) else test
    return isinstance(inner, cst.Name)


def _assigned(tool: Scope) -> Iterator[tuple[str, cst.BaseExpression]]:
    for name, bindings in tool.bindings.items():
        for binding in bindings:
            if isinstance(binding, ValueBinding | EnteredBinding) and binding.value is not None:
                yield name, binding.value


def _is_harmless(rollout: Rollout, tool: Scope, parameter: cst.Param) -> bool:
    if parameter.annotation is None:
        return False
    annotated = rollout.resolver.expression(parameter.annotation.annotation, tool.outer or tool)
    return isinstance(annotated, External) and annotated.name in _HARMLESS_TYPES
