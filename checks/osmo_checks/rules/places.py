"""Places that several rules point at."""

from collections.abc import Iterator

from osmo_checks.credentials import secrets_in
from osmo_checks.finding import START, Position
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import InCode, InText, Place
from osmo_checks.sources import lines_of


def top_of(module: Module) -> Place:
    return InText(module.source.shown, START, START)


def name_of(rollout: Rollout, scope: Scope) -> Place:
    """Point at the name in ``class Name`` or ``def name``."""
    node = scope.node
    named = node.name if isinstance(node, cst.ClassDef | cst.FunctionDef) else node
    return in_code(rollout, scope, named)


def in_code(rollout: Rollout, scope: Scope, node: cst.CSTNode) -> Place:
    return InCode(rollout.project.module_of(scope), node)


def written(rollout: Rollout, scope: Scope, node: cst.CSTNode) -> str:
    """Return the code of ``node`` as it stands in the file, for a repair."""
    tree = rollout.project.module_of(scope).tree.origin
    # Where only a glance was taken there is none, and no repair is made either.
    return str(tree.code_for_node(node.origin)) if tree else ""


def secrets_of(shown: str, text: str) -> Iterator[tuple[Place, str]]:
    """Yield where secrets of known kinds stand in a file's text, and of what kind they are."""
    for secret in secrets_in(text):
        start, end = (_position(text, offset) for offset in (secret.start, secret.end))
        yield InText(shown, start, end), secret.kind


def _position(text: str, offset: int) -> Position:
    before = lines_of(text[:offset])
    return Position(len(before), len(before[-1]) + 1)
