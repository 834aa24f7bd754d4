"""Looks at one workspace with every rule."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from osmo_checks.contracts import generation_of, load_contract
from osmo_checks.finding import Edit, Finding, Fix, Position, in_order
from osmo_checks.paths import is_file
from osmo_checks.python import nodes as cst
from osmo_checks.python.glance import NeedsCloseLookError, glance
from osmo_checks.python.project import Module, Parse, look_closely, read_module
from osmo_checks.rollout import Rollout
from osmo_checks.rules import (
    ALL,
    CONFIG_RULES,
    LAYOUT_RULES,
    MODULE_RULES,
    ROLLOUT_RULES,
    SILENCING_RULES,
    SKILL_RULES,
    AnyRule,
)
from osmo_checks.rules.base import InCode, Place, Problem, Repair, Rewrite, Rule
from osmo_checks.settings import Settings, read_settings
from osmo_checks.skills import skills_of
from osmo_checks.sources import Read, read_file
from osmo_checks.subjects import Config, Layout, Silencing
from osmo_checks.suppressions import find_suppressions, silence
from osmo_checks.tomlfile import Span, TomlFile, read_toml
from osmo_checks.workspace import Workspace

DEFAULT_ENTRYPOINT = "main.py"
S = TypeVar("S")
_Found: TypeAlias = tuple[AnyRule, Problem]
_NEVER_LOOKED_INTO = frozenset(("__pycache__", "node_modules", "venv", "build", "dist"))


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` are in order; ``files`` are the paths that were looked at, relative to the workspace."""

    findings: list[Finding]
    files: list[str]


@dataclass(frozen=True, slots=True)
class Request:
    """What to report on: files or folders (all if none), codes or beginnings of codes; and how files are read."""

    only: Sequence[Path] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    read: Read = read_file

    def reports(self, workspace: Workspace, finding: Finding) -> bool:
        """Tell whether a finding that somebody else made belongs into the report."""
        wanted = [workspace.relative(path) for path in self.only]
        return _is_wanted(finding.path, wanted) and self.settings(workspace).wants(finding.code, finding.path)

    def settings(self, workspace: Workspace) -> Settings:
        known = {rule.code: rule.name for rule in ALL}
        return read_settings(workspace.root, known, self.select, self.ignore)


def check_workspace(workspace: Workspace, request: Request | None = None) -> Report:
    """Check a workspace. The request narrows what is reported, never what is looked at.

    Raises ``InputError`` and ``UsageError`` for codes that no rule has.
    """
    request = request or Request()
    settings = request.settings(workspace)
    looked_at = _LookedAt()
    findings = list(_findings(list(_problems(workspace, looked_at, request.read))))
    findings = _silenced(findings, looked_at, settings)
    wanted = [workspace.relative(path) for path in request.only]
    return Report(
        [finding for finding in in_order(findings) if _is_wanted(finding.path, wanted)],
        [path for path in sorted(looked_at.texts) if _is_wanted(path, wanted)],
    )


def check_layout(workspace: Workspace) -> list[Finding]:
    """Check where things are in a workspace, and nothing that is written in them but configs. Raises ``InputError``."""
    settings = Request().settings(workspace)
    layout = Layout(workspace, list(read_configs(workspace)))
    findings = _findings(list(_ask(LAYOUT_RULES, layout)))
    return in_order(finding for finding in findings if settings.wants(finding.code, finding.path))


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """The files that were read, by their path in findings.

    ``partly`` are those in which a rule may miss what it looks for: they or what belongs to them cannot be read, or no
    entrypoint reaches them.
    """

    texts: dict[str, str] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)

    def add(self, path: str, data: bytes) -> None:
        self.texts[path] = data.decode("utf-8-sig", errors="replace")

    def add_toml(self, toml: TomlFile) -> None:
        self.texts[toml.shown] = toml.text
        if toml.problem:
            self.partly.add(toml.shown)

    def add_partly(self, modules: Iterable[Module]) -> None:
        self.partly.update(module.source.shown for module in modules)


