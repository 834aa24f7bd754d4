"""The calls that run on the event loop, which all rollouts of a process share."""

from collections.abc import Iterator

from osmo_checks.rollout import Call, Rollout


def loop_calls(rollout: Rollout) -> Iterator[Call]:
    """Yield what `run`, `grade`, async tools and what they call do call themselves."""
    for scope in rollout.loop_scopes:
        yield from rollout.calls_in(scope)
