"""What is committed here is what the platform takes."""

import shlex

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.repository import Repository, Revision
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted


def check(situation: Situation) -> Outcome:
    repository, revision = situation.repository, situation.revision
    if repository is None or repository.head is None or revision is None or revision.commit is None:
        return skipped("There is nothing pushed to compare with.")
    if repository.commit(revision.commit) is None:
        message = f"{revision.name} has commits that are not here: what was checked here is not what would run."
        return failed(message, repository.bring(str(revision.branch)))
    differing = tuple(repository.differing(revision.commit, situation.code))
    if revision.is_pinned:
        return _pinned(situation, repository, revision, differing)
    if repository.branch != revision.branch:
        return _elsewhere(repository, revision, differing)
    return _here(repository, revision, revision.commit, differing)


def _pinned(situation: Situation, repository: Repository, revision: Revision, differing: tuple[str, ...]) -> Outcome:
    if not differing:
        return passed(f"The rollout is the same here and in the commit {revision.name}.")
    message = (
        f"The rollout here differs from the commit {revision.name}: what was checked here is not what would run, "
        "unless you pin it."
    )
    return warned(message, repository.pin(situation.shown), differing)


def _elsewhere(repository: Repository, revision: Revision, differing: tuple[str, ...]) -> Outcome:
    if not differing:
        return passed(f"The rollout is the same here and in {revision.name}.")
    here, branch = repository.branch or str(repository.head), str(revision.branch)
    if repository.is_ancestor(str(repository.head), str(revision.commit)):
        message = f"The platform takes {revision.name}, which has changes to the rollout that {here} lacks."
        return failed(message, repository.bring(branch), differing)
    message = f"The platform takes {revision.name}, and the rollout of {here} differs: merge it, or set `branch`."
    return failed(message, repository.merge_into(branch), differing)


def _here(repository: Repository, revision: Revision, tip: str, differing: tuple[str, ...]) -> Outcome:
    name, pull = revision.name, repository.bring(str(revision.branch))
    push = f"git push {repository.remote} {shlex.quote(str(revision.branch))}"
    ahead, behind = repository.count(tip, "HEAD"), repository.count("HEAD", tip)
    lacks = f"{name} lacks {counted(ahead, 'commit')} from here"
    if ahead and differing:
        return failed(f"{lacks}, with changes to the rollout.", f"{pull} && {push}" if behind else push, differing)
    if behind and differing:
        message = f"{name} has {counted(behind, 'commit')} that are not here, with changes to the rollout."
        return failed(message, pull, differing)
    if ahead:
        return warned(f"{lacks}; none of them changes the rollout.", f"{pull} && {push}" if behind else push)
    return passed(f"{name} has all that is committed here.")
