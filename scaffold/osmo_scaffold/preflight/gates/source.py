"""The branch or the commit that the platform takes is there for it to take."""

import shlex

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.repository import Repository, Revision
from osmo_scaffold.preflight.situation import Situation


def check(situation: Situation) -> Outcome:
    repository, revision = situation.repository, situation.revision
    if repository is None or repository.head is None or revision is None:
        return skipped("There is no repository with a commit and a remote.")
    as_of = "" if revision.fresh else f" as of the last fetch or push ({repository.remote} was not asked)"
    if revision.is_pinned:
        return _pinned(situation, repository, revision, as_of)
    if revision.commit is None:
        message = f"{repository.remote} has no branch {revision.branch!r}, which the platform would take{as_of}."
        return failed(message, _push_branch(repository, str(revision.branch)))
    message = f"The platform takes {revision.name}, {revision.commit[:7]}{as_of}"
    if repository.branch != revision.branch:
        here = f"the branch {repository.branch}" if repository.branch else "no branch"
        return _elsewhere(situation, repository, str(revision.branch), f"{message}, and {here} is checked out")
    return passed(f"{message}.")


def _elsewhere(situation: Situation, repository: Repository, branch: str, message: str) -> Outcome:
    folder = repository.work_tree_with(branch)
    if folder:
        command = f"cd {shlex.quote(str(folder))} && osmo-scaffold preflight {shlex.quote(situation.shown)}"
        return warned(f"{message}; {branch} is checked out in {folder}.", command)
    return warned(f"{message}.", f"git switch {shlex.quote(branch)}")


def _push_branch(repository: Repository, branch: str) -> str:
    """Return the command that makes ``branch`` of the remote: of the one here, else of what is checked out."""
    if repository.commit(f"refs/heads/{branch}"):
        return f"git push -u {repository.remote} {shlex.quote(branch)}"
    return f"git push {repository.remote} {shlex.quote(f'HEAD:refs/heads/{branch}')}"


def _pinned(situation: Situation, repository: Repository, revision: Revision, as_of: str) -> Outcome:
    if revision.commit is None and repository.is_shallow:
        message = f"commit_sha {revision.name} is not here: the repository was cloned without its older commits."
        return failed(message, f"git fetch --unshallow {repository.remote}")
    if revision.commit is None:
        message = f"commit_sha {revision.name} is no commit of this repository: pin the one that is checked out."
        return failed(message, repository.pin(situation.shown))
    if not revision.is_pushed:
        message = (
            f"commit_sha {revision.name} is on no branch of {repository.remote}{as_of}: push a branch that has it."
        )
        return failed(message, repository.push(revision.commit))
    return passed(f"The platform takes the commit {revision.commit[:7]}, which is pushed{as_of}.")
