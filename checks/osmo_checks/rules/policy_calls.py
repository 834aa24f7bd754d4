"""How a workflow asks the policy: whether it does at all, and with which sampling settings."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.scope import ImportBinding, Scope
from osmo_checks.python.values import Constant, External, Instance, UserClass, UserFunction
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.names import value_of

_ADDRESS = "chat_completions_url"
#: What a model call, or the settings for it, is named by.
_ASKING = (
    "completions.create",
    "responses.create",
    "completion",
    "acompletion",
    "ModelSettings",
    "OsmosisRolloutModel",
)


class Setting(NamedTuple):
    """A sampling setting whose value stands in the code: ``temperature=0`` or ``{"temperature": 0}``."""

    name: str
    value: Any
    node: cst.BaseExpression
    scope: Scope


def may_ask_policy(rollout: Rollout) -> bool:
    """Tell whether anything in the rollout refers to the policy's address, or to the placeholder that stands for it."""
    placeholder = External(rollout.sdk("OsmosisRolloutModel"))
    for module in rollout.modules:
        imported = [rollout.resolver.name(name, module.scope) for name in _imported(module)]
        if module.scope.stars or placeholder in imported:
            return True
        for scope in module.scope.below():
            if any(site.node.attr.value in (_ADDRESS, "OsmosisRolloutModel") for site in scope.each(cst.Attribute)):
                return True
            if any("CHAT_COMPLETIONS_URL" in site.node.value for site in scope.each(cst.SimpleString)):
                return True
    return any(call.name == placeholder.name or _hands_on_context(rollout, call) for call in rollout.calls)


def _imported(module: Module) -> list[str]:
    bindings = module.scope.bindings.items()
    return [name for name, given in bindings if any(isinstance(one, ImportBinding) for one in given)]


def _hands_on_context(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` gives the rollout context to code that cannot be followed."""
    if isinstance(call.function, UserFunction | UserClass):
        return False
    context = Instance(External(rollout.sdk("RolloutContext")))
    return any(rollout.resolver.expression(one.value, call.site.scope) == context for one in call.site.node.args)


def asks_model(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` is known to ask a model: through a client, or as an agent's turn."""
    agents = (rollout.sdk("OsmosisStrandsAgent"), "strands.Agent")
    if call.name.endswith(_ASKING[:4]) or call.name.startswith("agents.Runner.run"):
        return True
    return any(call.name.startswith(f"{agent}.invoke") for agent in agents)


def sampling_settings(rollout: Rollout) -> Iterator[Setting]:
    """Yield the settings that the workflow's model calls, request bodies and placeholders are given, once each."""
    found: dict[cst.BaseExpression, Setting] = {}
    for scope in rollout.workflow_scopes:
        given = [
            one for call in rollout.calls_in(scope) if call.name.endswith(_ASKING) for one in _given(rollout, call)
        ]
        written = [one for site in scope.each(cst.Dict) for one in _by_key(rollout, site.node, scope)]
        found |= {setting.node: setting for setting in (*given, *written)}
    for module in rollout.modules:
        for call in rollout.calls_in(module.scope):
            if call.name == rollout.sdk("OsmosisRolloutModel"):
                found |= {setting.node: setting for setting in _given(rollout, call)}
    yield from found.values()


def _given(rollout: Rollout, call: Call) -> Iterator[Setting]:
    for argument in call.site.node.args:
        value = rollout.resolver.expression(argument.value, call.site.scope)
        if argument.keyword and isinstance(value, Constant):
            yield Setting(argument.keyword.value, value.value, argument.value, call.site.scope)
        node, scope = value_of(argument.value, call.site.scope)
        if isinstance(node, cst.Dict):
            yield from _by_key(rollout, node, scope)


def _by_key(rollout: Rollout, node: cst.Dict, scope: Scope) -> Iterator[Setting]:
    for element in node.elements:
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            value = rollout.resolver.expression(element.value, scope)
            if isinstance(value, Constant):
                yield Setting(element.key.text, value.value, element.value, scope)
