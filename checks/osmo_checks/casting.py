"""Which of the user's classes play the platform's roles, found the way the SDK finds them.

Generation 0.2 scans the names of the entrypoint's module; from 0.3 on the entrypoint hands classes to a backend itself.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from osmo_checks.contracts import Role
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Binding, Scope, ValueBinding
from osmo_checks.python.values import Constant, External, Instance, Unknown, UserClass, Value

if TYPE_CHECKING:
    from osmo_checks.rollout import Call, Rollout

_PLAIN = (cst.SimpleString, cst.FormattedString, cst.Integer, cst.Float, cst.List, cst.Tuple, cst.Dict, cst.Set)
#: What makes workflows and graders of the classes that it is given.
BACKENDS = ("LocalBackend", "HarborBackend")


class Player(NamedTuple):
    """A class of the user's that plays a role on the platform."""

    role: Role
    scope: Scope


class Cast(NamedTuple):
    """Who plays a role. ``complete`` is false where something that cannot be resolved might play it too."""

    players: tuple[Player, ...]
    complete: bool


class Given(NamedTuple):
    """What a backend is given for a role: the expression and what that is, both ``None`` where nothing is given."""

    call: "Call"
    argument: cst.BaseExpression | None
    value: Value | None


def cast_role(rollout: "Rollout", role: Role) -> Cast:
    """Return who plays ``role`` in ``rollout``."""
    if rollout.contract.scans_entrypoint:
        return _among_names(rollout, role)
    given = _given_to_backends(rollout, role)
    return given if given.players or not given.complete else _among_names(rollout, role)


def _among_names(rollout: "Rollout", role: Role) -> Cast:
    if not rollout.entry or rollout.entry.problem:
        return Cast((), complete=False)
    scope = rollout.entry.scope
    values = {name: rollout.resolver.name(name, scope) for name in _names(scope)}
    complete = True
    for star in scope.stars:
        module = rollout.resolver.starred_module(star, scope)
        if module:
            values |= {name: rollout.resolver.member(module.scope, name) for name in _names(module.scope)}
        complete = complete and module is not None
    verdicts = [_verdict(rollout, name, value, role) for name, value in values.items()]
    players = [verdict for verdict in verdicts if isinstance(verdict, Player)]
    return Cast(tuple(dict.fromkeys(players)), complete and None not in verdicts)


def _names(module: Scope) -> list[str]:
    """Return the names that may stand for classes: not those that are only given texts, numbers, lists and the like."""
    return [name for name, bindings in module.bindings.items() if not all(_is_plain(one) for one in bindings)]


def _is_plain(binding: Binding) -> bool:
    return isinstance(binding, ValueBinding) and isinstance(binding.value, _PLAIN)


def _verdict(rollout: "Rollout", name: str, value: Value, role: Role) -> Player | bool | None:
    """Return a player, ``False`` for what does not play ``role``, or ``None`` where that cannot be known."""
    if isinstance(value, UserClass):
        derives = rollout.resolver.derives(value.scope, [role.base])
        return Player(role, value.scope) if derives else derives
    if isinstance(value, External):
        foreign = not value.name.startswith(f"{rollout.contract.data['package']}.")
        return None if foreign and role.noun in value.name.rpartition(".")[2].lower() else False
    return None if isinstance(value, Unknown | Instance) and name[:1].isupper() else False


def _given_to_backends(rollout: "Rollout", role: Role) -> Cast:
    players: list[Player] = []
    complete = True
    for given in given_to_backends(rollout, role):
        if isinstance(given.value, UserClass):
            players.append(Player(role, given.value.scope))
        elif given.argument or given.call.unpacks:
            complete = False
    return Cast(tuple(dict.fromkeys(players)), complete)


def given_to_backends(rollout: "Rollout", role: Role) -> Iterator[Given]:
    """Yield what every backend that the rollout makes is given for ``role``."""
    backends = {rollout.sdk(name) for name in BACKENDS}
    for call in rollout.calls:
        if call.name in backends:
            argument = call.argument(role.noun)
            yield Given(call, argument, _meant(rollout, argument, call.site.scope) if argument else None)


def _meant(rollout: "Rollout", argument: cst.BaseExpression, scope: Scope) -> Value:
    """Return what is given, or what a text given in its place refers to."""
    value = rollout.resolver.expression(argument, scope)
    if isinstance(value, Constant) and isinstance(value.value, str):
        module, _, attribute = value.value.partition(":")
        return rollout.resolver.attribute(rollout.resolver.dotted(module), attribute)
    return value
