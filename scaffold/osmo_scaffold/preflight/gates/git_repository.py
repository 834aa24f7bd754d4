"""There is a repository that the platform can clone."""

import shlex

from osmo_scaffold.preflight.outcome import Outcome, failed, passed
from osmo_scaffold.preflight.repository import Repository
from osmo_scaffold.preflight.situation import Situation

_FIRST_COMMIT = 'git add -A && git commit -m "Start the workspace"'


def check(situation: Situation) -> Outcome:
    repository, root = situation.repository, situation.workspace.root
    if repository is None:
        message = "The workspace is no git repository, and the platform takes the code from one."
        return failed(message, f"git init -b main && {_FIRST_COMMIT}")
    if repository.root != root.resolve():
        message = (
            f"The platform looks for rollouts/ at the top of the repository, which is {repository.root}: "
            "make the workspace one of its own."
        )
        return failed(message, f"git init -b main && {_FIRST_COMMIT}")
    if repository.head is None:
        return failed("The repository has no commit yet.", _FIRST_COMMIT)
    problem = _remote_problem(repository)
    if problem:
        return problem
    return passed(f"{repository.branch or 'No branch'} at {repository.head[:7]}, with the remote {repository.remote}.")


def _remote_problem(repository: Repository) -> Outcome | None:
    """Return why `osmosis` would not take the remote: that has to be `origin`, and on GitHub."""
    if repository.remote is None:
        message = "The repository has no remote, so the platform cannot see it."
        return failed(message, f"git remote add origin URL && git push -u origin {repository.branch or 'HEAD'}")
    if repository.remote != "origin":
        message = f"The platform takes the remote that is called origin, and this one is called {repository.remote}."
        return failed(message, f"git remote rename {shlex.quote(repository.remote)} origin")
    if not repository.is_on_github:
        message = "origin is not on github.com, and the platform takes repositories from nowhere else."
        return failed(message, "git remote set-url origin git@github.com:OWNER/REPOSITORY.git")
    return None
