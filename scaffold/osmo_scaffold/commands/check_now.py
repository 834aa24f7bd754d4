"""``check`` where the answer is not known yet: look, fix, or watch."""

import gc
import os
import sys
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from osmo_checks import ruff as ruff_beside
from osmo_checks.credentials import masked
from osmo_checks.engine import Request, check_workspace
from osmo_checks.errors import InputError, OsmoError, UsageError
from osmo_checks.files import write_atomically
from osmo_checks.finding import Finding, Severity, in_order
from osmo_checks.fixes import Change, diff, fix_workspace
from osmo_checks.formats import counts, render
from osmo_checks.memory import Memory
from osmo_checks.paths import absolute, kind_of_given
from osmo_checks.replay import Replay, state_of
from osmo_checks.sources import Read, overlaid, read_file, read_lines
from osmo_checks.statistics import as_text, count_codes
from osmo_checks.workspace import Workspace, require_workspace
from osmo_scaffold.output import SCHEMA_VERSION, emit, say

#: Seconds between two looks at the files' times.
_WATCH_EVERY = 0.4


@dataclass(frozen=True, slots=True)
class Question:
    """What ``check`` was asked, as it was typed."""

    paths: tuple[str, ...]
    output_format: str
    colour: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    ruff: bool
    statistics: bool
    stdin_filename: str | None
    cache: bool


@dataclass(frozen=True, slots=True)
class Base:
    """The folder that shown paths are relative to: of one workspace its root, of several the current folder."""

    folder: Path

    def shown(self, workspace: Workspace, path: str) -> str:
        """Return a path that a finding of ``workspace`` names as it is shown, where no other file has it."""
        if workspace.root == self.folder:
            return path
        return Path(os.path.relpath(workspace.root / path, self.folder)).as_posix()

    def findings(self, workspace: Workspace, findings: Iterable[Finding]) -> list[Finding]:
        return [replace(finding, path=self.shown(workspace, finding.path)) for finding in findings]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in how many files. It is ``whole`` unless ruff could not run."""

    findings: list[Finding]
    files: int
    base: Base
    read: Read
    whole: bool = True

    @property
    def code(self) -> int:
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))


def answer_now(question: Question, replay: Replay | None) -> int:
    """Look, print what is found, and let ``replay`` remember it; 1 where an error was found."""
    roots = _roots_of(question) if replay else []
    state = state_of(roots) if roots else ""
    seen = _look(question)
    text = _rendered(question, seen)
    if replay and seen.whole:
        replay.remember(roots, state, text, seen.code)
    emit(text)
    return seen.code


def _roots_of(question: Question) -> list[str]:
    return [str(workspace.root) for workspace in _requests(question)]


def fix_now(question: Question, *, unsafe: bool, only_show: bool) -> int:
    """Fix what can be fixed, or show how; then report what is left. 1 where an error is left, or a change shown."""
    requests = _requests(question)
    base = _base_of(requests)
    findings: list[Finding] = []
    shown: list[str] = []
    files = count = 0
    for workspace, request in requests.items():
        fixed = fix_workspace(workspace, request, unsafe=unsafe)
        findings += base.findings(workspace, fixed.report.findings)
        files += len(fixed.report.files)
        count += fixed.count
        for path_kept, reason in fixed.kept.items():
            say(f"{base.shown(workspace, path_kept)} is left as it is: {reason}. Mend that, or fix it by hand.")
        for path, change in sorted(fixed.changed.items()):
            name = base.shown(workspace, workspace.relative(path))
            shown.append(diff(name, change.before, change.after))
            if not only_show:
                _write(path, change, name)
    if only_show:
        emit("".join(shown))
        return int(bool(shown))
    say(f"Fixed {_plural(count, 'finding')} in {_plural(len(shown), 'file')}.")
    seen = _look(question) if question.ruff else Seen(in_order(findings), files, base, read_file)
    emit(_rendered(question, seen))
    return seen.code


def _write(path: Path, change: Change, shown: str) -> None:
    try:
        if path.read_bytes() != change.before:
            raise InputError(f"{shown} was changed meanwhile. It is as it was; run --fix again.")
        # A link stays one.
        write_atomically(path.resolve(), change.after)
    except OSError as error:
        raise InputError(
            f"{shown} cannot be written: {error.strerror}. It is as it was; mend that, then --fix."
        ) from error


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def watch_now(question: Question) -> int:
    """Look again whenever a file changes, until interrupted."""
    gc.enable()
    # Asked once: while a folder is moved away, it is no workspace.
    roots = _roots_of(question)
    state = ""
    while True:
        before, state = state, state_of(roots)
        if state != before:
            _look_again(question)
        time.sleep(_WATCH_EVERY)


def _look_again(question: Question) -> None:
    try:
        text = _rendered(question, _look(question))
    except OsmoError as error:
        # It may be mended while we watch.
        say(f"error: {error}")
        return
    if sys.stdout.isatty():
        emit("\x1b[2J\x1b[H")
    emit(text)
    sys.stdout.flush()


def _look(question: Question) -> Seen:
    requests = _requests(question)
    base = _base_of(requests)
    findings: list[Finding] = []
    files = 0
    read: Read = read_file
    whole = True
    for workspace, request in requests.items():
        beside = ruff_beside.Ruff(workspace.root) if question.ruff and not question.stdin_filename else None
        memory = Memory(workspace.root) if question.cache and not question.stdin_filename else None
        report = check_workspace(workspace, replace(request, memory=memory))
        if memory:
            memory.save()
        findings += base.findings(workspace, report.findings)
        files += len(report.files)
        read = request.read
        if beside:
            also, complaint = beside.findings()
            findings += base.findings(workspace, (one for one in also if request.reports(workspace, one)))
            if complaint:
                whole = False
                say(masked(f"ruff did not run: {complaint}"))
    return Seen(in_order(findings), files, base, read, whole)


def _base_of(workspaces: Collection[Workspace]) -> Base:
    return Base(Path.cwd() if len(workspaces) > 1 else next(iter(workspaces)).root)


def _rendered(question: Question, seen: Seen) -> str:
    statistics = count_codes(seen.findings) if question.statistics else []
    if question.statistics and question.output_format == "text":
        return as_text(statistics)
    if question.statistics and question.output_format == "json":
        import json

        return json.dumps({"schema_version": SCHEMA_VERSION, "statistics": statistics}, indent=2) + "\n"
    return render(
        question.output_format,
        seen.findings,
        summary={"files": seen.files, **counts(seen.findings)},
        sources=lambda path: read_lines(seen.base.folder / path, seen.read),
        colour=question.colour,
    )


def _requests(question: Question) -> dict[Workspace, Request]:
    """Sort paths by the workspace they lie in; a workspace's own root stands for all of it."""
    names = [question.stdin_filename] if question.stdin_filename else list(question.paths) or ["."]
    wanted: dict[Workspace, list[Path]] = {}
    for name in names:
        path = absolute(Path(name))
        if kind_of_given(path) is None:
            raise UsageError(f"There is no file or folder {name!r}: check its spelling.")
        wanted.setdefault(require_workspace(path), []).append(path)
    request = Request(select=question.select, ignore=question.ignore)
    if question.stdin_filename:
        text = sys.stdin.buffer.read()
        request = replace(request, read=overlaid({absolute(Path(question.stdin_filename)): text}))
    everything = not question.paths and not question.stdin_filename
    return {
        workspace: request if everything or workspace.root in only else replace(request, only=tuple(only))
        for workspace, only in wanted.items()
    }
