"""One look at a workspace, with the texts of an editor over the files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from osmo_checks.engine import Request, check_workspace
from osmo_checks.finding import Finding, in_order
from osmo_checks.ruff import Ruff
from osmo_checks.sources import overlaid, read_file, read_lines
from osmo_checks.workspace import ROLLOUTS, Workspace


@dataclass(frozen=True, slots=True)
class Text:
    """What an editor shows for a file."""

    uri: str
    version: int | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in one file. ``version`` is the editor's, of the text that was looked at."""

    path: Path
    uri: str
    version: int | None
    data: bytes
    lines: Sequence[str]
    findings: Sequence[Finding]


def look_at(workspace: Workspace, texts: Mapping[Path, Text], *, ruff: bool) -> tuple[list[Look], str | None]:
    """Check a workspace; return a look for every file that has findings or is open, and what kept ruff from running.

    Raises ``InputError`` for what is wrong in the workspace's settings.
    """
    own = {path: text for path, text in texts.items() if path.is_relative_to(workspace.root)}
    request = Request(read=overlaid({path: text.data for path, text in own.items()}))
    settings = request.settings(workspace)
    beside = _Beside(workspace, own) if ruff else None
    findings = check_workspace(workspace, request).findings
    also, complaint = beside.findings() if beside else ([], None)
    findings += [finding for finding in also if settings.wants(finding.code, finding.path)]
    return _looks(workspace, own, in_order(findings)), complaint


def _looks(workspace: Workspace, texts: Mapping[Path, Text], findings: Iterable[Finding]) -> list[Look]:
    read = overlaid({path: text.data for path, text in texts.items()})
    found: dict[Path, list[Finding]] = defaultdict(list, {path: [] for path in texts})
    for finding in findings:
        found[workspace.root / finding.path].append(finding)
    looks = []
    for path, its in found.items():
        text = texts.get(path) or Text(path.as_uri(), None, b"")
        lines = read_lines(path, read) or [""]
        looks.append(Look(path, text.uri, text.version, text.data, lines, its))
    return looks


class _Beside:
    """ruff over the rollouts as they are on disk, and over each text of theirs that is not saved."""

    def __init__(self, workspace: Workspace, texts: Mapping[Path, Text]) -> None:
        unsaved = {path: text for path, text in texts.items() if _is_unsaved_code(workspace, path, text)}
        self._unsaved = [workspace.relative(path) for path in unsaved]
        self._saved = Ruff(workspace.root)
        self._texts = [Ruff(workspace.root, workspace.relative(path), text.data) for path, text in unsaved.items()]

    def findings(self) -> tuple[list[Finding], str | None]:
        saved, complaint = self._saved.findings()
        found = [finding for finding in saved if finding.path not in self._unsaved]
        for one in self._texts:
            # A text that ruff cannot take, half a character for one, is ours to report.
            found += one.findings()[0]
        return found, complaint


def _is_unsaved_code(workspace: Workspace, path: Path, text: Text) -> bool:
    if path.suffix != ".py" or not path.is_relative_to(workspace.root / ROLLOUTS):
        return False
    try:
        return read_file(path) != text.data
    except OSError:
        return True
