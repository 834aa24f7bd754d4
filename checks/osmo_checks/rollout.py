"""One rollout as rules see it: its entrypoint, the classes the platform will call, and the code they reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from osmo_checks.casting import Cast, Player, cast_role
from osmo_checks.contracts import Contract, Role
from osmo_checks.paths import exists
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module, Parse, Project, look_closely
from osmo_checks.python.resolve import Resolver
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import UNKNOWN, External, Instance, UserClass, UserFunction, Value
from osmo_checks.python.walk import dotted_name
from osmo_checks.sources import Read, read_file
from osmo_checks.subjects import Config
from osmo_checks.tomlfile import TomlFile, read_toml
from osmo_checks.workspace import relative_to

#: Decorators that make a function a tool of an agent: Strands, OpenAI Agents.
TOOL_DECORATORS = ("strands.tool", "strands.tools.tool", "strands.tools.decorator.tool", "agents.function_tool")

#: Decorators under which a plain function still runs where it is called.
_PLAIN_DECORATORS = (
    *("builtins.staticmethod", "builtins.classmethod", "builtins.property", "contextlib.contextmanager"),
    *("functools.cache", "functools.lru_cache", "functools.cached_property", "functools.wraps"),
)


class Call(NamedTuple):
    """A call and what is called."""

    site: Site[cst.Call]
    function: Value

    @property
    def name(self) -> str:
        """The dotted name of what is called where it is not the user's, else an empty text."""
        return self.function.name if isinstance(self.function, External) else ""

    @property
    def written(self) -> str:
        """What is called, as the user wrote it: ``session.get``, or ``get`` where that has no name."""
        return dotted_name(self.site.node.func) or last_name(self.site.node.func)

    def argument(self, keyword: str, index: int | None = None) -> cst.BaseExpression | None:
        """Return the expression given for a parameter by name, or by 0-based position."""
        for position, argument in enumerate(self.site.node.args):
            if argument.keyword and argument.keyword.value == keyword:
                return argument.value
            if position == index and not argument.keyword and not argument.star:
                return argument.value
        return None

    @property
    def unpacks(self) -> bool:
        """Whether ``*args`` or ``**kwargs`` are given, which could be anything."""
        return any(argument.star for argument in self.site.node.args)


