"""The ruff that is installed with us, over a workspace's rollouts, its findings among ours."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osmo_checks.finding import Finding, Position, Severity
from osmo_checks.paths import is_special
from osmo_checks.workspace import ROLLOUTS, relative_to

_SETTINGS = ("pyproject.toml", "ruff.toml", ".ruff.toml", ".gitignore")
#: How the names of files end that ruff opens, and folders that it leaves out.
_OPENED = (".py", ".pyi", ".ipynb", ".toml", "ignore")
_NEVER_OPENED = frozenset((".git", ".venv", "venv", "node_modules"))


class Ruff:
    """A ruff that runs while we look at the code ourselves. It reads the workspace's own settings.

    It looks at all rollouts, or at one file of theirs whose ``text`` is not what is on disk.
    """

    def __init__(self, root: Path, path: str = ROLLOUTS, text: bytes | None = None) -> None:
        self.root = root
        self._text = text
        self._process: subprocess.Popen[bytes] | None = None
        self._complaint: str | None = None
        special = next(_special_files(root), None)
        if special is not None:
            self._complaint = f"{relative_to(special, root)} is no regular file: remove it, or use --no-ruff."
            return
        try:
            self._process = _start(root, [path] if text is None else ["--stdin-filename", path, "-"])
        except (ImportError, OSError) as error:
            self._complaint = f"{error}. Install it, or use --no-ruff."

    def findings(self) -> tuple[list[Finding], str | None]:
        """Wait for it; return its findings, and its complaint where it could not run."""
        if self._process is None:
            return [], self._complaint
        output, complaint = self._process.communicate(self._text)
        if self._process.returncode:
            return [], _in_a_line(complaint) or f"it ended with exit code {self._process.returncode}"
        return list(self._converted(json.loads(output or b"[]"))), None

    def _converted(self, items: list[dict[str, Any]]) -> Iterator[Finding]:
        root = self.root.resolve()
        for item in items:
            # Syntax errors are ours to report.
            if item["code"] and item["code"] != "invalid-syntax":
                yield Finding(
                    path=relative_to(Path(item["filename"]), root),
                    start=Position(**item["location"]),
                    end=Position(**item["end_location"]),
                    code=item["code"],
                    name=item.get("name") or item["code"],
                    severity=Severity.WARNING,
                    message=item["message"],
                )


def _special_files(root: Path) -> Iterator[Path]:
    """Yield the pipes, sockets and devices that ruff would open, and wait for."""
    yield from (root / name for name in _SETTINGS if is_special(root / name))
    for here, folders, files in os.walk(root / ROLLOUTS):
        folders[:] = [name for name in folders if name not in _NEVER_OPENED]
        paths = (Path(here, name) for name in files if name.endswith(_OPENED))
        yield from (path for path in paths if is_special(path))


def _in_a_line(complaint: bytes) -> str:
    """Join what ruff says and what caused it, without its excerpts of files."""
    lines = complaint.decode("utf-8", "replace").splitlines()
    said = [line.strip().removeprefix("Cause: ") for line in lines if line.strip() and "|" not in line]
    return ": ".join(said)


def _start(root: Path, what: list[str]) -> subprocess.Popen[bytes]:
    """Start ruff on a path, or on a text that it is going to be given.

    Raises ``ImportError`` or ``OSError`` where it is not installed.
    """
    from ruff.__main__ import find_ruff_bin

    # Whatever the workspace's settings and the environment say, a check writes nothing.
    options = ["--no-fix", "--no-fix-only", "--no-cache", "--quiet", "--exit-zero", "--output-format", "json"]
    options.append("--force-exclude")
    return subprocess.Popen(
        [find_ruff_bin(), "check", *options, *what],
        cwd=root,
        env={name: value for name, value in os.environ.items() if not name.startswith("RUFF_")},
        stdin=subprocess.PIPE if what[-1] == "-" else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
