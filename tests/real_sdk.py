"""The real SDK, installed once for a Python 3.12 into the user's cache, and asked what it has."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from osmo_checks.replay import cache_folder

PROBE = Path(__file__).parent / "contract_probe.py"
#: What the modules in the contracts import. All of what 0.2 requires would be a gigabyte.
SHARED = (
    "pydantic>=2,<3",
    "httpx<1",
    "fastapi<1",
    "python-dotenv<2",
    "requests<3",
    "strands-agents>=1.29,<2",
    "openai-agents>=0.18.1,<0.19",
    "litellm>=1.94.3,<2,!=1.95.*,!=1.96.0.*,!=1.96.1.*",
)
#: What they import of this one needs nothing that is not there.
WITHOUT_REQUIREMENTS = ("harbor>=0.20,<0.21",)


def interpreter(version: str, *instead: str) -> tuple[str, dict[str, str]]:
    """Return a Python 3.12 and the environment in which it has that version of the SDK. Skips as ``ask`` does.

    ``instead`` are requirements that are installed by themselves and found before what else there is.
    """
    python = _python_or_skip()
    folder = _installed(python, version)
    environment = _environment(folder)
    for requirement in instead:
        with _locked(folder.with_name("install.lock")):
            _install(python, folder.with_name(requirement), ((), (requirement,)))
        environment["PYTHONPATH"] = f"{folder.with_name(requirement)}{os.pathsep}{environment['PYTHONPATH']}"
    return python, environment


def ask(contract: Path, version: str) -> dict[str, Any]:
    """Return what ``contract_probe.py`` finds in the SDK of that version. Skips where it cannot be installed."""
    python = _python_or_skip()
    folder = _installed(python, version)
    asked = blake2b(PROBE.read_bytes() + contract.read_bytes(), digest_size=8).hexdigest()
    answer = folder / f"answer-{asked}.json"
    with _locked(folder / "answers.lock"):
        if not answer.is_file():
            answer.write_text(_run_probe(python, folder, contract), encoding="utf-8")
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


def ask_built_in(contract: Path) -> dict[str, Any]:
    """Return what ``contract_probe.py`` finds in the built-in SDK, in this Python."""
    command = [sys.executable, str(PROBE), str(contract), "--built-in"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _python_or_skip() -> str:
    python = _python_3_12()
    if python is None:
        pytest.skip("there is no Python 3.12 on this machine (on PATH, in pyenv or uv) to install the real SDK for")
    return python


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PYTHONPATH": os.pathsep.join([str(folder), str(folder.with_name("shared"))]),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # or it asks the network for prices
    }


def _run_probe(python: str, folder: Path, contract: Path) -> str:
    done = subprocess.run(
        [python, str(PROBE), str(contract)],
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _installed(python: str, version: str) -> Path:
    """Return the folder of one SDK version; beside it, ``shared`` holds what it needs."""
    asked = "\n".join([python, *SHARED, *WITHOUT_REQUIREMENTS])
    home = Path(cache_folder()) / f"real-sdk-{blake2b(asked.encode(), digest_size=8).hexdigest()}"
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "install.lock"):
        _install(python, home / "shared", (SHARED, WITHOUT_REQUIREMENTS))
        _install(python, home / version, ((), (f"osmosis-ai=={version}",)))
    return home / version


def _install(python: str, folder: Path, requirements: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Fill a folder with packages, wholly or not at all: some with their requirements, some without."""
    if folder.is_dir():
        return
    temporary = mkdtemp(dir=folder.parent)
    for wanted, options in zip(requirements, ((), ("--no-deps",)), strict=True):
        command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--target", temporary]
        done = (
            subprocess.run([*command, *options, *wanted], capture_output=True, text=True, check=False)
            if wanted
            else None
        )
        if done and done.returncode:
            shutil.rmtree(temporary)
            pytest.skip(f"pip could not install {', '.join(wanted)}: {done.stderr.strip().splitlines()[-1]}")
    Path(temporary).replace(folder)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one test process in at a time."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@cache
def _python_3_12() -> str | None:
    for candidate in _candidates():
        command = [candidate, "-c", "import sys; print(*sys.version_info[:2], sys.executable)"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.startswith("3 12 "):
            return done.stdout.removeprefix("3 12 ").strip()
    return None


def _candidates() -> Iterator[str]:
    yield sys.executable
    on_path = shutil.which("python3.12")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob("versions/3.12*/bin/python3.12")))
    uv = shutil.which("uv")
    if uv:
        done = subprocess.run([uv, "python", "find", "3.12"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            yield done.stdout.strip()
