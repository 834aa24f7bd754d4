"""What is committed here is what the platform takes."""

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
        return failed(message, "git pull")
    differing = tuple(repository.differing(revision.commit, situation.code))
    if revision.is_pinned:
        return _pinned(revision, differing)
    if repository.branch != revision.branch:
        return _elsewhere(repository, revision, differing)
    return _here(repository, revision.commit, revision.name, differing)


def _pinned(revision: Revision, differing: tuple[str, ...]) -> Outcome:
    if not differing:
        return passed(f"The rollout is the same here and in the commit {revision.name}.")
    message = f"The rollout here differs from the commit {revision.name}: what was checked here is not what would run."
    return warned(message, f"git switch --detach {revision.name}", differing)


def _elsewhere(repository: Repository, revision: Revision, differing: tuple[str, ...]) -> Outcome:
    if not differing:
        return passed(f"The rollout is the same here and in {revision.name}.")
    here = repository.branch or repository.head
    message = f"The platform takes {revision.name}, and the rollout of {here} differs: merge it, or set `branch`."
    return failed(message, f"git switch {revision.branch} && git merge {here} && git push", differing)


def _here(repository: Repository, tip: str, name: str, differing: tuple[str, ...]) -> Outcome:
    ahead, behind = repository.count(tip, "HEAD"), repository.count("HEAD", tip)
    lacks = f"{name} lacks {counted(ahead, 'commit')} from here"
    if ahead and differing:
        mend = "git pull --rebase && git push" if behind else "git push"
        return failed(f"{lacks}, with changes to the rollout.", mend, differing)
    if behind and differing:
        message = f"{name} has {counted(behind, 'commit')} that are not here, with changes to the rollout."
        return failed(message, "git pull", differing)
    if ahead:
        return warned(f"{lacks}; none of them changes the rollout.", "git push")
    return passed(f"{name} has all that is committed here.")
