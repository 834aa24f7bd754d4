"""Makes a rollout's own environment with uv: its lock file, and its ``.venv`` with the SDK that it pins."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from osmo_checks.configs import require_toml
from osmo_checks.errors import InputError
from osmo_runtime.drivers.server import interpreters

#: What the SDK itself requires, for a rollout that does not say.
_SDK_PYTHON = ">=3.12"
#: Seconds that installing may take where nothing is in uv's cache yet.
_PATIENCE_S = 1800
_VERSION = re.compile(r"3\.\d+(\.\d+)?")
#: What uv draws in front of its sentences.
_DECORATION = " \u00d7\u2570\u2500\u25b6"


@dataclass(frozen=True, slots=True)
class Environment:
    """A rollout's folder that is ready to run."""

    uv: str
    folder: Path

    def command(self, entrypoint: str) -> tuple[str, ...]:
        """Return what runs ``entrypoint``, which is relative to the folder."""
        options = ("--project", str(self.folder), "--no-sync", "--no-python-downloads", "--quiet")
        return (self.uv, "run", *options, "python", entrypoint)


def prepare(folder: Path, shown: str, say: Callable[[str], None]) -> Environment:
    """Make the environment of the rollout in ``folder``, from uv's cache alone if that suffices.

    ``shown`` is how messages name the folder, and ``say`` is told what takes long. Raises ``InputError`` for a Python
    that is not there, and for requirements that cannot be installed.
    """
    uv = _uv()
    # What somebody added to the environment is not ours to remove.
    options = ["--inexact", "--no-python-downloads", "--no-progress", "--color", "never"]
    sync = [uv, "sync", "--project", str(folder), *options]
    own = folder / ".venv" / "bin" / "python"
    if own.exists() and _run([*sync, "--offline"], folder).returncode == 0:
        return Environment(uv, folder)
    with_python = [*sync, "--python", _python(folder, shown, uv)]
    if _run([*with_python, "--offline"], folder).returncode != 0:
        say(f"installing what {shown} requires ...")
        done = _run(with_python, folder)
        if done.returncode != 0:
            raise InputError(
                f"What {shown} requires cannot be installed: {_reason(done.stderr)} "
                f"(see all of it with `uv sync --project {shown}`)."
            )
    return Environment(uv, folder)


def _uv() -> str:
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError:
        raise InputError("uv, which osmo-scaffold depends on, is not there: install osmo-scaffold again.") from None


def _python(folder: Path, shown: str, uv: str) -> str:
    """Return a Python for the rollout. Raises ``InputError`` where there is none."""
    wanted = _wanted(folder / "pyproject.toml", f"{shown}/pyproject.toml") & _pinned(folder / ".python-version")
    found = interpreters.find(wanted, uv)
    if found is None:
        raise InputError(
            f"{shown} needs Python {wanted}, and there is none on this machine (on PATH, in pyenv or uv): "
            f"install one, for example with `uv python install '{wanted}'`, and run again."
        )
    return found


def _wanted(project: Path, shown: str) -> SpecifierSet:
    section = require_toml(project, shown).get("project")
    stated = section.get("requires-python") if isinstance(section, dict) else None
    try:
        return SpecifierSet(stated if isinstance(stated, str) else _SDK_PYTHON)
    except InvalidSpecifier:
        raise InputError(f"{shown}: requires-python = {stated!r} is no range of versions, such as '>=3.12'.") from None


def _pinned(path: Path) -> SpecifierSet:
    """Return the version that uv's own file names, if it names one that a machine can be searched for."""
    try:
        line = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return SpecifierSet()
    return (
        SpecifierSet(f"=={line}.*" if line.count(".") == 1 else f"=={line}")
        if _VERSION.fullmatch(line)
        else SpecifierSet()
    )


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # An environment that is active here is not the rollout's, and uv would say so every time.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"it was not done after {_PATIENCE_S} s")


def _reason(stderr: str) -> str:
    """Return what uv says is wrong, in one line."""
    lines = [line.strip(_DECORATION) for line in stderr.splitlines()]
    said = [line for line in lines if line and not line.startswith(("Using ", "Creating ", "Resolved ", "hint:"))]
    return (
        " ".join(line.removeprefix("error: ").removeprefix("cause: ") for line in said)[:600].rstrip(".") or "uv failed"
    )
