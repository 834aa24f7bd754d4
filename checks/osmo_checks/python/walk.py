"""One walk over a tree: scopes, what they bind, and the nodes rules ask for.

The walk is iterative. It records for each node the
chain of nodes it lies in, so that a rule can look outwards without a parent provider.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeAlias

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import (
    Binding,
    ClassBinding,
    EnteredBinding,
    FunctionBinding,
    ImportBinding,
    OtherBinding,
    ParameterBinding,
    Parents,
    Scope,
    Site,
    ValueBinding,
)

_OPERATORS = (cst.BaseUnaryOp, cst.BaseBinaryOp, cst.BaseBooleanOp, cst.BaseCompOp, cst.BaseAugOp)
#: Values of fields that are no nodes, and nodes that lead nowhere: names, numbers, operators, punctuation.
_NOT_NODES = frozenset(
    (
        *(type(None), str, bool, cst.Name, cst.Integer, cst.Float, cst.Imaginary),
        *(cst.Dot, cst.Asynchronous, cst.From, cst.Pass, cst.Ellipsis),
        *(operator for kind in _OPERATORS for operator in kind.__subclasses__()),
    )
)
#: Nodes that rules reach through others.
_NEVER_ASKED_FOR = frozenset(
    (
        *(cst.Arg, cst.Name, cst.Param, cst.Parameters, cst.SimpleStatementLine),
        *(cst.IndentedBlock, cst.Index, cst.SubscriptElement, cst.Element, cst.DictElement, cst.Integer),
        *(cst.Annotation, cst.ImportAlias, cst.AsName, cst.ComparisonTarget, cst.Decorator),
    )
)

#: A node still to be visited, the nodes around it, and the scope it lies in.
Visit: TypeAlias = tuple[cst.CSTNode, Parents, Scope]
Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp


def walk(tree: cst.Module) -> Scope:
    """Return the module's scope, with every scope below it filled."""
    module = Scope("module", "", tree, None)
    pending: list[Visit] = [(node, (tree, None), module) for node in reversed(tree.body)]
    while pending:
        node, parents, scope = pending.pop()
        kind = type(node)
        if kind not in _NEVER_ASKED_FOR:
            site = Site(node, scope, parents)
            sites = scope.sites
            if kind in sites:
                sites[kind].append(site)
            else:
                sites[kind] = [site]
            if kind in _SCOPES:
                pending.extend(reversed(_SCOPES[kind](node, site)))
                continue
            if kind in _BINDINGS:
                _BINDINGS[kind](node, scope)
        link = (node, parents)
        pending.extend([(child, link, scope) for child in reversed(children(node))])
    return module


@cache
def _values(kind: type[cst.CSTNode]) -> Callable[[cst.CSTNode], Iterable[Any]]:
    """Return what gets the values of a node type's fields, in one step."""
    names = kind.fields
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda node: (getattr(node, names[0]),)) if names else (lambda _node: ())


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the nodes directly below ``node`` that carry meaning, without plain names."""
    found: list[cst.CSTNode] = []
    for value in _values(type(node))(node):
        kind = type(value)
        if kind is list or kind is tuple:
            found.extend(value)
        elif kind not in _NOT_NODES:
            found.append(value)
    return found


def parts_of(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the nodes directly below ``node`` that carry meaning, with names."""
    names = [part for field in type(node).fields if isinstance(part := getattr(node, field), cst.Name)]
    return [*names, *children(node)]


def all_below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield an expression and everything it is made of that carries meaning, names of variables included."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend([node.value] if isinstance(node, cst.Attribute) else parts_of(node))


