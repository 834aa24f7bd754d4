"""``submit``: the gate, then the program called `osmosis`: a script that stands in for it, and the real one."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest

from osmo_checks.errors import InputError, UsageError

from .preflight_support import Ready, copy_ready, gates_of, make_ready, write_osmosis
from .real_packages import installed
from .scaffolds import osmo

QUICK = ("--offline", "--no-run")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return make_ready(tmp_path_factory.mktemp("ready"))


@pytest.fixture
def ready(original: Ready, tmp_path: Path) -> Ready:
    return copy_ready(original, tmp_path)


def _bin(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("kind", "config"), [("eval", Ready.eval_config), ("train", Ready.training_config)])
def test_osmosis_takes_over(ready: Ready, tmp_path: Path, kind: str, config: Path) -> None:
    env = write_osmosis(_bin(tmp_path), code=7)
    done = osmo("submit", kind, config, *QUICK, cwd=ready.root, **env)
    assert done.stdout.splitlines() == [str(ready.root), kind, "submit", str(config)], done.stderr
    assert done.returncode == 7
    assert f"{config} is ready to be submitted" in done.stderr


def test_it_is_given_what_follows_two_dashes_from_the_workspaces_root(ready: Ready, tmp_path: Path) -> None:
    env = write_osmosis(_bin(tmp_path), code=0)
    (tmp_path / "my secrets.env").write_text("OPENAI_API_KEY=abc\n", encoding="utf-8")
    config = ready.root / ready.eval_config
    secrets = ("--secrets-file", "my secrets.env")
    done = osmo("submit", "eval", config, *QUICK, *secrets, "--", "--yes", "a b", cwd=tmp_path, **env)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        *(str(ready.root), "eval", "submit", str(ready.eval_config)),
        *("--secrets-file", str(tmp_path / "my secrets.env"), "--yes", "a b"),
    ]
    assert "abc" not in done.stderr


def test_it_is_asked_for_json_where_we_are(ready: Ready, tmp_path: Path) -> None:
    env = write_osmosis(_bin(tmp_path), code=0)
    done = osmo("submit", "eval", ready.eval_config, *QUICK, "--output-format", "json", cwd=ready.root, **env)
    assert done.stdout.splitlines()[-1] == "--json"


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_gate_that_fails_stops_it(ready: Ready, tmp_path: Path, output: str) -> None:
    env = write_osmosis(_bin(tmp_path), code=0)
    ready.replace(ready.grader, "What an answer is worth", "What it is worth")
    done = osmo("submit", "eval", ready.eval_config, *QUICK, "--output-format", output, cwd=ready.root, **env)
    assert done.returncode == 1
    assert str(ready.root) not in done.stdout
    if output == "json":
        assert gates_of(done.stdout)["committed"]["status"] == "fail"
    else:
        assert "not ready to be submitted" in done.stdout


def test_without_osmosis_it_says_how_to_get_it(ready: Ready, tmp_path: Path) -> None:
    if Path(sys.executable).with_name("osmosis").exists():
        pytest.skip("the official command is installed beside this Python")
    git = _bin(tmp_path)
    for folder in os.environ["PATH"].split(os.pathsep):
        if (Path(folder) / "git").exists():
            (git / "git").symlink_to(Path(folder) / "git")
            break
    done = osmo("submit", "eval", ready.eval_config, *QUICK, cwd=ready.root, PATH=str(git))
    assert done.returncode == InputError.exit_code
    assert done.stderr.count("\n") == 1
    assert "uv tool install osmosis-ai" in done.stderr


def test_a_config_of_the_other_kind_is_wrong_usage(ready: Ready, tmp_path: Path) -> None:
    env = write_osmosis(_bin(tmp_path), code=0)
    done = osmo("submit", "train", ready.eval_config, *QUICK, cwd=ready.root, **env)
    assert done.returncode == UsageError.exit_code
    assert f"osmo-scaffold submit eval {ready.eval_config}" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(("kind", "config"), [("eval", Ready.eval_config), ("train", Ready.training_config)])
def test_the_real_osmosis_takes_what_it_is_given(ready: Ready, tmp_path: Path, kind: str, config: Path) -> None:
    python, packages = installed(needs=["osmosis-ai==0.3.7"])
    folder = _bin(tmp_path)
    settings = " ".join(
        f"{name}={shlex.quote(value)}"
        # Nobody is logged in there.
        for name, value in {"PYTHONPATH": str(packages), "HOME": str(tmp_path), "OSMOSIS_TOKEN": ""}.items()
    )
    call = (
        f"{settings} exec {shlex.quote(python)} -c 'import sys; from osmosis_ai.cli.main import main; sys.exit(main())'"
    )
    (folder / "osmosis").write_text(f'#!/bin/sh\n{call} "$@"\n', encoding="utf-8")
    (folder / "osmosis").chmod(0o755)
    (tmp_path / "secrets.env").write_text("OPENAI_API_KEY=abc\n", encoding="utf-8")
    ready.git("config", "--unset", f"url.{ready.remote}.insteadOf")
    options = (*QUICK, "--secrets-file", tmp_path / "secrets.env", "--output-format", "json", "--", "--yes")
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = osmo("submit", kind, config, *options, cwd=ready.root, **env)
    error = json.loads(done.stderr.splitlines()[-1])
    assert (done.returncode, error["command"], error["error"]["code"]) == (1, f"{kind} submit", "AUTH_REQUIRED")
