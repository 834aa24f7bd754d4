"""What names and expressions are, followed across the rollout's files.

Answers are three-valued throughout: yes, no, and unknown. Whatever could be several things is unknown.
"""

import builtins
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from osmo_checks.python import nodes as cst
from osmo_checks.python.glance import expression
from osmo_checks.python.project import Module, Project
from osmo_checks.python.scope import (
    Binding,
    ClassBinding,
    EnteredBinding,
    FunctionBinding,
    ImportBinding,
    ParameterBinding,
    Scope,
    Site,
    ValueBinding,
)
from osmo_checks.python.values import (
    UNKNOWN,
    Constant,
    External,
    Instance,
    Unknown,
    UserClass,
    UserFunction,
    UserModule,
    Value,
)

_BUILTINS = frozenset(dir(builtins))
_SINGLETONS = {"None": None, "True": True, "False": False}
_DEEPEST = 40


@dataclass(eq=False)
class Resolver:
    """Resolves expressions of ``project``.

    ``canonical`` gives one name to things that can be imported from several places; ``returns`` says which class a call
    of an external function gives (both are the contract's); ``role`` says what a parameter that nothing annotates is.
    """

    project: Project
    canonical: Callable[[str], str] = str
    returns: Callable[[str], str | None] = lambda _name: None
    role: Callable[[Scope, cst.Param], Value] = lambda _function, _parameter: UNKNOWN
    _known: dict[tuple[str, Hashable], Value] = field(default_factory=dict)
    _depth: int = 0

    # names -----------------------------------------------------------------------------------------------------

    def name(self, name: str, scope: Scope) -> Value:
        """Return what ``name`` is where code in ``scope`` uses it."""
        place: Scope | None = scope
        while place:
            if place is scope or place.kind != "class":
                bindings = place.bindings.get(name)
                if bindings:
                    return self._one([self._binding(binding, place) for binding in bindings])
            place = place.outer
        if name in _SINGLETONS:
            return Constant(_SINGLETONS[name])
        starred = self._from_stars(name, scope.module)
        if not isinstance(starred, Unknown):
            return starred
        return External(f"builtins.{name}") if name in _BUILTINS and not scope.module.stars else UNKNOWN

    def member(self, module: Scope, name: str) -> Value:
        """Return what ``name`` is in a module of the user's, seen from outside."""
        bindings = module.bindings.get(name)
        if bindings:
            return self._one([self._binding(binding, module) for binding in bindings])
        owner = self.project.module_of(module)
        submodule = self.project.find(f"{owner.name}.{name}") if owner.is_package else None
        return UserModule(submodule.scope) if submodule else self._from_stars(name, module)

    def _one(self, values: Sequence[Value]) -> Value:
        """Return the one thing that all ``values`` are; several different ones are unknown."""
        first = values[0]
        return first if all(value == first for value in values[1:]) else UNKNOWN

    def _binding(self, binding: Binding, scope: Scope) -> Value:
        if isinstance(binding, ClassBinding | FunctionBinding):
            return UserClass(binding.scope) if isinstance(binding, ClassBinding) else UserFunction(binding.scope)
        if isinstance(binding, ImportBinding):
            return self._guarded("import", (binding, scope), lambda: self._imported(binding, scope))
        if isinstance(binding, ValueBinding):
            return self._guarded("assigned", binding, lambda: self._assigned(binding))
        if isinstance(binding, EnteredBinding):
            return self._guarded("entered", binding, lambda: self._entered(binding))
        if isinstance(binding, ParameterBinding):
            return self._guarded("parameter", binding.parameter, lambda: self._parameter(binding))
        return UNKNOWN

    def _assigned(self, binding: ValueBinding) -> Value:
        value = self.expression(binding.value, binding.scope) if binding.value else UNKNOWN
        if isinstance(value, Unknown) or (isinstance(value, Constant) and value.value is None):
            annotated = self.annotation(binding.annotation, binding.scope)
            return annotated if not isinstance(annotated, Unknown) else value
        return value

    def _entered(self, binding: EnteredBinding) -> Value:
        """Return what `with` gives: files and clients give themselves; the user's context managers, anything."""
        value = self.expression(binding.value, binding.scope)
        made_by_user = isinstance(binding.value, cst.Call) and isinstance(
            self.expression(binding.value.func, binding.scope), UserFunction
        )
        return value if isinstance(value, Instance) and isinstance(value.of, External) and not made_by_user else UNKNOWN

    def _parameter(self, binding: ParameterBinding) -> Value:
        function, parameter = binding.function, binding.parameter
        if parameter.star:
            return UNKNOWN
        if function.is_method and function.outer and function.function:
            ordered = [*function.function.params.posonly_params, *function.function.params.params]
            if ordered and ordered[0] is parameter:
                return self._receiver(function, function.outer)
        annotation = parameter.annotation.annotation if parameter.annotation else None
        declared = self.annotation(annotation, function.outer or function)
        return declared if not isinstance(declared, Unknown) else self.role(function, parameter)

    def _receiver(self, method: Scope, owner: Scope) -> Value:
        marks = {mark.name for mark in self.decorators(method) if isinstance(mark, External)}
        if "builtins.staticmethod" in marks:
            return UNKNOWN
        return UserClass(owner) if "builtins.classmethod" in marks else Instance(UserClass(owner))

    # imports ---------------------------------------------------------------------------------------------------

    def _imported(self, binding: ImportBinding, scope: Scope) -> Value:
        target = self._absolute(binding, scope)
        return UNKNOWN if target is None else self.dotted(target)

    def _absolute(self, binding: ImportBinding, scope: Scope) -> str | None:
        if not binding.level:
            return binding.target
        base = self.project.module_of(scope).package.split(".")
        dropped = binding.level - 1
        if dropped >= len(base) and dropped:
            return None
        parts = base[: len(base) - dropped] if dropped else base
        return ".".join(part for part in (*parts, binding.target) if part)

    def dotted(self, name: str) -> Value:
        """Return what the absolute dotted ``name`` is: the longest part that is the user's module, then its members."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.project.find(".".join(parts[:length]))
            if module:
                value: Value = UserModule(module.scope)
                for part in parts[length:]:
                    value = self.attribute(value, part)
                return value
        if self.project.holds_package(parts[0]):
            return UNKNOWN
        return External(self.canonical(name))

    def starred_module(self, star: ImportBinding, scope: Scope) -> Module | None:
        """Return the user's module that ``from ... import *`` takes names from, if it is the user's."""
        target = self._absolute(star, scope)
        return self.project.find(target) if target else None

    def imported_modules(self, scope: Scope) -> Iterator[Module]:
        """Yield the user's modules that imports in ``scope`` make Python read."""
        for binding in scope.imports:
            target = self._absolute(binding, scope)
            parts = target.split(".") if target else []
            for length in range(1, len(parts) + 1):
                module = self.project.find(".".join(parts[:length]))
                if module:
                    yield module

    def _from_stars(self, name: str, module: Scope) -> Value:
        for star in module.stars:
            found = self.starred_module(star, module)
            if found and found.scope is not module:
                value = self._guarded("star", (found.scope, name), partial(self.member, found.scope, name))
                if not isinstance(value, Unknown):
                    return value
        return UNKNOWN

    # expressions -----------------------------------------------------------------------------------------------

    def of(self, site: Site[cst.CSTNode]) -> Value:
        return self.expression(site.node, site.scope)

    def expression(self, node: cst.CSTNode, scope: Scope) -> Value:
        """Return what the expression ``node``, standing in ``scope``, is."""
        if isinstance(node, cst.Name):
            return self.name(node.value, scope)
        return self._guarded("expression", node, lambda: self._expression(node, scope))

    def _expression(self, node: cst.CSTNode, scope: Scope) -> Value:
        if isinstance(node, cst.Attribute):
            return self.attribute(self.expression(node.value, scope), node.attr.value)
        if isinstance(node, cst.Call):
            return self.result(self.expression(node.func, scope))
        if isinstance(node, cst.Await):
            return self.expression(node.expression, scope)
        if isinstance(node, cst.Subscript):
            value = self.expression(node.value, scope)
            return value if isinstance(value, UserClass | External) else UNKNOWN
        if isinstance(node, cst.NamedExpr):
            return self.expression(node.value, scope)
        return literal(node)

    def attribute(self, value: Value, name: str) -> Value:
        """Return what ``value.name`` is."""
        if isinstance(value, External):
            return External(self.canonical(f"{value.name}.{name}"))
        if isinstance(value, UserModule):
            return self.member(value.scope, name)
        if isinstance(value, UserClass):
            return self._class_member(value.scope, name, bound=False)
        if isinstance(value, Instance):
            if isinstance(value.of, External):
                return External(self.canonical(f"{value.of.name}.{name}"))
            return self._class_member(value.of.scope, name, bound=True)
        return UNKNOWN

    def _class_member(self, owner: Scope, name: str, *, bound: bool) -> Value:
        for base in self.mro(owner):
            if isinstance(base, Unknown):
                return UNKNOWN
            if isinstance(base, External):
                return External(self.canonical(f"{base.name}.{name}"))
            found = base.bindings.get(name)
            if found:
                value = self._one([self._binding(binding, base) for binding in found])
                return UserFunction(value.scope, owner) if bound and isinstance(value, UserFunction) else value
            assigned = base.attributes.get(name)
            if assigned:
                return self._one([self._binding(binding, base) for binding in assigned])
        return UNKNOWN

    def result(self, called: Value) -> Value:
        """Return what calling ``called`` gives (and, for a coroutine, awaiting it)."""
        if isinstance(called, UserClass):
            return Instance(called)
        if called == External("builtins.super"):
            # Which class answers depends on the class of the object, not on where this stands.
            return UNKNOWN
        if isinstance(called, External):
            return Instance(External(self.canonical(self.returns(called.name) or called.name)))
        if isinstance(called, UserFunction):
            return self._guarded("returned", called.scope, lambda: self._returned(called.scope))
        return UNKNOWN

    def _returned(self, function: Scope) -> Value:
        returns = function.each(cst.Return)
        if returns and all(site.node.value for site in returns):
            value = self._one([self.expression(site.node.value, function) for site in returns if site.node.value])
            if not isinstance(value, Unknown):
                return value
        declared = function.function.returns if function.function else None
        return self.annotation(declared.annotation if declared else None, function.outer or function)

    def annotation(self, node: cst.BaseExpression | None, scope: Scope) -> Value:
        """Return an instance of the class that an annotation names, ``X | None`` and quoted ones included."""
        if isinstance(node, cst.SimpleString):
            node = expression(node.text)
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            sides = [side for side in (node.left, node.right) if literal(side) != Constant(None)]
            node = sides[0] if len(sides) == 1 else None
        if isinstance(node, cst.Subscript):
            node = self._meant(node, scope)
        if node is None:
            return UNKNOWN
        value = self.expression(node, scope)
        return Instance(value) if isinstance(value, External | UserClass) else UNKNOWN

    def _meant(self, node: cst.Subscript, scope: Scope) -> cst.BaseExpression | None:
        outer = self.expression(node.value, scope)
        wrappers = ("typing.Optional", "typing.Annotated", "typing.Final", "typing.ClassVar")
        if isinstance(outer, External) and outer.name in wrappers:
            inner = node.slice[0].slice
            return inner.value if isinstance(inner, cst.Index) else None
        return node.value

    # classes ---------------------------------------------------------------------------------------------------

    def mro(self, owner: Scope) -> list[Scope | External | Unknown]:
        """Return the class and its bases, nearest first (depth first, which is enough to look names up)."""
        order: list[Scope | External | Unknown] = []
        pending: list[Value] = [UserClass(owner)]
        while pending and len(order) < _DEEPEST:
            value = pending.pop(0)
            if isinstance(value, UserClass):
                if value.scope in order:
                    continue
                order.append(value.scope)
                pending = [*self.bases(value.scope), *pending]
            else:
                order.append(value if isinstance(value, External) else UNKNOWN)
        return order

    def bases(self, owner: Scope) -> list[Value]:
        definition = owner.definition
        if not definition:
            return []
        return [
            UNKNOWN if argument.star else self.expression(argument.value, owner.outer or owner)
            for argument in definition.bases
        ]

    def derives(self, owner: Scope, names: Iterable[str]) -> bool | None:
        """Tell whether a class of the user's derives from one of ``names``; ``None`` where that cannot be known."""
        wanted = set(names)
        order = self.mro(owner)
        if any(isinstance(base, External) and base.name in wanted for base in order):
            return True
        return None if any(isinstance(base, Unknown) for base in order) else False

    def decorators(self, scope: Scope) -> list[Value]:
        node = scope.function or scope.definition
        found = []
        for decorator in node.decorators if node else ():
            target = decorator.decorator
            if isinstance(target, cst.Call):
                target = target.func
            found.append(self.expression(target, scope.outer or scope))
        return found

    # ------------------------------------------------------------------------------------------------------------

    def _guarded(self, kind: str, key: Hashable, work: Callable[[], Value]) -> Value:
        """Remember answers, and answer unknown where the question leads back to itself or too deep."""
        mark = (kind, key)
        if mark in self._known:
            return self._known[mark]
        if self._depth >= _DEEPEST:
            return UNKNOWN
        self._known[mark] = UNKNOWN
        self._depth += 1
        try:
            self._known[mark] = work()
        finally:
            self._depth -= 1
        return self._known[mark]


def literal(node: cst.CSTNode) -> Value:
    """Return the value of a literal expression, ``UNKNOWN`` for anything else."""
    if isinstance(node, cst.SimpleString | cst.Integer | cst.Float):
        return _constant(lambda: node.evaluated_value)
    if isinstance(node, cst.Name) and node.value in _SINGLETONS:
        return Constant(_SINGLETONS[node.value])
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = literal(node.expression)
        if isinstance(inner, Constant) and isinstance(inner.value, int | float):
            return Constant(-inner.value)
    return UNKNOWN


def _constant(evaluate: Callable[[], object]) -> Value:
    try:
        value = evaluate()
    except (ValueError, SyntaxError, OverflowError):
        return UNKNOWN
    return UNKNOWN if value is None else Constant(value)