def is_same_code(one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Tell whether two expressions are written alike, white space and parentheses aside."""
    pairs = [(one, other)]
    while pairs:
        one, other = pairs.pop()
        if type(one) is not type(other):
            return False
        for left, right in zip(_values(type(one))(one), _values(type(one))(other), strict=True):
            if isinstance(left, cst.CSTNode):
                pairs.append((left, right))
            elif isinstance(left, list):
                if not isinstance(right, list) or len(left) != len(right):
                    return False
                pairs.extend(zip(left, right, strict=True))
            elif left != right:
                return False
    return True


def docstring_of(function: cst.FunctionDef) -> str:
    """Return a function's docstring without the white space around it; an empty text if it has none."""
    first = function.body.body[0] if function.body.body else None
    line = first.body[0] if isinstance(first, cst.SimpleStatementLine) and first.body else first
    if not isinstance(line, cst.Expr) or not isinstance(line.value, cst.SimpleString):
        return ""
    text = line.value.evaluated_value
    return text.strip() if isinstance(text, str) else ""


def _function(node: cst.FunctionDef, site: Site[cst.CSTNode]) -> list[Visit]:
    inner = Scope("function", node.name.value, node, site.scope)
    inner.site = site
    site.scope.bind(node.name.value, FunctionBinding(inner))
    link = (node, site.parents)
    return [
        *((decorator, link, site.scope) for decorator in node.decorators),
        *_parameters(node.params, inner, link, site.scope),
        *([(node.returns, link, site.scope)] if node.returns else []),
        (node.body, link, inner),
    ]


def _lambda(node: cst.Lambda, site: Site[cst.CSTNode]) -> list[Visit]:
    inner = Scope("function", "<lambda>", node, site.scope)
    inner.site = site
    link = (node, site.parents)
    return [*_parameters(node.params, inner, link, site.scope), (node.body, link, inner)]


def _parameters(parameters: cst.Parameters, inner: Scope, link: Parents, outer: Scope) -> Iterator[Visit]:
    for parameter in all_parameters(parameters):
        inner.bind(parameter.name.value, ParameterBinding(inner, parameter))
        for part in (parameter.annotation, parameter.default):
            if part is not None:
                yield part, link, outer


def all_parameters(parameters: cst.Parameters) -> list[cst.Param]:
    """Return every parameter in the order written, ``*args`` and ``**kwargs`` included."""
    star = [parameters.star_arg] if isinstance(parameters.star_arg, cst.Param) else []
    double = [parameters.star_kwarg] if parameters.star_kwarg else []
    return [*parameters.posonly_params, *parameters.params, *star, *parameters.kwonly_params, *double]


def _class(node: cst.ClassDef, site: Site[cst.CSTNode]) -> list[Visit]:
    inner = Scope("class", node.name.value, node, site.scope)
    inner.site = site
    site.scope.bind(node.name.value, ClassBinding(inner))
    link = (node, site.parents)
    outside = [*node.decorators, *node.bases, *node.keywords]
    return [*((part, link, site.scope) for part in outside), (node.body, link, inner)]


def _comprehension(node: Comprehension, site: Site[cst.CSTNode]) -> list[Visit]:
    inner = Scope("comprehension", "", node, site.scope)
    inner.site = site
    link = (node, site.parents)
    loop: cst.CompFor | None = node.for_in
    visits: list[Visit] = [(loop.iter, (loop, link), site.scope)] if loop else []
    while loop:
        _bind_target(loop.target, inner, None)
        visits.extend((condition, (loop, link), inner) for condition in loop.ifs)
        loop = loop.inner_for_in
        if loop:
            visits.append((loop.iter, (loop, link), inner))
    parts = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
    return [*visits, *((part, link, inner) for part in parts)]


def _bind_assign(node: cst.Assign, scope: Scope) -> None:
    for target in node.targets:
        _bind_target(target.target, scope, node.value)


def _bind_annotated(node: cst.AnnAssign, scope: Scope) -> None:
    _bind_target(node.target, scope, node.value, node.annotation.annotation)


def _bind_walrus(node: cst.NamedExpr, scope: Scope) -> None:
    _bind_target(node.target, _nearest_function(scope), node.value)


def _bind_plain_target(node: cst.AugAssign | cst.For | cst.Del, scope: Scope) -> None:
    _bind_target(node.target, scope, None)


def _bind_with(node: cst.WithItem, scope: Scope) -> None:
    target = node.asname.name if node.asname else None
    if isinstance(target, cst.Name):
        scope.bind(target.value, EnteredBinding(node.item, scope))
    elif target:
        _bind_target(target, scope, None)


def _bind_except(node: cst.ExceptHandler | cst.ExceptStarHandler, scope: Scope) -> None:
    if node.name:
        _bind_target(node.name.name, scope, None)


def _bind_global(node: cst.Global | cst.Nonlocal, scope: Scope) -> None:
    for item in node.names:
        scope.bind(item.name.value, OtherBinding(node))
        scope.module.bind(item.name.value, OtherBinding(node))


def _bind_match(node: cst.MatchAs | cst.MatchStar, scope: Scope) -> None:
    if node.name:
        scope.bind(node.name.value, OtherBinding(node))


def _bind_type_alias(node: cst.TypeAlias, scope: Scope) -> None:
    scope.bind(node.name.value, ValueBinding(node.value, None, scope))


def _bind_target(
    target: cst.CSTNode,
    scope: Scope,
    value: cst.BaseExpression | None,
    annotation: cst.BaseExpression | None = None,
) -> None:
    binding: Binding = OtherBinding(target)
    if value is not None or annotation is not None:
        binding = ValueBinding(value, annotation, scope)
    if isinstance(target, cst.Name):
        scope.bind(target.value, binding)
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            _bind_target(element.value, scope, None)
    elif isinstance(target, cst.StarredElement):
        _bind_target(target.value, scope, None)
    elif isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name) and isinstance(binding, ValueBinding):
        owner = _class_of_self(target.value.value, scope)
        if owner:
            owner.attributes.setdefault(target.attr.value, []).append(binding)


