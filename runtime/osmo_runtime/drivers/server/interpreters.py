"""Looks for a Python that a rollout can run on. Names on PATH may be stand-ins that only work in some folders."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import SpecifierSet

#: Minor versions of Python 3 in the order in which they are taken: what the platform has comes first.
_MINORS = (12, 13, 14, 11)
_PATIENCE_S = 20
_ASK = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.executable)"


def find(wanted: SpecifierSet, uv: str) -> str | None:
    """Return a Python on this machine whose version is ``wanted``, the preferred version first."""
    found: dict[str, str] = {}
    for candidate in dict.fromkeys(_candidates(uv)):
        version, python = _asked(candidate)
        if python and wanted.contains(version, prereleases=True):
            if _rank(version) == 0:
                return python
            found.setdefault(version, python)
    return min(found.items(), key=lambda item: _rank(item[0]))[1] if found else None


def _rank(version: str) -> int:
    minor = int(version.split(".")[1])
    return _MINORS.index(minor) if minor in _MINORS else len(_MINORS)


def _candidates(uv: str) -> Iterator[str]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for minor in _MINORS:
        on_path = shutil.which(f"python3.{minor}")
        if on_path:
            yield on_path
        yield from map(str, sorted(pyenv.glob(f"versions/3.{minor}[.-]*/bin/python3"), reverse=True))
    yield from _of_uv(uv)
    yield sys.executable


def _of_uv(uv: str) -> Iterator[str]:
    """Yield the interpreters that uv has installed."""
    command = [uv, "python", "list", "--only-installed", "--managed-python", "--output-format", "json", "--offline"]
    try:
        listed = json.loads(_output(command))
        yield from (str(item["path"]) for item in listed)
    except (ValueError, TypeError, KeyError):
        return


def _asked(python: str) -> tuple[str, str]:
    """Return a Python's version and where it really is; nothing where it does not run."""
    version, _, path = _output([python, "-I", "-c", _ASK]).strip().partition(" ")
    return (version, path) if version.startswith("3.") else ("", "")


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
