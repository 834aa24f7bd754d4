"""What executes attempts, as the engine sees it."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from osmo_runtime.model import Attempt, Report, Row

Work: TypeAlias = tuple[Attempt, Row]


class Driver(Protocol):
    async def run(self, work: Iterable[Work], report: Callable[[Report], None]) -> None:
        """Run all of ``work`` and report each attempt once, in the order they end.

        Raises ``RolloutLoadError`` where the rollout cannot run at all, and ``InputError`` where what it needs is gone.
        """
