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
    here = repository.branch or "the commit that is checked out"
    message = (
        f"The rollout differs between {here} and {revision.name}, which the platform takes: merge it, or name another \
branch in the config."
    )
    mend = f"git switch {revision.branch} && git merge {repository.branch or repository.head} && git push"
    return failed(message, mend, differing)


def _here(repository: Repository, tip: str, name: str, differing: tuple[str, ...]) -> Outcome:
    ahead, behind = repository.count(tip, "HEAD"), repository.count("HEAD", tip)
    if ahead and differing:
        message = f"{counted(ahead, 'commit')} that change the rollout are not in {name}."
        return failed(message, "git pull --rebase && git push" if behind else "git push", differing)
    if behind and differing:
        return failed(
            f"{name} has {counted(behind, 'commit')} that change the rollout and are not here.", "git pull", differing
        )
    if ahead:
        return warned(f"{counted(ahead, 'commit')} not in {name}; none of them changes the rollout.", "git push")
    return passed(f"{name} has all that is committed here.")
