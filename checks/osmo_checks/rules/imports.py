"""The imports of a rollout's modules, as rules about packages see them."""

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.scope import Site
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout

#: Modules that Python had before 3.12 or 3.13; what replaced them is not for a rule about packages to say.
_FORMER = frozenset(
    ("asynchat", "asyncore", "cgi", "crypt", "distutils", "imp", "imghdr", "pipes", "smtpd", "telnetlib", "uu")
)
_STANDARD = sys.stdlib_module_names | _FORMER


class Imported(NamedTuple):
    """One absolute import of something that is not in Python's standard library.

    ``name`` is dotted, as far as the statement says it; ``node`` is what to point at.
    """

    module: Module
    node: cst.CSTNode
    name: str
    is_optional: bool
    is_the_users: bool

    @property
    def root(self) -> str:
        return self.name.partition(".")[0]


def imports_of(rollout: Rollout) -> Iterator[Imported]:
    for module in rollout.modules:
        for scope in module.scope.below():
            sites: list[Site[Any]] = [*scope.each(cst.Import), *scope.each(cst.ImportFrom)]
            for site in sites:
                optional = is_optional(site)
                for node, name in _names(site.node):
                    root = name.partition(".")[0]
                    if root not in _STANDARD:
                        users = rollout.project.find(root) is not None or rollout.project.holds_package(root)
                        yield Imported(module, node, name, optional, users)


def _names(node: cst.Import | cst.ImportFrom) -> Iterator[tuple[cst.CSTNode, str]]:
    if isinstance(node, cst.Import):
        for alias in node.names:
            yield alias.name, dotted_name(alias.name)
    elif node.module and not node.relative:
        yield node.module, dotted_name(node.module)


def is_optional(site: Site[Any]) -> bool:
    """Tell whether the import may fail, or is never made: inside ``try``, or below a condition."""
    return any(isinstance(node, cst.Try | cst.TryStar | cst.If) for node in site.ancestors())
