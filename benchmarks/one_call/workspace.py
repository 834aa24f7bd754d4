"""A workspace with the rollout of this folder, and datasets for it of any size."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpora import osmo

HERE = Path(__file__).parent
OSMO = str(Path(sys.executable).parent / "osmo-scaffold")
#: What every model call is answered with: the label of every row.
ANSWER = "42"
CONCURRENCY = 32


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder to work in; what runs there has its modules compiled, as installed programs have."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="osmo-scaffold-bench-") as folder:
        yield Path(folder)


def make_workspace(folder: Path) -> Path:
    osmo("new", str(folder), "--defaults", "--no-git", cwd=folder.parent)
    shutil.copytree(HERE / "rollout", folder / "rollouts/one-call")
    shutil.copy(HERE / "config.toml", folder / "configs/eval/one-call.toml")
    return folder


def rows_file(folder: Path, count: int) -> Path:
    """Write a dataset of ``count`` rows into ``folder``, unless it is there, and return where it is."""
    path = folder / f"rows-{count}.jsonl"
    if not path.exists():
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(_row(number)) + "\n" for number in range(count))
    return path


def _row(number: int) -> dict[str, str]:
    question = f"What is 6 times 7? Asked for the {number}th time, so that rows differ."
    return {"system_prompt": "Multiply, and say nothing else.", "user_prompt": question, "ground_truth": ANSWER}


def run_command(rows: Path) -> list[str]:
    return [OSMO, "run", "one-call", "--dataset", str(rows), "--policy", f"constant:{ANSWER}"]
