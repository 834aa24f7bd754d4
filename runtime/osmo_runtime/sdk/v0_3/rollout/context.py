import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from osmo_runtime.sdk.shared import context as shared
from osmo_runtime.sdk.shared.context import AmbientContext, rollout_contextvar

from .types import AgentWorkflowConfig, RolloutSample, RolloutStatus

__all__ = [
    "AgentWorkflowContext",
    "GraderContext",
    "RolloutContext",
    "RolloutProgress",
    "SampleSource",
    "get_rollout_context",
    "rollout_contextvar",
]

logger = logging.getLogger(__name__)

API_KEY_ENV = shared.API_KEY_ENV
CHAT_COMPLETIONS_URL_ENV = shared.CHAT_COMPLETIONS_URL_ENV
ROLLOUT_ID_ENV = shared.ROLLOUT_ID_ENV

TConfig = TypeVar("TConfig", bound=AgentWorkflowConfig)


class SampleSource(ABC):
    """Makes the rollout's sample from an agent or a session."""

    @abstractmethod
    async def get_sample(self) -> RolloutSample:
        """Return the sample as it stands now."""

    async def get_preview(self, max_messages: int) -> RolloutSample | None:
        """Return the last ``max_messages`` messages as a sample, or ``None`` where previews are not offered."""
        del max_messages
        return None


_FINAL = frozenset({RolloutStatus.SUCCESS, RolloutStatus.FAILURE, RolloutStatus.CANCELLED})


@dataclass
class RolloutProgress:
    """A rollout's status, which others can wait on; a final one stays."""

    status: RolloutStatus = RolloutStatus.QUEUED
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    on_status: Callable[[RolloutStatus], None] | None = field(default=None, repr=False)

    async def set_status(self, status: RolloutStatus) -> None:
        async with self.changed:
            if status is self.status or self.status in _FINAL:
                return
            self.status = status
            self.changed.notify_all()
        if self.on_status is not None:
            try:
                self.on_status(status)
            except Exception:
                logger.warning("Rollout status observer failed", exc_info=True)

    async def wait_for_status_change(self) -> RolloutStatus:
        async with self.changed:
            before = self.status
            if before not in _FINAL:
                await self.changed.wait_for(lambda: self.status is not before)
            return self.status


@dataclass
class RolloutContext(AmbientContext):
    """Where the policy is, for the rollout that runs, and where its one sample will come from."""

    chat_completions_url: str = ""
    api_key: str | None = None
    rollout_id: str = ""
    sample_source: SampleSource | None = None
    progress: RolloutProgress | None = None
    process_id: str | None = None
    preview_path: Path | None = None
    preview_enabled: bool = True

    def __enter__(self) -> Self:
        rollout_contextvar.set(self)
        return self

    def set_sample_source(self, source: SampleSource) -> None:
        """Take the sample from ``source``. Raises ``ValueError`` where there is a source already."""
        if self.sample_source is not None:
            raise ValueError(
                "RolloutContext already has a sample source registered. A rollout produces one sample; "
                "construct a single agent/session per rollout."
            )
        self.sample_source = source

    async def get_sample(self) -> RolloutSample | None:
        return None if self.sample_source is None else await self.sample_source.get_sample()

    async def set_status(self, status: RolloutStatus) -> None:
        if self.progress is not None:
            await self.progress.set_status(status)


def get_rollout_context() -> RolloutContext | None:
    context: RolloutContext | None = rollout_contextvar.get()
    return context


@dataclass
class GraderContext:
    """What a grader sees of one rollout: its sample, and the row's label and metadata."""

    label: str | None = None
    sample: RolloutSample | None = None
    project_path: str | None = None
    metadata: dict[str, Any] | None = None
    artifacts_dir: Path | None = None

    def set_reward(self, reward: float) -> None:
        """Set the sample's reward. Raises ``ValueError`` for no sample or a reward that is not finite."""
        if self.sample is None:
            raise ValueError("GraderContext has no sample to reward")
        self.sample.reward = reward


@dataclass
class AgentWorkflowContext(Generic[TConfig]):
    """What a workflow sees of one row: ``prompt`` is its messages."""

    prompt: list[dict[str, Any]]
    config: TConfig | None = None
    metadata: dict[str, Any] | None = None
    artifacts_dir: Path | None = None
