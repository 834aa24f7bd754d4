"""The two sets that the checker is measured on: ``cases/check/broken`` and ``cases/check/sound``.

A case is a folder with the files in which a workspace differs from the sound one of ``tests.workspaces``, and with some
of these beside them:

- ``expected`` (broken cases): after a comment that says what fails, lines ``PATH ROW [CODE]``; one of them is enough,
- ``about`` (sound cases): what is unusual,
- ``todo``: why the broken case is not found yet, or the sound one is called wrong,
- ``contract``: the SDK generation, ``0.2`` where there is none,
- ``absent``: paths that the workspace lacks,
- ``links``: lines ``PATH -> TARGET`` for symbolic links.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from osmo_checks.engine import check_workspace
from osmo_checks.finding import Finding
from osmo_checks.workspace import Workspace
from tests.workspaces import write_workspace

CASES = Path(__file__).parent / "cases" / "check"
_NOTES = ("about", "absent", "contract", "expected", "links", "todo")


@dataclass(frozen=True)
class Place:
    """Where a finding has to be; any code will do where ``code`` is ``None``."""

    path: str
    row: int
    code: str | None = None

    def is_of(self, finding: Finding) -> bool:
        here = (finding.path, finding.start.row) == (self.path, self.row)
        return here and self.code in (None, finding.code)


@dataclass(frozen=True)
class Case:
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def group(self) -> str:
        return self.name.partition("-")[0]

    @property
    def contract(self) -> str:
        return "".join(self._lines("contract")) or "0.2"

    @property
    def todo(self) -> str:
        return " ".join(self._lines("todo"))

    @property
    def expected(self) -> list[Place]:
        return [_place(line) for line in self._lines("expected") if not line.startswith("#")]

    def findings(self, root: Path) -> list[Finding]:
        return check_workspace(self.workspace(root)).findings

    def workspace(self, root: Path) -> Workspace:
        """Return the case's workspace, written below the empty folder ``root``."""
        write_workspace(root, {}, self.contract)
        shutil.copytree(self.folder, root, dirs_exist_ok=True, ignore=self._notes)
        for line in self._lines("absent"):
            _remove(root / line)
        for line in self._lines("links"):
            path, _, target = line.partition(" -> ")
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
        return Workspace(root)

    def found(self, findings: list[Finding]) -> list[Finding]:
        """Return those of ``findings`` that are where the case expects one."""
        return [finding for finding in findings if any(place.is_of(finding) for place in self.expected)]

    def _notes(self, folder: str, _names: list[str]) -> tuple[str, ...]:
        return _NOTES if Path(folder) == self.folder else ()

    def _lines(self, note: str) -> list[str]:
        path = self.folder / note
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line] if path.is_file() else []


def cases(kind: str) -> list[Case]:
    return [Case(folder) for folder in sorted((CASES / kind).iterdir()) if folder.is_dir()]


def _place(line: str) -> Place:
    path, row, *code = line.split()
    return Place(path, int(row), code[0] if code else None)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
