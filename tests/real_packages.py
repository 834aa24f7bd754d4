"""Packages of the index that tests hold our files against, installed once for a Python 3.12 into the user's cache."""

import subprocess
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import pytest

from osmo_checks.replay import cache_folder
from tests.real_sdk import _install, _locked, _python_3_12


def answer_of(program: str, given: str, *, needs: Sequence[str], bare: Sequence[str]) -> str:
    """Return what a Python ``program`` prints about ``given``, its stdin. Skips as ``installed`` does."""
    python, folder = installed(needs=needs, bare=bare)
    done = subprocess.run(
        [python, "-c", program],
        input=given,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def installed(*, needs: Sequence[str], bare: Sequence[str] = ()) -> tuple[str, Path]:
    """Return a Python 3.12 and the folder of packages for it. Skips where they cannot be installed.

    ``needs`` are installed with what they require, ``bare`` ones without.
    """
    python = _python_3_12()
    if python is None:
        pytest.skip("there is no Python 3.12 on this machine (on PATH, in pyenv or uv) to install packages for")
    asked = "\n".join([python, *needs, "without requirements:", *bare])
    folder = Path(cache_folder()) / f"real-packages-{blake2b(asked.encode(), digest_size=8).hexdigest()}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_suffix(".lock")):
        _install(python, folder, (tuple(needs), tuple(bare)))
    return python, folder
