"""How fast `check` is, beside other tools on the same files in the same run. `make bench` runs it."""

import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from corpora import long_rollout_files, many_rollouts, one_rollout, python_files
from measure import Timing, measure, table

BIN = Path(sys.executable).parent
OSMO = str(BIN / "osmo-scaffold")
#: What a glance with the standard library's parser leaves to libcst.
_NEWER = "\n\ndef first[T](values: list[T]) -> T:\n    return values[0]\n"
NO_GC = "import gc; gc.disable(); "
PARSE = "import sys, libcst; [libcst.parse_module(open(path, 'rb').read()) for path in sys.argv[1:]]"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="osmo-scaffold-bench-") as folder:
        os.environ["OSMO_SCAFFOLD_CACHE_DIR"] = str(Path(folder, "cache"))
        # Installed programs are compiled; a checkout is by its first run, unless this forbids it.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _one(one_rollout(Path(folder, "one")))
        _hundred(long_rollout_files(Path(folder, "hundred"), 100))
        _hundred_close(long_rollout_files(Path(folder, "close"), 100, ending=_NEWER))
        _thousand(many_rollouts(Path(folder, "thousand"), 200))


def _ours(folder: Path, *options: str, runs: int = 7, before: Callable[[], object] = lambda: None) -> Timing:
    return measure([OSMO, "check", *options], cwd=folder, runs=runs, before=before)


def _peers(files: list[str], folder: Path, runs: int) -> list[tuple[str, Timing]]:
    pylint = [str(BIN / "pylint"), "-j1", "--disable=import-error", *files]
    return [
        (
            "ruff check, default rules",
            measure([str(BIN / "ruff"), "check", "--no-cache", *files], cwd=folder, runs=runs),
        ),
        ("fixit lint", measure([str(BIN / "fixit"), "lint", *files], cwd=folder, runs=runs, warm_up=runs - 1)),
        ("pylint -j1", measure(pylint, cwd=folder, runs=runs, warm_up=runs - 1)),
    ]


def _one(folder: Path) -> None:
    files = [str(path) for path in python_files(folder)]
    print(f"## One rollout ({len(files)} Python files)\n")
    rows = [
        ("python -c pass", measure([sys.executable, "-c", "pass"])),
        ("osmo-scaffold --version", measure([OSMO, "--version"])),
        ("osmo-scaffold check, cold", _ours(folder, "--no-cache")),
        ("osmo-scaffold check, cold, without ruff", _ours(folder, "--no-cache", "--no-ruff")),
        ("osmo-scaffold check, unchanged", _ours(folder)),
        ("import libcst", measure([sys.executable, "-c", "import libcst"])),
        *_peers(files, folder, runs=2),
    ]
    print(table(rows, "osmo-scaffold check, cold"), end="\n\n")


def _hundred(folder: Path) -> None:
    files = [str(path) for path in python_files(folder)]
    lines = sum(path.read_text().count("\n") for path in python_files(folder))
    print(f"## A rollout of {len(files)} modules ({lines:,} lines) in which there is nothing to find\n")
    rows = [
        ("libcst.parse_module on each", measure([sys.executable, "-c", PARSE, *files], runs=5)),
        ("osmo-scaffold check, cold, without ruff", _ours(folder, "--no-cache", "--no-ruff", runs=5)),
        ("osmo-scaffold check, cold", _ours(folder, "--no-cache", runs=5)),
        ("osmo-scaffold check, unchanged", _ours(folder)),
        *_peers(files, folder, runs=1),
    ]
    print(table(rows, "osmo-scaffold check, cold, without ruff"), end="\n\n")


def _hundred_close(folder: Path) -> None:
    files = [str(path) for path in python_files(folder)]
    print(f"## The same {len(files)} modules with newer syntax in each, so that libcst has to parse all of them\n")
    rows = [
        ("libcst.parse_module on each", measure([sys.executable, "-c", PARSE, *files], runs=5)),
        ("the same, without collecting garbage", measure([sys.executable, "-c", NO_GC + PARSE, *files], runs=5)),
        ("osmo-scaffold check, cold, without ruff", _ours(folder, "--no-cache", "--no-ruff", runs=5)),
        ("osmo-scaffold check, unchanged", _ours(folder)),
    ]
    print(table(rows, "libcst.parse_module on each"), end="\n\n")


def _thousand(folder: Path) -> None:
    print(f"## A workspace of {len(python_files(folder)):,} Python files in 200 rollouts\n")
    rows = [
        ("osmo-scaffold check, cold", _ours(folder, "--no-cache", runs=3)),
        ("osmo-scaffold check, unchanged", _ours(folder)),
        ("osmo-scaffold check, one file changed", _ours(folder, before=partial(_change, folder))),
        ("osmo-scaffold check, all files written anew", _ours(folder, before=partial(_write_anew, folder))),
        ("ruff check, default rules", measure([str(BIN / "ruff"), "check", "--no-cache", "."], cwd=folder)),
    ]
    print(table(rows, "osmo-scaffold check, cold"), end="\n\n")


def _change(folder: Path) -> None:
    path = folder / "rollouts" / "rollout-7" / "main.py"
    path.write_text(path.read_text() + "# changed\n")


def _write_anew(folder: Path) -> None:
    for path in python_files(folder):
        path.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
