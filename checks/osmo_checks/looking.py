"""Looks at a rollout or a module with the rules for it: at a glance, and closely where there is something to say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from osmo_checks.contents import Entrypoint
from osmo_checks.finding import Edit, Finding, Fix, Position
from osmo_checks.python import nodes as cst
from osmo_checks.python.glance import NeedsCloseLookError, glance
from osmo_checks.python.project import Module, look_closely, read_module
from osmo_checks.rollout import Rollout
from osmo_checks.rules import MODULE_RULES, ROLLOUT_RULES, AnyRule
from osmo_checks.rules.base import InCode, Place, Problem, Repair, Rewrite, Rule
from osmo_checks.sources import Read
from osmo_checks.tomlfile import Span

S = TypeVar("S")
Found: TypeAlias = tuple[AnyRule, Problem]


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at something gave.

    ``paths`` are the Python files that were read, relative to the workspace. The look is not ``whole`` if one of them
    is no Python: rules may then have missed something in any of them.
    """

    findings: tuple[Finding, ...]
    paths: tuple[str, ...]
    whole: bool


def look_at_rollout(entrypoint: Entrypoint, read: Read) -> Look:
    """Look at what an entrypoint reaches."""
    with suppress(NeedsCloseLookError):
        glanced = entrypoint.read(read, glance)
        if next(_problems_of_rollout(glanced), None) is None:
            return _look_of([], glanced.modules)
    rollout = entrypoint.read(read, look_closely)
    return _look_of(list(_problems_of_rollout(rollout)), rollout.modules)


def look_at_module(path: Path, shown: str, read: Read) -> Look:
    """Look at a Python file for itself."""
    with suppress(NeedsCloseLookError):
        glanced = read_module(path.stem, path, shown, read, glance)
        if next(ask(MODULE_RULES, glanced), None) is None:
            return _look_of([], [glanced])
    module = read_module(path.stem, path, shown, read)
    return _look_of(list(ask(MODULE_RULES, module)), [module])


def _problems_of_rollout(rollout: Rollout) -> Iterator[Found]:
    yield from ask(ROLLOUT_RULES, rollout)
    for module in rollout.modules:
        yield from ask(MODULE_RULES, module)


def _look_of(problems: Sequence[Found], modules: Sequence[Module]) -> Look:
    paths = tuple(module.source.shown for module in modules)
    return Look(tuple(findings_of(problems)), paths, whole=not any(module.problem for module in modules))


def ask(rules: Iterable[Rule[S]], subject: S) -> Iterator[Found]:
    for rule in rules:
        for problem in rule.check(subject):
            yield rule, problem


# places become positions -----------------------------------------------------------------------------------------


class _Places:
    """Finds the positions of all nodes that problems point at, with one pass over each module."""

    def __init__(self, places: Iterable[Place]) -> None:
        nodes: dict[Module, list[cst.CSTNode]] = defaultdict(list)
        for place in places:
            if isinstance(place, InCode):
                nodes[place.module].append(place.node)
        self.spans: dict[Module, dict[int, Span]] = {}
        if nodes:
            from osmo_checks.python.locate import locate

            self.spans = {module: locate(module.tree, wanted) for module, wanted in nodes.items()}

    def __getitem__(self, place: Place) -> tuple[str, Position, Position]:
        if isinstance(place, InCode):
            return place.module.source.shown, *self.spans[place.module][id(place.node)]
        return place.path, place.start, place.end


def findings_of(problems: Sequence[Found]) -> Iterator[Finding]:
    rewrites = [rewrite for _, problem in problems if problem.repair for rewrite in problem.repair.rewrites]
    places = _Places([*(problem.place for _, problem in problems), *(rewrite.place for rewrite in rewrites)])
    for rule, problem in problems:
        path, start, end = places[problem.place]
        fix = _fix(problem.repair, places) if problem.repair else None
        yield Finding(path, start, end, rule.code, rule.name, rule.severity, problem.message, fix)


def _fix(repair: Repair, places: _Places) -> Fix:
    return Fix(repair.message, tuple(_edit(rewrite, places) for rewrite in repair.rewrites), repair.applicability)


def _edit(rewrite: Rewrite, places: _Places) -> Edit:
    _, start, end = places[rewrite.place]
    if rewrite.where == "before":
        end = start
    elif rewrite.where == "after":
        start = end
    return Edit(start, end, rewrite.content)
