"""Environment variables that code reads by a name that stands there."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Rollout

ReadSite: TypeAlias = Site[cst.Call] | Site[cst.Subscript]

_GETTERS = ("os.getenv", "os.environ.get")


class Read(NamedTuple):
    """``os.environ["NAME"]`` (``required``) or ``os.environ.get("NAME")``; ``name`` is the expression in brackets."""

    site: ReadSite
    variable: str
    name: cst.BaseExpression
    required: bool


def reads_in(rollout: Rollout, scope: Scope) -> Iterator[Read]:
    """Yield the reads of environment variables written in ``scope``, those with a known name."""
    for call in rollout.calls_in(scope):
        given = call.argument("key", 0) if call.name in _GETTERS else None
        if given is not None:
            yield from _named(rollout, call.site, given, required=False)
    for site in scope.each(cst.Subscript):
        index = site.node.slice[0].slice
        if isinstance(index, cst.Index) and _is_environment(rollout, site) and not _is_written(site):
            yield from _named(rollout, site, index.value, required=True)


def _named(rollout: Rollout, site: ReadSite, name: cst.BaseExpression, *, required: bool) -> Iterator[Read]:
    value = rollout.resolver.expression(name, site.scope)
    if isinstance(value, Constant) and isinstance(value.value, str):
        yield Read(site, value.value, name, required)


def _is_environment(rollout: Rollout, site: Site[cst.Subscript]) -> bool:
    return rollout.resolver.expression(site.node.value, site.scope) == External("os.environ")


def _is_written(site: Site[cst.Subscript]) -> bool:
    return isinstance(site.parent, cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.Del)
