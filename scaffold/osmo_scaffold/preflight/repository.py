"""What git knows about a workspace, and what of it the platform would take."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from osmo_checks.errors import InputError
from osmo_scaffold.generate.repository import last_line

if TYPE_CHECKING:
    from git import Git

#: Seconds that a remote has to answer.
_PATIENCE_S = 30.0
#: The addresses of repositories that the platform takes, whatever the protocol.
_GITHUB: Final = re.compile(
    r"(?:[\w.-]+@github\.com:|\w+://(?:[^@/]+@)?github\.com(?::\d+)?/)[\w-]+/[\w.-]+/?", re.IGNORECASE
)
_USUAL_DEFAULTS = ("main", "master")


@dataclass(frozen=True, slots=True)
class Revision:
    """What the platform takes: the tip of ``branch``, or ``commit`` where that was pinned.

    ``commit`` is ``None`` where the remote has no such branch or the repository no such commit. ``fresh`` tells
    whether the remote itself was asked; else it is what the last fetch or push saw.
    """

    name: str
    branch: str | None
    commit: str | None
    is_pushed: bool
    fresh: bool

    @property
    def is_pinned(self) -> bool:
        return self.branch is None


@dataclass(frozen=True)
class Repository:
    """A git repository by the top folder of its work tree. Paths are relative to it.

    Methods raise ``InputError`` where git does not work.
    """

    root: Path
    git: "Git"

    @cached_property
    def head(self) -> str | None:
        """The commit that is checked out, ``None`` before the first."""
        return self.commit("HEAD")

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out, ``None`` where a commit is."""
        return self._ask("symbolic-ref", "--quiet", "--short", "HEAD")

    @cached_property
    def remote(self) -> str | None:
        """The remote that the platform clones: ``origin``, else the one the branch is pushed to, else the first."""
        remotes = (self._ask("remote") or "").splitlines()
        own = self._ask("config", "--get", f"branch.{self.branch}.remote") if self.branch else None
        return next((name for name in ("origin", own, *remotes) if name in remotes), None)

    @property
    def is_shallow(self) -> bool:
        """Tell whether older commits were left out when it was cloned."""
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    @property
    def is_on_github(self) -> bool:
        """Tell whether the remote's address, as it is written or as git rewrites it, is one of GitHub."""
        written = self._ask("config", "--get", f"remote.{self.remote}.url")
        rewritten = self._ask("remote", "get-url", str(self.remote))
        return any(_GITHUB.fullmatch(url) for url in (written, rewritten) if url)

    def commit(self, name: str) -> str | None:
        """Return the full name of a commit that is in the repository."""
        return self._ask("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}")

    def revision(self, branch: str | None, commit: str | None, *, offline: bool) -> Revision | None:
        """Return what the platform would take for a config's ``branch`` or ``commit_sha``, given a remote."""
        if self.remote is None:
            return None
        heads, default, fresh = self._remote_heads(offline=offline)
        if commit is not None:
            found = self.commit(commit)
            pushed = found is not None and any(self.is_ancestor(found, tip) for tip in heads.values())
            return Revision(commit, None, found, pushed, fresh)
        name = branch or default or self.branch or _USUAL_DEFAULTS[0]
        return Revision(f"{self.remote}/{name}", name, heads.get(name), name in heads, fresh)

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Tell whether ``of`` is, or comes after, ``commit``; not where it is not in the repository."""
        return self.commit(of) is not None and self._ask("merge-base", "--is-ancestor", commit, of) is not None

    def work_tree_with(self, branch: str) -> Path | None:
        """Return the folder of another work tree of this repository that has ``branch`` checked out."""
        for tree in (self._ask("worktree", "list", "--porcelain") or "").split("\n\n"):
            lines = tree.splitlines()
            if f"branch refs/heads/{branch}" in lines:
                folder = Path(lines[0].removeprefix("worktree "))
                return None if folder == self.root else folder
        return None

    def bring(self, branch: str) -> str:
        """Return the command that checks ``branch`` out and brings the remote's commits to it.

        Whatever is different or not committed is kept. git checks no branch out twice: what another work tree has is
        merged into what is checked out here.
        """
        there = f"--autostash {self.remote} {shlex.quote(branch)}"
        if self.work_tree_with(branch):
            return f"git pull --no-rebase --no-edit {there}"
        switch = "" if self.branch == branch else f"git switch {shlex.quote(branch)} && "
        return f"{switch}git pull --rebase {there}"

    def merge_into(self, branch: str) -> str:
        """Return the command that merges what is checked out into ``branch``, which it is not, and pushes that."""
        if self.work_tree_with(branch):
            return f"{self.bring(branch)} && git push {self.remote} {shlex.quote(f'HEAD:refs/heads/{branch}')}"
        here = shlex.quote(self.branch or str(self.head))
        return f"{self.bring(branch)} && git merge --no-edit {here} && git push {self.remote} {shlex.quote(branch)}"

    def pin(self, config: str) -> str:
        """Return the command that writes the commit checked out as ``commit_sha``, pushed if it is on no remote."""
        head = self.revision(None, self.head, offline=True)
        swap = f's/^(\\s*commit_sha\\s*=)[^#\\n]*?(\\s*#.*)?$/$1 "{self.head}"$2/'
        write = f"perl -pi -e '{swap}' {shlex.quote(config)}"
        return write if head and head.is_pushed else f"{self.push(str(self.head))} && {write}"

    def push(self, commit: str) -> str:
        """Return the command that pushes ``commit``: with the branch that is checked out, or as one of its own."""
        if self.branch and self.head and self.is_ancestor(commit, self.head):
            return f"git push -u {self.remote} {shlex.quote(self.branch)}"
        return f"git push {self.remote} {commit}:refs/heads/pinned-{commit[:7]}"

    def uncommitted(self, paths: Sequence[str]) -> list[str]:
        """Return which files below ``paths`` differ from the last commit, or are not in it."""
        options = ("--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
        output = self._do("status", *options, "--", *paths) if paths else ""
        return sorted(entry[3:] for entry in output.split("\0") if entry)

    def unknown(self, files: Sequence[str]) -> list[str]:
        """Return which of ``files``, links followed, git does not keep, be it that it is told to ignore them."""
        kept = set(self._do("ls-files", "-z").split("\0"))
        return sorted(
            file for file in files if os.path.relpath(os.path.realpath(self.root / file), self.root) not in kept
        )

    def differing(self, commit: str, paths: Sequence[str]) -> list[str]:
        """Return which files below ``paths`` are not the same in ``commit`` and in the last one here."""
        output = self._do("diff", "--name-only", "-z", "--no-renames", commit, "HEAD", "--", *paths) if paths else ""
        return [name for name in output.split("\0") if name]

    def count(self, after: str, until: str) -> int:
        """Return how many commits lead from ``after`` to ``until``."""
        return int(self._do("rev-list", "--count", f"{after}..{until}"))

    def _remote_heads(self, *, offline: bool) -> tuple[Mapping[str, str], str | None, bool]:
        """Return the remote's branches with their commits, its default branch, and whether it was asked itself."""
        answer = None if offline else self._ask_remote()
        if answer is not None:
            return *_heads_in(answer), True
        prefix = f"refs/remotes/{self.remote}/"
        lines = self._do("for-each-ref", "--format=%(objectname) %(refname)", prefix).splitlines()
        refs = (line.partition(" ") for line in lines)
        heads = {ref.removeprefix(prefix): commit for commit, _, ref in refs if ref != f"{prefix}HEAD"}
        default = self._ask("symbolic-ref", "--quiet", f"{prefix}HEAD")
        return heads, default.removeprefix(prefix) if default else _default_of(heads), False

    def _ask_remote(self) -> str | None:
        from git import GitCommandError

        try:
            # Without a terminal, neither git nor ssh can stop and ask for a password.
            output = self.git.execute(
                ["git", "ls-remote", "--symref", "--", str(self.remote), "HEAD", "refs/heads/*"],
                kill_after_timeout=_PATIENCE_S,
                env={"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"},
                start_new_session=True,
            )
        except GitCommandError:
            return None
        return str(output)

    def _ask(self, command: str, *arguments: str) -> str | None:
        """Return what git says, or ``None`` where it says no."""
        from git import GitCommandError

        try:
            return str(self.git.execute(["git", command, *arguments]))
        except GitCommandError:
            return None

    def _do(self, command: str, *arguments: str) -> str:
        from git import GitCommandError

        try:
            return str(self.git.execute(["git", command, *arguments]))
        except GitCommandError as error:
            reason = last_line(str(error.stderr or error.status))
            raise InputError(f"`git {command}` does not work here ({reason}): mend that first.") from error


