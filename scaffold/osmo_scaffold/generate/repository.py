"""Makes a workspace's git repository."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osmo_checks.errors import InputError

if TYPE_CHECKING:
    from git import Git

_BRANCH = "main"
_MESSAGE = "Start the workspace"

#: Commits need a name. Where the user has told git none, the first commit gets this one.
_NAME, _EMAIL = "osmo-scaffold", "osmo-scaffold@localhost"
_NAMELESS = (
    f"git knows no name for you, so the first commit is by {_NAME}: "
    "set yours with `git config --global user.name` and `git config --global user.email`."
)


@dataclass(frozen=True, slots=True)
class Repository:
    """What became of the repository: ``commit`` is its first one, ``None`` without; ``note`` is for the user."""

    commit: str | None = None
    note: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"branch": _BRANCH if self.commit else None, "commit": self.commit, "note": self.note}


def enclosing_repository(folder: Path) -> Path | None:
    """Return the root of the repository that ``folder`` is or lies in."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def git_is_installed() -> bool:
    return shutil.which("git") is not None


def make_repository(root: Path, files: Iterable[str]) -> Repository:
    """Make ``root`` a repository whose first commit holds ``files``. Raises ``InputError`` where git refuses.

    The user's hooks and signing are left out of this one commit: both may ask questions, or know other projects only.
    """
    try:
        from git import Git, GitCommandError
    except ImportError as error:
        raise InputError(f"git does not work here ({last_line(str(error))}): mend it, or add --no-git.") from error
    git = Git(str(root))
    _stay_in(root, git)
    try:
        return _first_commit(git, files)
    except BaseException as error:
        shutil.rmtree(root / ".git", ignore_errors=True)
        if isinstance(error, GitCommandError):
            reason = last_line(str(error.stderr or error.status))
            raise InputError(f"git could not make the first commit ({reason}): mend that, or add --no-git.") from error
        raise


def _first_commit(git: "Git", files: Iterable[str]) -> Repository:
    git.init("--quiet", f"--initial-branch={_BRANCH}")
    git.add("--force", "--", *files)
    named = _has_identity(git)
    if not named:
        _lend_identity(git)
    hookless = git(c=f"core.hooksPath={os.devnull}")
    hookless.commit("--quiet", "--no-gpg-sign", f"--message={_MESSAGE}")
    return Repository(commit=git.rev_parse("HEAD"), note=None if named else _NAMELESS)


def _stay_in(root: Path, git: "Git") -> None:
    """Set what a git hook that runs us would have pointed at its own repository."""
    folder = root / ".git"
    git.update_environment(GIT_DIR=str(folder), GIT_WORK_TREE=str(root), GIT_INDEX_FILE=str(folder / "index"))


def _has_identity(git: "Git") -> bool:
    from git import GitCommandError

    try:
        for role in ("AUTHOR", "COMMITTER"):
            # Without this, git makes a name up from the machine's.
            git(c="user.useConfigOnly=true").var(f"GIT_{role}_IDENT")
    except GitCommandError:
        return False
    return True


def _lend_identity(git: "Git") -> None:
    for role in ("AUTHOR", "COMMITTER"):
        git.update_environment(**{f"GIT_{role}_NAME": _NAME, f"GIT_{role}_EMAIL": _EMAIL})


def last_line(error: str) -> str:
    """Return the last line that git wrote, without what GitPython puts around it."""
    return error.strip().splitlines()[-1].strip().removeprefix("stderr: ").strip("'")
