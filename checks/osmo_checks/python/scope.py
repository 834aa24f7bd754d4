"""What a walk leaves behind: scopes, the names they bind, and sites (a node and where it stands)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar, cast

from osmo_checks.python import nodes as cst

N = TypeVar("N", bound=cst.CSTNode)

#: The chain of nodes a node lies in, innermost first: ``(parent, its chain)``.
Parents: TypeAlias = "tuple[cst.CSTNode, Parents] | None"
ScopeKind = Literal["module", "class", "function", "comprehension"]


class Site(NamedTuple, Generic[N]):
    """A node, the scope its names are looked up in, and the nodes around it."""

    node: N
    scope: "Scope"
    parents: Parents

    @property
    def parent(self) -> cst.CSTNode | None:
        return self.parents[0] if self.parents else None

    def ancestors(self) -> Iterator[cst.CSTNode]:
        """Yield the nodes around this one, innermost first, as far as the module."""
        link = self.parents
        while link:
            yield link[0]
            link = link[1]


class ImportBinding(NamedTuple):
    """``target`` is dotted; ``level`` counts the leading dots of a relative import."""

    target: str
    level: int


class ClassBinding(NamedTuple):
    scope: "Scope"


class FunctionBinding(NamedTuple):
    scope: "Scope"


class ValueBinding(NamedTuple):
    """``name = value``; ``annotation`` alone where a name is only declared."""

    value: cst.BaseExpression | None
    annotation: cst.BaseExpression | None
    scope: "Scope"


class ParameterBinding(NamedTuple):
    function: "Scope"
    parameter: cst.Param


class EnteredBinding(NamedTuple):
    """``with value as name``."""

    value: cst.BaseExpression
    scope: "Scope"


class OtherBinding(NamedTuple):
    """Bound by something that is not followed: a loop, ``except``, unpacking, ``del``."""

    node: cst.CSTNode


Binding: TypeAlias = (
    ImportBinding | ClassBinding | FunctionBinding | ValueBinding | ParameterBinding | EnteredBinding | OtherBinding
)


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function (or lambda) or comprehension.

    ``sites`` holds the nodes of this scope by type, in source order, without those of scopes inside it; ``imports``
    holds what its import statements name, ``stars`` those of ``*``; ``attributes`` what methods assign to ``self``.
    """

    kind: ScopeKind
    name: str
    node: cst.CSTNode
    outer: "Scope | None"
    module: "Scope" = field(init=False)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    sites: dict[type[cst.CSTNode], list[Site[cst.CSTNode]]] = field(default_factory=dict)
    inner: list["Scope"] = field(default_factory=list)
    imports: list[ImportBinding] = field(default_factory=list)
    stars: list[ImportBinding] = field(default_factory=list)
    attributes: dict[str, list[ValueBinding]] = field(default_factory=dict)
    site: Site[cst.CSTNode] | None = None

    def __post_init__(self) -> None:
        self.module = self.outer.module if self.outer else self
        if self.outer:
            self.outer.inner.append(self)

    def each(self, kind: type[N]) -> "list[Site[N]]":
        """Return the sites of one node type in this scope, in source order."""
        return cast("list[Site[N]]", self.sites.get(kind, []))

    def below(self) -> Iterator["Scope"]:
        """Yield this scope and all scopes inside it."""
        pending = [self]
        while pending:
            scope = pending.pop()
            yield scope
            pending.extend(reversed(scope.inner))

    def bind(self, name: str, binding: Binding) -> None:
        self.bindings.setdefault(name, []).append(binding)

    @property
    def function(self) -> cst.FunctionDef | None:
        return self.node if isinstance(self.node, cst.FunctionDef) else None

    @property
    def definition(self) -> cst.ClassDef | None:
        return self.node if isinstance(self.node, cst.ClassDef) else None

    @property
    def is_async(self) -> bool:
        return self.function is not None and self.function.asynchronous is not None

    @property
    def is_method(self) -> bool:
        return self.kind == "function" and self.outer is not None and self.outer.kind == "class"
