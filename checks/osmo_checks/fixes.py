"""Fixes are text edits: applied, checked again with the new text, and repeated until nothing changes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from osmo_checks.credentials import masked
from osmo_checks.engine import Report, Request, check_workspace
from osmo_checks.finding import Edit, Finding, Fix, Position
from osmo_checks.sources import Read, line_starts, overlaid
from osmo_checks.tomlfile import read_toml
from osmo_checks.workspace import Workspace, is_below

#: Rules whose fixes bring each other's findings back would go on for ever.
_MOST_ROUNDS = 50
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """A file's bytes as they were when its fixes were worked out, and with them."""

    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Fixed:
    """What changes by path, the number of fixes that do it, and what is left to say.

    ``kept`` says by path, as shown, why a file with fixes is left as it is.
    """

    changed: Mapping[Path, Change]
    count: int
    report: Report
    kept: Mapping[str, str]


def fix_workspace(workspace: Workspace, request: Request, *, unsafe: bool) -> Fixed:
    """Work out all fixes. Nothing is written."""
    overlay: dict[Path, bytes] = {}
    originals: dict[Path, bytes] = {}
    read = overlaid(overlay, request.read)
    count = 0
    for _ in range(_MOST_ROUNDS):
        report = check_workspace(workspace, replace(request, read=read))
        fixed = 0
        kept: dict[str, str] = {}
        for shown, fixes in _fixable(report.findings, unsafe=unsafe).items():
            path = workspace.root / shown
            before = _own_text(workspace, path, read)
            after, applied = apply_fixes(before, fixes)
            reason = _why_kept(path, before, after)
            if reason:
                kept[shown] = reason
            elif after != before:
                originals.setdefault(path, before)
                overlay[path] = after
                fixed += applied
        if not fixed:
            break
        count += fixed
    changes = {path: Change(originals[path], after) for path, after in overlay.items() if after != originals[path]}
    return Fixed(changes, count, report, kept)


def _own_text(workspace: Workspace, path: Path, read: Read) -> bytes:
    """Return what a file of the workspace holds: nothing where it has gone, or where a link leads elsewhere."""
    try:
        return read(path) if is_below(path, workspace.root) else b""
    except OSError:
        return b""


def apply_fixes(data: bytes, fixes: Iterable[Fix]) -> tuple[bytes, int]:
    """Apply the fixes that do not overlap, from the top; return the new bytes and how many were applied.

    Text that is not UTF-8 is left alone.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data, 0
    mark, text = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    starts = line_starts(text)
    taken = without_overlaps(fixes)
    newline = "\r\n" if "\r\n" in text else "\n"
    replacements = [_in_characters(edit, starts, len(text)) for fix in taken for edit in fix.edits]
    for start, end, content in sorted(replacements, reverse=True):
        text = text[:start] + content.replace("\n", newline) + text[end:]
    return (mark + text).encode("utf-8"), len(taken)


def without_overlaps(fixes: Iterable[Fix]) -> list[Fix]:
    """Return the fixes of one file that can be applied together; of two that overlap, the one further up."""
    taken: list[Fix] = []
    for fix in sorted(dict.fromkeys(fixes), key=lambda fix: min(edit.start for edit in fix.edits)):
        others = [edit for other in taken for edit in other.edits]
        if not any(_overlap(edit, other) for edit in fix.edits for other in others):
            taken.append(fix)
    return taken


def diff(shown: str, before: bytes, after: bytes) -> str:
    """Return a unified diff of one file, its secrets masked: it ends up in terminals and logs."""
    # Patches know one line end only.
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", masked(data.decode("utf-8", "replace"))) for data in (before, after))
    lines = unified_diff(old, new, f"a/{shown}", f"b/{shown}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _fixable(findings: Iterable[Finding], *, unsafe: bool) -> Mapping[str, list[Fix]]:
    allowed = ("safe", "unsafe") if unsafe else ("safe",)
    found: dict[str, list[Fix]] = {}
    for finding in findings:
        if finding.fix and finding.fix.edits and finding.fix.applicability in allowed:
            found.setdefault(finding.path, []).append(finding.fix)
    return found


def _why_kept(path: Path, before: bytes, after: bytes) -> str | None:
    """Return why a file is not rewritten although there are fixes for it."""
    try:
        before.decode("utf-8")
    except UnicodeDecodeError:
        return "it is not written in UTF-8"
    if after == before or may_replace(path, before, after):
        return None
    if may_replace(path, before, before):
        return "with its fixes it could not be read any more"
    return "rewriting it would lose characters in it, such as a form feed at its start or line ends that are CR alone"


def may_replace(path: Path, before: bytes, after: bytes) -> bool:
    """Tell whether a file may be rewritten: the new text can be read, and libcst gives back exactly what it read."""
    if path.suffix == ".toml":
        return read_toml(path, "", lambda _: after).problem is None
    if path.suffix != ".py":
        return True
    from osmo_checks.python.exact import is_python, is_reproduced

    return is_reproduced(before) and is_python(after)


def _overlap(one: Edit, other: Edit) -> bool:
    same = (one.start, one.end) == (other.start, other.end)
    return same or (one.start < other.end and other.start < one.end)


def _in_characters(edit: Edit, starts: Sequence[int], length: int) -> tuple[int, int, str]:
    def offset(position: Position) -> int:
        return starts[position.row - 1] + position.column - 1 if position.row <= len(starts) else length

    return offset(edit.start), offset(edit.end), edit.content
