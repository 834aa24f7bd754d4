"""All that the config reaches is committed."""

import shlex
from collections.abc import Sequence

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted


def check(situation: Situation) -> Outcome:
    repository, revision = situation.repository, situation.revision
    if repository is None:
        return skipped("There is no repository.")
    dirty = repository.uncommitted(situation.code)
    ignored = sorted(set(repository.unknown(situation.modules)) - set(dirty))
    beside = repository.uncommitted(_beside(situation))
    files = (*dirty, *ignored, *beside)
    mend = _mend(situation, files, ignored)
    if (dirty or ignored) and not (revision and revision.is_pinned):
        code = counted(len(dirty) + len(ignored), "file")
        return failed(f"Not committed as it is here, so not in the run: {code} of the rollout.", mend, files)
    if files:
        return warned("Not committed: the run would not miss it, but nobody could look it up later.", mend, files)
    return passed("All that the config reaches is committed.")


def _beside(situation: Situation) -> list[str]:
    """Return what the run takes from this machine or the platform, and not from the repository."""
    dataset = [situation.workspace.relative(situation.dataset)] if situation.dataset else []
    return [situation.shown, *dataset]


def _mend(situation: Situation, files: Sequence[str], ignored: Sequence[str]) -> str:
    """Return the command that commits ``files``, by the folders and files that the config names."""
    reached = [*situation.code, *_beside(situation)]
    roots = [root for root in reached if any(f"{file}/".startswith(f"{root}/") for file in files)]
    forced = f"git add --force {shlex.join(ignored)} && " if ignored else ""
    message = shlex.quote(f"Update {situation.rollout or situation.shown}")
    return f"{forced}git add {shlex.join(roots)} && git commit -m {message}"