@dataclass(eq=False)
class Rollout:
    """``folder`` and ``workspace`` are absolute; ``entrypoint`` is relative to ``folder`` and exists.

    ``configs`` are those that name this rollout and entrypoint.
    """

    name: str
    folder: Path
    workspace: Path
    entrypoint: str
    contract: Contract
    project: Project = field(init=False)
    resolver: Resolver = field(init=False)
    configs: Sequence[Config] = ()
    read: Read = read_file
    parse: Parse = look_closely
    _reached: dict[Scope, list[Scope]] = field(default_factory=dict)
    _calls: dict[Scope, list[Call]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.project = Project(self.folder, self.workspace, self.entrypoint, self.read, self.parse)
        self.resolver = Resolver(self.project, self.contract.canonical, self.contract.returns, self._unannotated)

    @property
    def entry(self) -> Module | None:
        return self.project.entry

    @cached_property
    def modules(self) -> list[Module]:
        """Every module of the user's that the entrypoint imports, directly or not, itself first."""
        found: dict[Scope, Module] = {}
        pending = [self.entry] if self.entry else []
        while pending:
            module = pending.pop(0)
            if module.scope not in found:
                found[module.scope] = module
                for scope in module.scope.below():
                    pending.extend(self.resolver.imported_modules(scope))
        return list(found.values())

    @cached_property
    def calls(self) -> list[Call]:
        """Every call in every module, in source order within each scope."""
        return [call for module in self.modules for scope in module.scope.below() for call in self.calls_in(scope)]

    def calls_in(self, scope: Scope) -> list[Call]:
        """Return the calls written in ``scope``, without those in functions inside it."""
        if scope not in self._calls:
            calls = [Call(site, self.resolver.expression(site.node.func, scope)) for site in scope.each(cst.Call)]
            self._calls[scope] = calls
        return self._calls[scope]

    def sdk(self, name: str) -> str:
        """Return the canonical dotted name of the SDK's public ``name``."""
        return self.contract.places.get(name) or f"{self.contract.data['package']}.{name}"

    # who plays what --------------------------------------------------------------------------------------------

    @cached_property
    def workflows(self) -> Cast:
        return cast_role(self, self.contract.workflow)

    @cached_property
    def graders(self) -> Cast:
        return cast_role(self, self.contract.grader) if self.contract.grader else Cast((), complete=True)

    @property
    def players(self) -> list[Player]:
        return [*self.workflows.players, *self.graders.players]

    def method(self, player: Player) -> UserFunction | External | None:
        """Return the method the platform calls.

        An ``External`` is one that a base class of somebody else's brings; ``None`` means that nobody defines it, or
        that this cannot be known.
        """
        value = self.resolver.attribute(Instance(UserClass(player.scope)), player.role.method)
        return value if isinstance(value, UserFunction | External) else None

    def methods(self) -> Iterator[tuple[Player, Scope]]:
        """Yield each player whose method is the user's own, with that method.

        A method that a decorator of the user's wraps is left out: what the platform calls is the wrapper.
        """
        for player in self.players:
            method = self.method(player)
            if isinstance(method, UserFunction) and not self.is_wrapped(method.scope):
                yield player, method.scope

    def is_wrapped(self, function: Scope) -> bool:
        """Tell whether a decorator of the user's, or one that is not known, may call ``function`` in its own way."""
        return any(not isinstance(mark, External) for mark in self.resolver.decorators(function))

    @cached_property
    def workflow_scopes(self) -> list[Scope]:
        """Every function of the user's that `run` reaches, itself first."""
        return self._scopes_of(self.contract.workflow)

    @cached_property
    def grader_scopes(self) -> list[Scope]:
        """Every function of the user's that `grade` reaches, itself first."""
        return self._scopes_of(self.contract.grader) if self.contract.grader else []

    def _scopes_of(self, role: Role) -> list[Scope]:
        values = [self.method(player) for player in self.players if player.role is role]
        methods = [value.scope for value in values if isinstance(value, UserFunction)]
        return list(dict.fromkeys(scope for method in methods for scope in self.reached_from(method)))

    @cached_property
    def tools(self) -> list[Scope]:
        """The user's functions that a decorator of an agent framework makes into tools."""
        found = []
        for module in self.modules:
            for scope in module.scope.below():
                marks = self.resolver.decorators(scope) if scope.function and scope.function.decorators else []
                if any(isinstance(mark, External) and mark.name in TOOL_DECORATORS for mark in marks):
                    found.append(scope)
        return found

    @cached_property
    def pyproject(self) -> TomlFile | None:
        """The rollout's own ``pyproject.toml``, where there is one."""
        path = self.folder / "pyproject.toml"
        return read_toml(path, relative_to(path, self.workspace), self.read) if exists(path) else None

    # what is reached -------------------------------------------------------------------------------------------

    def reached_from(self, function: Scope) -> list[Scope]:
        """Return ``function``, the user's functions it calls, directly or not, and the scopes written inside them.

        A function that is only passed on is not among them, unless it is written in place (a lambda).
        """
        if function not in self._reached:
            found: dict[Scope, None] = {}
            pending = [function]
            while pending:
                scope = pending.pop(0)
                if scope in found:
                    continue
                found[scope] = None
                pending.extend(
                    inner for inner in scope.inner if inner.kind == "comprehension" or inner.name == "<lambda>"
                )
                pending.extend(self._called(scope))
            self._reached[function] = list(found)
        return self._reached[function]

    @cached_property
    def loop_scopes(self) -> list[Scope]:
        """The user's functions that run on the event loop, which all rollouts of a process share.

        They are `run`, `grade`, tools that are coroutines (frameworks run the others in threads), and what these call.
        A plain function with a decorator that is not known may run anywhere, and a lambda where it is passed to.
        """
        found: dict[Scope, None] = {}
        pending = [*(method for _, method in self.methods()), *(tool for tool in self.tools if tool.is_async)]
        while pending:
            scope = pending.pop(0)
            if scope not in found:
                found[scope] = None
                pending.extend(inner for inner in scope.inner if inner.kind == "comprehension")
                pending.extend(called for called in self._called(scope) if self._stays_on_loop(called))
        return list(found)

    @cached_property
    def attempt_scopes(self) -> list[Scope]:
        """Every function of the user's that an attempt runs: `run`, `grade`, tools, and what these call."""
        tools = [scope for tool in self.tools for scope in self.reached_from(tool)]
        return list(dict.fromkeys([*self.workflow_scopes, *self.grader_scopes, *tools]))

    def _stays_on_loop(self, function: Scope) -> bool:
        if function.is_async or not function.function or not function.function.decorators:
            return True
        marks = self.resolver.decorators(function)
        return all(isinstance(mark, External) and mark.name in _PLAIN_DECORATORS for mark in marks)

    def _called(self, scope: Scope) -> Iterator[Scope]:
        for call in self.calls_in(scope):
            if isinstance(call.function, UserFunction):
                yield call.function.scope
            elif isinstance(call.function, UserClass):
                constructor = self.resolver.attribute(call.function, "__init__")
                if isinstance(constructor, UserFunction):
                    yield constructor.scope

    # parameters without an annotation --------------------------------------------------------------------------

    def _unannotated(self, function: Scope, parameter: cst.Param) -> Value:
        """Return what a parameter is: the platform's context in `run` and `grade`, else what all callers pass."""
        context = self._context_given(function, parameter)
        if context:
            return Instance(External(context))
        passed = [self._passed(site, function, parameter) for site in self._calls_by_name.get(function.name, [])]
        first = passed[0] if passed else UNKNOWN
        return first if all(value == first for value in passed) else UNKNOWN

    def _context_given(self, function: Scope, parameter: cst.Param) -> str | None:
        if not function.is_method or not function.function or not function.outer or self.is_wrapped(function):
            return None
        parameters = [*function.function.params.posonly_params, *function.function.params.params]
        for role in self.contract.roles:
            if function.name == role.method and parameters[1:2] == [parameter]:
                return role.context if self.resolver.derives(function.outer, [role.base]) else None
        return None

    def _passed(self, site: Site[cst.Call], function: Scope, parameter: cst.Param) -> Value:
        called = self.resolver.expression(site.node.func, site.scope)
        if not isinstance(called, UserFunction) or called.scope is not function or not function.function:
            return UNKNOWN
        parameters = [*function.function.params.posonly_params, *function.function.params.params]
        index = next((i for i, known in enumerate(parameters) if known is parameter), None)
        if index is not None and called.owner:
            index -= 1
        call = Call(site, called)
        given = None if call.unpacks else call.argument(parameter.name.value, index)
        return self.resolver.expression(given, site.scope) if given else UNKNOWN

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Site[cst.Call]]]:
        """Call sites by the last name of what is called, as written: found without resolving anything."""
        calls: dict[str, list[Site[cst.Call]]] = {}
        for module in self.modules:
            for scope in module.scope.below():
                for site in scope.each(cst.Call):
                    calls.setdefault(last_name(site.node.func), []).append(site)
        return calls


def last_name(node: cst.CSTNode) -> str:
    """Return ``c`` for ``a.b.c`` and for ``c``, and an empty text for anything else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
