"""A file with secrets is not kept out of git.

## What it does
Looks for `.env` files at the workspace's root and in rollouts, and for a line in the `.gitignore` files above them that
leaves them out.

## Why is this bad?
The next `git add .` commits the keys in it, and they stay in the history for everyone who clones the repository.

## How to fix it
Add `.env` to `.gitignore`. If the file was committed before, also run `git rm --cached .env` and revoke its keys.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from osmo_checks.finding import START, Severity
from osmo_checks.rules.base import Example, InText, Problem, Rule
from osmo_checks.sources import read_lines
from osmo_checks.subjects import Layout

_NAME = ".env"


def check(layout: Layout) -> Iterator[Problem]:
    workspace = layout.workspace
    folders = [workspace.root, *(workspace.rollout(name) for name in workspace.rollout_names())]
    for folder in folders:
        path = folder / _NAME
        if path.is_file() and not _is_ignored(path, _repository(workspace.root)):
            place = InText(workspace.relative(path), START, START)
            yield Problem(place, f"Git will take this file and its secrets: add `{_NAME}` to `.gitignore`.")


def _repository(root: Path) -> Path:
    """Return the folder of the git repository that the workspace lies in, itself where there is none."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def _is_ignored(path: Path, root: Path) -> bool:
    """Tell whether a `.gitignore` beside or above the file has a line for it."""
    for folder in path.parents:
        patterns = read_lines(folder / ".gitignore") or ()
        if any(_fits(pattern.strip(), path, folder) for pattern in patterns):
            return True
        if folder == root:
            break
    return False


def _fits(pattern: str, path: Path, folder: Path) -> bool:
    name = path.relative_to(folder).as_posix()
    if "/" in pattern.strip("/"):
        return fnmatchcase(name, pattern.lstrip("/").removeprefix("**/"))
    anchored = pattern.startswith("/") and path.parent != folder
    return not anchored and fnmatchcase(path.name, pattern.lstrip("/"))


RULE = Rule(
    code="OSS106",
    name="env-file-exposed",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example({".env": "«»OPENAI_API_KEY=...\n", ".gitignore": "*.pyc\n"}),
        Example({"rollouts/demo/.env": "«»HF_TOKEN=...\n", ".gitignore": "/.env\n# .env\n"}),
    ),
    good=(
        Example({".env": "OPENAI_API_KEY=...\n", ".gitignore": "# secrets\n.env*\n!.env.example\n"}),
        Example({"rollouts/demo/.env": "HF_TOKEN=...\n", "rollouts/demo/.gitignore": "/.env\n"}),
        Example({".env.example": "OPENAI_API_KEY=\n"}),
    ),
)
