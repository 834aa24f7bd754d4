from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from osmo_runtime.sdk.shared import context as shared
from osmo_runtime.sdk.shared.context import AmbientContext, rollout_contextvar

from .types import AgentWorkflowConfig, RolloutSample

__all__ = [
    "AgentWorkflowContext",
    "GraderContext",
    "HarborAgentWorkflowContext",
    "RolloutContext",
    "SampleSource",
    "get_rollout_context",
    "rollout_contextvar",
]

API_KEY_ENV = shared.API_KEY_ENV
CHAT_COMPLETIONS_URL_ENV = shared.CHAT_COMPLETIONS_URL_ENV
ROLLOUT_ID_ENV = shared.ROLLOUT_ID_ENV

TConfig = TypeVar("TConfig", bound=AgentWorkflowConfig)


class SampleSource(ABC):
    """Makes a sample from an agent or a session when the rollout is over."""

    @abstractmethod
    async def get_sample(self, name: str) -> RolloutSample:
        """Return the sample under the name the source was registered with."""


@dataclass
class RolloutContext(AmbientContext):
    """Where the policy is, for the rollout that runs, and where its samples will come from."""

    chat_completions_url: str = ""
    api_key: str | None = None
    rollout_id: str = ""
    sample_sources: dict[str, SampleSource] = field(default_factory=dict)

    def __enter__(self) -> Self:
        rollout_contextvar.set(self)
        return self

    def register_sample_source(self, name: str, source: SampleSource) -> None:
        """Take samples of this name from ``source``. Raises ``ValueError`` for a name that is taken."""
        if name in self.sample_sources:
            raise ValueError(
                f"Session with {name} already exists, please give your session or agent a unique name in the workflow"
            )
        self.sample_sources[name] = source

    async def get_samples(self) -> dict[str, RolloutSample]:
        return {name: await source.get_sample(name) for name, source in self.sample_sources.items()}


def get_rollout_context() -> RolloutContext | None:
    context: RolloutContext | None = rollout_contextvar.get()
    return context


@dataclass
class GraderContext:
    """What a grader sees of one rollout: its samples by name, and the row's label and metadata."""

    label: str | None = None
    samples: dict[str, RolloutSample] = field(default_factory=dict)
    project_path: str | None = None
    metadata: dict[str, Any] | None = None
    artifacts_dir: Path | None = None

    def get_samples(self) -> dict[str, RolloutSample]:
        return self.samples

    def set_sample_reward(self, sample_id: str, reward: float) -> None:
        """Set one sample's reward. Raises ``ValueError`` for a sample that does not exist."""
        if sample_id not in self.samples:
            raise ValueError(f"Sample {sample_id} not found")
        self.samples[sample_id].reward = reward


@dataclass
class AgentWorkflowContext(Generic[TConfig]):
    """What a workflow sees of one row: ``prompt`` is its messages."""

    prompt: list[dict[str, Any]]
    config: TConfig | None = None
    metadata: dict[str, Any] | None = None
    artifacts_dir: Path | None = None


@dataclass(init=False)
class HarborAgentWorkflowContext(AgentWorkflowContext[TConfig]):
    """Only there so that annotations and tests of workflows work: this SDK has no Harbor backend."""

    environment: Any = None

    def __init__(
        self,
        prompt: list[dict[str, Any]],
        config: TConfig,
        environment: Any = None,
        metadata: dict[str, Any] | None = None,
        artifacts_dir: Path | None = None,
    ) -> None:
        super().__init__(prompt, config, metadata, artifacts_dir)
        self.environment = environment
