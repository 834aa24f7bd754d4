"""uv, asked about a rollout. It installs nothing and writes nothing below the rollout's folder."""

import subprocess
import sys
from pathlib import Path

#: Seconds that resolving may take where nothing is in uv's cache yet.
PATIENCE_S = 300
_MOST_LINES = 10


def resolve(folder: Path, python: str, unbuilt: list[str], *, offline: bool) -> subprocess.CompletedProcess[str]:
    """Ask what ``folder``'s requirements are as packages for a version of Python, one a line.

    Packages ``unbuilt`` are not built to find out what they need. uv ends with 1 where there is no answer, and with 2
    where it could not find out. Raises as ``_ask`` does.
    """
    options = ["--python", sys.executable, "--python-version", python, "--no-annotate", "--no-header"]
    binary = [word for name in unbuilt for word in ("--only-binary", name)]
    return _ask(folder, "pip", "compile", "pyproject.toml", *options, *binary, offline=offline)


def check_lock(folder: Path, unbuilt: list[str], *, offline: bool) -> subprocess.CompletedProcess[str]:
    """Ask whether ``folder``'s lock file is up to date; uv ends with 0 where it is. Raises as ``_ask`` does."""
    never = [word for name in unbuilt for word in ("--no-build-package", name)]
    return _ask(folder, "lock", "--check", *never, offline=offline)


def sentences(text: str) -> tuple[str, ...]:
    """Return what uv says on stderr without its words for what kind of sentence each is."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(line.removeprefix("error: ").removeprefix("cause: ") for line in lines)[:_MOST_LINES]


def _ask(folder: Path, *arguments: str, offline: bool) -> subprocess.CompletedProcess[str]:
    """Raises ``ImportError`` or ``OSError`` where uv does not work, ``TimeoutExpired`` where it takes too long."""
    from uv import find_uv_bin

    options = ["--quiet", "--no-progress", "--no-python-downloads", "--color", "never"]
    return subprocess.run(
        [find_uv_bin(), *arguments, *options, *(["--offline"] if offline else [])],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=PATIENCE_S,
        check=False,
    )