def open_repository(folder: Path) -> Repository | None:
    """Return the repository that ``folder`` lies in. Raises ``InputError`` where git does not work."""
    try:
        from git import Git, GitCommandError
    except ImportError as error:
        raise InputError(f"git does not work here ({last_line(str(error))}): install it.") from error
    git = Git(str(folder))
    try:
        top = str(git.rev_parse("--show-toplevel"))
    except GitCommandError as error:
        if "not a git repository" in str(error.stderr):
            return None
        raise InputError(f"git does not work here ({last_line(str(error.stderr))}): mend that first.") from error
    repository = Git(top)
    # A path is a path, whatever git would read into its characters; and to look changes nothing.
    repository.update_environment(GIT_LITERAL_PATHSPECS="1", GIT_OPTIONAL_LOCKS="0")
    return Repository(Path(top), repository)


def _heads_in(answer: str) -> tuple[dict[str, str], str | None]:
    """Read what ``git ls-remote --symref`` says."""
    default, heads = None, {}
    for line in answer.splitlines():
        value, _, ref = line.partition("\t")
        if value.startswith("ref: ") and ref == "HEAD":
            default = value.removeprefix("ref: refs/heads/")
        elif ref.startswith("refs/heads/"):
            heads[ref.removeprefix("refs/heads/")] = value
    return heads, default or _default_of(heads)


def _default_of(heads: Mapping[str, str]) -> str | None:
    if len(heads) == 1:
        return next(iter(heads))
    return next((name for name in _USUAL_DEFAULTS if name in heads), None)
