"""Imports point one way, and nothing heavy is imported before it is needed."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .workspaces import write_workspace

ROOT = Path(__file__).parents[1]
LAYERS = {
    "checks/osmo_checks": {"osmo_runtime", "osmo_scaffold"},
    "runtime/osmo_runtime": {"osmo_scaffold"},
    "scaffold/osmo_scaffold": set(),
}
#: Which package alone may import a heavy library, by the library's name.
OWNERS = {
    "typer": "scaffold/osmo_scaffold",
    "copier": "scaffold/osmo_scaffold",
    "git": "scaffold/osmo_scaffold",
    "pygls": "scaffold/osmo_scaffold",
    "libcst": "checks/osmo_checks",
    "pyarrow": "checks/osmo_checks",
    "aiohttp": "runtime/osmo_runtime",
}
#: What the rollouts that we write and run import.
FOR_ROLLOUTS = {"uvicorn"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("package", LAYERS)
def test_imports_point_one_way(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        assert not _imports(path) & LAYERS[package], path


@pytest.mark.parametrize("library", OWNERS)
def test_heavy_libraries_are_imported_by_their_owner_only(library: str) -> None:
    for package in LAYERS:
        for path in (ROOT / package).rglob("*.py"):
            assert OWNERS[library] == package or library not in _imports(path), path


def _required() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}


def test_nothing_is_required_that_nothing_imports() -> None:
    imported = set().union(*(_imports(path) for package in LAYERS for path in (ROOT / package).rglob("*.py")))
    own = {"pyyaml": "yaml", "gitpython": "git", "backports-zstd": "backports"}
    for name in _required() - FOR_ROLLOUTS:
        assert own.get(name, name) in imported, f"nothing imports {name}"


def _imported_by(arguments: list[str], folder: Path, cache: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "osmo_scaffold", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "OSMO_SCAFFOLD_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert lines, done.stderr
    return {line.rpartition("|")[2].strip() for line in lines}


HEAVY = {
    "typer",
    "rich",
    "pydantic",
    "copier",
    "libcst",
    "git",
    "pyarrow",
    "aiohttp",
    "jsonschema",
    "asyncio",
    "msgspec",
}


def test_version_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not _imported_by(["--version"], tmp_path, tmp_path) & (HEAVY | {"argparse", "dataclasses"})


def test_check_imports_libcst_only_when_something_changed(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path / "workspace", {})
    first = _imported_by(["check"], workspace, tmp_path / "cache")
    again = _imported_by(["check"], workspace, tmp_path / "cache")
    assert first & HEAVY == {"libcst"}
    assert not first & {"libcst.matchers", "libcst.codemod"}
    assert not again & (HEAVY | {"dataclasses"})


def test_dataset_validate_imports_only_its_decoder(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path / "workspace", {})
    imported = _imported_by(["dataset", "validate", "data/demo.jsonl"], workspace, tmp_path / "cache")
    assert imported & HEAVY <= {"msgspec"}
