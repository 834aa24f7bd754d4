"""The branch or the commit that the platform takes is there for it to take."""

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.repository import Repository, Revision
from osmo_scaffold.preflight.situation import Situation


def check(situation: Situation) -> Outcome:
    repository, revision = situation.repository, situation.revision
    if repository is None or repository.head is None or revision is None:
        return skipped("There is no repository with a commit and a remote.")
    as_of = "" if revision.fresh else f" as of the last fetch or push ({repository.remote} was not asked)"
    if revision.is_pinned:
        return _pinned(repository, revision, as_of)
    if revision.commit is None:
        message = f"{repository.remote} has no branch {revision.branch!r}, which the platform would take{as_of}."
        return failed(message, f"git push -u {repository.remote} {revision.branch}")
    message = f"The platform takes {revision.name}, {revision.commit[:7]}{as_of}"
    if repository.branch != revision.branch:
        here = f"the branch {repository.branch}" if repository.branch else "no branch"
        return warned(f"{message}, and {here} is checked out.", f"git switch {revision.branch}")
    return passed(f"{message}.")


def _pinned(repository: Repository, revision: Revision, as_of: str) -> Outcome:
    if revision.commit is None:
        message = f"commit_sha {revision.name} is no commit of this repository: write what `git rev-parse HEAD` prints."
        return failed(message, "git rev-parse HEAD")
    if not revision.is_pushed:
        message = (
            f"commit_sha {revision.name} is on no branch of {repository.remote}{as_of}: push a branch that has it."
        )
        return failed(message, f"git push -u {repository.remote} {repository.branch or 'HEAD'}")
    return passed(f"The platform takes the commit {revision.commit[:7]}, which is pushed{as_of}.")
