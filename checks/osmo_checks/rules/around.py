"""What lies around a node, and what lies in a block."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site

N = TypeVar("N", bound=cst.CSTNode)


def sites_in(block: cst.CSTNode, scope: Scope, kind: type[N]) -> Iterator[Site[N]]:
    """Yield the nodes of one type that lie in ``block``, without those of functions inside it."""
    for site in scope.each(kind):
        if any(around is block for around in site.ancestors()):
            yield site


def holds(block: cst.CSTNode, scope: Scope, kinds: Iterable[type[cst.CSTNode]]) -> bool:
    """Tell whether a node of one of ``kinds`` lies in ``block``, functions inside it left out."""
    return any(True for kind in kinds for _ in sites_in(block, scope, kind))