def _problems(workspace: Workspace, looked_at: _LookedAt, read: Read) -> Iterator[_Found]:
    configs = list(read_configs(workspace, read))
    for config in configs:
        looked_at.add_toml(config.toml)
        yield from _ask(() if config.is_form else CONFIG_RULES, config)
    modules: dict[Path, Module] = {}
    for glanced in rollouts_of(workspace, configs, read, glance):
        rollout, problems = _looked_at_twice(glanced)
        modules |= {module.source.path: module for module in rollout.modules}
        if any(module.problem for module in rollout.modules):
            looked_at.add_partly(rollout.modules)
        if rollout.pyproject:
            looked_at.add_toml(rollout.pyproject)
        yield from problems
    unreached = dict(_unreached(workspace, modules, read))
    looked_at.add_partly(unreached.values())
    for module in (modules | unreached).values():
        looked_at.add(module.source.shown, module.source.data)
        yield from _problems_of(module, read)
    yield from _ask(LAYOUT_RULES, Layout(workspace, configs))
    for skill in skills_of(workspace, read):
        looked_at.texts[skill.shown] = skill.text
        yield from _ask(SKILL_RULES, skill)


def _looked_at_twice(rollout: Rollout) -> tuple[Rollout, list[_Found]]:
    """Ask all rules about a rollout at a glance, and again about libcst's trees if there is anything to say."""
    with suppress(NeedsCloseLookError):
        if next(_ask(ROLLOUT_RULES, rollout), None) is None:
            return rollout, []
    rollout = rollout.closely()
    return rollout, list(_ask(ROLLOUT_RULES, rollout))


def _problems_of(module: Module, read: Read) -> list[_Found]:
    problems = list(_ask(MODULE_RULES, module))
    if not problems or module.tree.origin or module.problem:
        return problems
    return list(_ask(MODULE_RULES, read_module(module.name, module.source.path, module.source.shown, read)))


def _ask(rules: Iterable[Rule[S]], subject: S) -> Iterator[_Found]:
    for rule in rules:
        for problem in rule.check(subject):
            yield rule, problem


def _silenced(findings: Sequence[Finding], looked_at: _LookedAt, settings: Settings) -> list[Finding]:
    """Return the findings that are wanted and that no comment silences, and those about such comments."""
    wanted = [finding for finding in findings if settings.wants(finding.code, finding.path)]
    comments = {path: find_suppressions(path, text) for path, text in looked_at.texts.items()}
    kept, used = silence(wanted, comments)
    codes = {rule.code for rule in ALL}
    silencings = [
        Silencing(
            path,
            one,
            known=one.code in codes,
            asked=path not in looked_at.partly and settings.wants(one.code, path),
            used=(path, one) in used,
        )
        for path, found in comments.items()
        for one in found
    ]
    about = _findings([asked for silencing in silencings for asked in _ask(SILENCING_RULES, silencing)])
    return [*kept, *(finding for finding in about if settings.wants(finding.code, finding.path))]


def read_configs(workspace: Workspace, read: Read = read_file) -> Iterator[Config]:
    for path in workspace.eval_configs():
        yield Config(workspace, read_toml(path, workspace.relative(path), read), "eval")
    for path in workspace.training_configs():
        yield Config(workspace, read_toml(path, workspace.relative(path), read), "training")


def rollouts_of(
    workspace: Workspace, configs: Iterable[Config], read: Read = read_file, parse: Parse = look_closely
) -> Iterator[Rollout]:
    """Yield each rollout once for every entrypoint that configs name; unnamed ones with their ``main.py``."""
    naming: dict[str, dict[str, list[Config]]] = {name: {} for name in workspace.rollout_names()}
    for config in configs:
        name, entrypoint = config.text("rollout"), config.entrypoint
        if name in naming and entrypoint:
            naming[name].setdefault(entrypoint, []).append(config)
    for name, entrypoints in naming.items():
        folder = workspace.rollout(name)
        for entrypoint, named_by in (entrypoints or {DEFAULT_ENTRYPOINT: []}).items():
            if is_file(folder / entrypoint):
                contract = load_contract(generation_of(folder, workspace.root))
                yield Rollout(
                    name, folder, workspace.root, entrypoint, contract, configs=named_by, read=read, parse=parse
                )


def python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files below ``folder`` that are the user's own; links to folders are not followed."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER_LOOKED_INTO)
        yield from (Path(here, name) for name in sorted(files) if name.endswith(".py"))


def _unreached(workspace: Workspace, reached: dict[Path, Module], read: Read) -> Iterator[tuple[Path, Module]]:
    for name in workspace.rollout_names():
        for path in python_files(workspace.rollout(name)):
            if path not in reached:
                yield path, _glanced(path, workspace.relative(path), read)


def _glanced(path: Path, shown: str, read: Read) -> Module:
    try:
        return read_module(path.stem, path, shown, read, glance)
    except NeedsCloseLookError:
        return read_module(path.stem, path, shown, read)


def _is_wanted(path: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(f"{path}/".startswith(f"{folder}/") for folder in wanted)


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


def _findings(problems: Sequence[_Found]) -> Iterator[Finding]:
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
