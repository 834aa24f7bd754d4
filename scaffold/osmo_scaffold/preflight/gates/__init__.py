"""The gates, in the order in which they are asked: what is cheap first, what takes long or runs code last."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from osmo_scaffold.preflight.gates import (
    committed,
    dataset,
    dependencies,
    fit,
    git_repository,
    pushed,
    secrets,
    smoke,
    source,
    static,
)
from osmo_scaffold.preflight.outcome import Outcome
from osmo_scaffold.preflight.situation import Situation

#: May raise ``OsmoError``, which is a failure with its sentence.
Gate: TypeAlias = Callable[[Situation], Outcome]

GATES: Final[Mapping[str, Gate]] = {
    "checks": static.check,
    "dataset": dataset.check,
    "fit": fit.check,
    "repository": git_repository.check,
    "source": source.check,
    "committed": committed.check,
    "pushed": pushed.check,
    "secrets": secrets.check,
    "dependencies": dependencies.check,
    "smoke-run": smoke.check,
}
