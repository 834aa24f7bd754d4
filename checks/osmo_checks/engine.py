"""Looks at one workspace with every rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from osmo_checks.contents import entrypoints_of, python_files, read_configs
from osmo_checks.finding import Finding, in_order
from osmo_checks.looking import Look, ask, findings_of, look_at_module, look_at_rollout
from osmo_checks.memory import Memory
from osmo_checks.rules import (
    ALL,
    CONFIG_RULES,
    LAYOUT_RULES,
    SILENCING_RULES,
    SKILL_RULES,
)
from osmo_checks.settings import Settings, read_settings
from osmo_checks.skills import skills_of
from osmo_checks.sources import Read, read_file, read_lines
from osmo_checks.subjects import Config, Layout, Silencing
from osmo_checks.suppressions import find_suppressions, silence
from osmo_checks.tomlfile import TomlFile
from osmo_checks.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` are in order; ``files`` are the paths that were looked at, relative to the workspace."""

    findings: list[Finding]
    files: list[str]


@dataclass(frozen=True, slots=True)
class Request:
    """What to report on: files or folders (all if none), codes or beginnings of codes; and how files are read.

    ``memory`` remembers earlier looks at files as ``read`` gives them.
    """

    only: Sequence[Path] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    read: Read = read_file
    memory: Memory | None = None

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
    findings = list(_findings(workspace, looked_at, request))
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
    findings = findings_of(list(ask(LAYOUT_RULES, layout)))
    return in_order(finding for finding in findings if settings.wants(finding.code, finding.path))


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """The files that were read, by their path in findings.

    ``partly`` are those in which a rule may miss what it looks for: they or what belongs to them cannot be read, or no
    entrypoint reaches them.
    """

    texts: dict[str, str] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)

    def add_code(self, workspace: Workspace, look: Look, read: Read) -> None:
        for path in look.paths:
            self.texts[path] = "\n".join(read_lines(workspace.root / path, read) or ())
        if not look.whole:
            self.partly.update(look.paths)

    def add_toml(self, toml: TomlFile) -> None:
        self.texts[toml.shown] = toml.text
        if toml.problem:
            self.partly.add(toml.shown)


def _findings(workspace: Workspace, looked_at: _LookedAt, request: Request) -> Iterator[Finding]:
    read = request.read
    configs = list(read_configs(workspace, read))
    for config in configs:
        looked_at.add_toml(config.toml)
        yield from findings_of(list(ask(() if config.is_form else CONFIG_RULES, config)))
    yield from _findings_in_code(workspace, configs, looked_at, request)
    yield from findings_of(list(ask(LAYOUT_RULES, Layout(workspace, configs))))
    for skill in skills_of(workspace, read):
        looked_at.texts[skill.shown] = skill.text
        yield from findings_of(list(ask(SKILL_RULES, skill)))


def _findings_in_code(
    workspace: Workspace, configs: Sequence[Config], looked_at: _LookedAt, request: Request
) -> Iterator[Finding]:
    """Look at each rollout, then at the Python files that no entrypoint reaches."""

    def look(question: str, look_with: Callable[[Read], Look]) -> tuple[Finding, ...]:
        seen = request.memory.answer(question, look_with) if request.memory else look_with(request.read)
        looked_at.add_code(workspace, seen, request.read)
        return seen.findings

    for entrypoint in entrypoints_of(workspace, configs):
        pyproject = entrypoint.read(request.read).pyproject
        if pyproject:
            looked_at.add_toml(pyproject)
        yield from look(entrypoint.question, partial(look_at_rollout, entrypoint))
    for name in workspace.rollout_names():
        for path in python_files(workspace.rollout(name)):
            shown = workspace.relative(path)
            if shown not in looked_at.texts:
                looked_at.partly.add(shown)
                yield from look(f"module {shown}", partial(look_at_module, path, shown))


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
    about = findings_of([asked for silencing in silencings for asked in ask(SILENCING_RULES, silencing)])
    return [*kept, *(finding for finding in about if settings.wants(finding.code, finding.path))]


def _is_wanted(path: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(f"{path}/".startswith(f"{folder}/") for folder in wanted)
