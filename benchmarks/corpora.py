"""Workspaces of any size to check, made from the templates, so that every file is rollout code."""

import shutil
import subprocess
import sys
from pathlib import Path


def osmo(*arguments: str, cwd: Path) -> None:
    subprocess.run([sys.executable, "-m", "osmo_scaffold", *arguments], cwd=cwd, check=True, capture_output=True)


def one_rollout(folder: Path) -> Path:
    """A workspace as a new user has it: one rollout of five Python files."""
    osmo("new", str(folder), "--defaults", "--no-git", cwd=folder.parent)
    osmo("apply", "multiply-local-strands", cwd=folder)
    return folder


def many_rollouts(folder: Path, rollouts: int) -> Path:
    """A workspace of copies of one rollout, each with its own names; every Python file belongs to a rollout."""
    one_rollout(folder)
    original = folder / "rollouts" / "multiply-local-strands"
    config = (folder / "configs/eval/multiply-local-strands.toml").read_text()
    for number in range(1, rollouts):
        name = f"rollout-{number}"
        copy = folder / "rollouts" / name
        shutil.copytree(original, copy)
        package = copy / "multiply_local_strands"
        package.rename(copy / name.replace("-", "_"))
        for path in copy.rglob("*.py"):
            path.write_text(path.read_text().replace("multiply_local_strands", name.replace("-", "_")))
        (folder / f"configs/eval/{name}.toml").write_text(config.replace('"multiply-local-strands"', f'"{name}"'))
    return folder


def python_files(folder: Path) -> list[Path]:
    return sorted((folder / "rollouts").rglob("*.py"))


def long_rollout_files(folder: Path, files: int, *, ending: str = "") -> Path:
    """A workspace with a rollout of ``files`` modules of about 180 lines, all reached from its entrypoint.

    ``ending`` is put below each of them.
    """
    one_rollout(folder)
    original = folder / "rollouts" / "multiply-local-strands" / "multiply_local_strands"
    body = (original / "grader.py").read_text().split("\n\n\n", 1)[1]
    for number in range(files):
        text = (original / "grader.py").read_text() + "".join(
            "\n\n" + body.replace("MultiplyLocalStrandsGrader", f"Helper{copy}").replace("Grader)", "object)")
            for copy in range(5)
        )
        (original / f"part_{number}.py").write_text(
            text.replace("class MultiplyLocalStrandsGrader", "class Base") + ending
        )
    main = folder / "rollouts" / "multiply-local-strands" / "main.py"
    imports = "".join(f"import multiply_local_strands.part_{number}\n" for number in range(files))
    main.write_text(main.read_text().replace("import os\n", f"import os\n\n{imports}"))
    return folder
