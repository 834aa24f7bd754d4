"""Attributes that the code itself makes sure of before it uses them."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import Value
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout, last_name


def is_asked_for(site: Site[cst.Attribute]) -> bool:
    """Tell whether the function asks `hasattr` about the same object, or catches `AttributeError` around ``site``.

    Whatever it asks for, it knows that there are several generations of the object.
    """
    owner = dotted_name(site.node.value)
    asked = (call for scope in _out_to_function(site.scope) for call in scope.each(cst.Call))
    if owner and any(_asks_about(call.node, owner) for call in asked):
        return True
    return any(isinstance(node, cst.Try) and _catches_it(node) for node in site.ancestors())


def is_kept(rollout: Rollout, owner: Value, name: str) -> bool:
    """Tell whether the rollout's code both sets and reads ``owner.name``: something of its own, kept there."""
    sites = [site for module in rollout.modules for scope in module.scope.below() for site in scope.each(cst.Attribute)]
    same = [site for site in sites if site.node.attr.value == name]
    same = [site for site in same if rollout.resolver.expression(site.node.value, site.scope) == owner]
    return {True, False} == {_is_set(site) for site in same}


def _out_to_function(scope: Scope) -> list[Scope]:
    found = [scope]
    while found[-1].kind == "comprehension" and found[-1].outer:
        found.append(found[-1].outer)
    return found


def _asks_about(call: cst.Call, owner: str) -> bool:
    return last_name(call.func) == "hasattr" and bool(call.args) and dotted_name(call.args[0].value) == owner


def _catches_it(attempt: cst.Try) -> bool:
    return any("AttributeError" in _names(handler.type) for handler in attempt.handlers)


def _names(caught: cst.BaseExpression | None) -> list[str]:
    if isinstance(caught, cst.Tuple):
        return [last_name(element.value) for element in caught.elements]
    return [last_name(caught)] if caught else []


def _is_set(site: Site[cst.Attribute]) -> bool:
    target = site.parent
    if isinstance(target, cst.AssignTarget):
        return True
    return isinstance(target, cst.AnnAssign) and target.target is site.node
