"""All that the config reaches is committed."""

import shlex
from collections.abc import Sequence

from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted

#: Files that a command names one by one.
_MOST_NAMED = 4


def check(situation: Situation) -> Outcome:
    repository, revision = situation.repository, situation.revision
    if repository is None:
        return skipped("There is no repository.")
    ignored = repository.unknown(situation.modules)
    code = sorted({*repository.uncommitted(situation.code), *ignored})
    if code and not (revision and revision.is_pinned):
        message = f"{counted(len(code), 'file')} of the rollout would not be in the run, or would be as last committed."
        return failed(message, _mend(situation, code, ignored), tuple(code))
    dataset = [situation.workspace.relative(situation.dataset)] if situation.dataset else []
    beside = repository.uncommitted([situation.shown, *dataset])
    if code or beside:
        message = "Not committed: the run would not need it, and nobody could look it up later."
        return warned(message, _mend(situation, [*code, *beside], ignored), (*code, *beside))
    return passed("All that the config reaches is committed.")


def _mend(situation: Situation, files: Sequence[str], ignored: Sequence[str]) -> str:
    """Return the command that commits ``files``; more than a few by the folders and files that the config reaches."""
    roots = [
        root for root in (*situation.code, situation.shown) if any(f"{file}/".startswith(f"{root}/") for file in files)
    ]
    beside = [file for file in files if not any(f"{file}/".startswith(f"{root}/") for root in roots)]
    named = list(files) if len(files) <= _MOST_NAMED else [*roots, *beside]
    forced = f"git add --force {shlex.join(ignored)} && " if ignored else ""
    return f"{forced}git add {shlex.join(named)} && git commit"
