"""Edits that several repairs are made of."""

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Site
from osmo_checks.python.values import External
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import InCode, Rewrite
from osmo_checks.rules.places import in_code


def awaited(rollout: Rollout, site: Site[cst.Call]) -> tuple[Rewrite, ...] | None:
    """Return the edits that put ``await`` before a call, where the function around it is a coroutine."""
    if not site.scope.is_async:
        return None
    place = in_code(rollout, site.scope, site.node)
    if isinstance(site.parent, cst.Attribute | cst.Subscript | cst.Call):
        return (Rewrite(place, "(await ", "before"), Rewrite(place, ")", "after"))
    return (Rewrite(place, "await ", "before"),)


def importing(rollout: Rollout, site: Site[cst.Call], module_name: str) -> tuple[Rewrite, ...] | None:
    """Return the edits after which ``module_name`` means that module at ``site``; ``None`` where it means another."""
    if rollout.resolver.name(module_name, site.scope) == External(module_name):
        return ()
    module = rollout.project.module_of(site.scope)
    if any(module_name in scope.bindings for scope in module.scope.below()):
        return None
    first = next((line for line in module.tree.body if _may_follow(line)), None)
    return (Rewrite(InCode(module, first), f"import {module_name}\n", "before"),) if first else None


def _may_follow(line: cst.CSTNode) -> bool:
    """Tell whether another import can stand before ``line``: it is one, and none from ``__future__``."""
    imported = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if isinstance(imported, cst.ImportFrom):
        return imported.module is None or dotted_name(imported.module) != "__future__"
    return isinstance(imported, cst.Import)