def _class_of_self(name: str, scope: Scope) -> Scope | None:
    """Return the class whose instance ``name`` is, where ``scope`` is a method and ``name`` its first parameter."""
    if not scope.is_method or scope.function is None:
        return None
    parameters = [*scope.function.params.posonly_params, *scope.function.params.params]
    return scope.outer if parameters and parameters[0].name.value == name else None


def _nearest_function(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.outer:
        scope = scope.outer
    return scope


def _bind_import(node: cst.Import, scope: Scope) -> None:
    for alias in node.names:
        dotted = dotted_name(alias.name)
        scope.imports.append(ImportBinding(dotted, 0))
        if alias.asname and isinstance(alias.asname.name, cst.Name):
            scope.bind(alias.asname.name.value, ImportBinding(dotted, 0))
        else:
            first = dotted.partition(".")[0]
            scope.bind(first, ImportBinding(first, 0))


def _bind_import_from(node: cst.ImportFrom, scope: Scope) -> None:
    module = dotted_name(node.module) if node.module else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        scope.stars.append(ImportBinding(module, level))
        scope.imports.append(scope.stars[-1])
        return
    for alias in node.names:
        name = dotted_name(alias.name)
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        binding = ImportBinding(f"{module}.{name}" if module else name, level)
        scope.imports.append(binding)
        scope.bind(bound, binding)


def dotted_name(node: cst.CSTNode) -> str:
    """Return ``a.b.c`` for a chain of names, and an empty text for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([node.value, *reversed(parts)])


_SCOPES: Final[Mapping[type[cst.CSTNode], Callable[[Any, Site[cst.CSTNode]], list[Visit]]]] = {
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.Lambda: _lambda,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _comprehension,
    cst.GeneratorExp: _comprehension,
}
_BINDINGS: Final[Mapping[type[cst.CSTNode], Callable[[Any, Scope], None]]] = {
    cst.Assign: _bind_assign,
    cst.AnnAssign: _bind_annotated,
    cst.NamedExpr: _bind_walrus,
    cst.AugAssign: _bind_plain_target,
    cst.For: _bind_plain_target,
    cst.Del: _bind_plain_target,
    cst.WithItem: _bind_with,
    cst.ExceptHandler: _bind_except,
    cst.ExceptStarHandler: _bind_except,
    cst.Global: _bind_global,
    cst.Nonlocal: _bind_global,
    cst.MatchAs: _bind_match,
    cst.MatchStar: _bind_match,
    cst.TypeAlias: _bind_type_alias,
    cst.Import: _bind_import,
    cst.ImportFrom: _bind_import_from,
}
