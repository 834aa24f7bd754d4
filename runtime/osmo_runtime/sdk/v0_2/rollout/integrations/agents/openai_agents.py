"""OpenAI Agents in a rollout: ``OsmosisAgent`` in place of ``Agent``, and sessions that are the rollout's samples."""

import uuid
from contextvars import ContextVar
from typing import Any

from osmo_runtime.sdk.shared.openai_agents import (
    Agent,
    MemorySession,
    PlaceholderModel,
    SessionABC,
    StreamingModel,
    trajectory_messages,
)

from ...context import SampleSource, get_rollout_context
from ...types import RolloutSample

__all__ = [
    "OsmosisAgent",
    "OsmosisLitellmModel",
    "OsmosisMemorySession",
    "OsmosisRolloutModel",
    "SessionSampleSource",
]

#: The session that the framework read or wrote last, in this task: model calls belong to its sample.
current_sample_id: ContextVar[str | None] = ContextVar("osmosis_current_sample_id", default=None)


class SessionSampleSource(SampleSource):
    """The sample of any session: its items, as the framework keeps them."""

    def __init__(self, session: SessionABC) -> None:
        self.session = session

    async def get_sample(self, name: str) -> RolloutSample:
        items: list[Any] = list(await self.session.get_items())
        return RolloutSample(id=name, messages=items, trajectory_messages=trajectory_messages(items))


class OsmosisMemorySession(MemorySession):
    """A session in memory that is a sample of the rollout; outside of a rollout, a session and no more.

    Raises ``ValueError`` for a name that another sample of the rollout has.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or uuid.uuid4().hex
        context = get_rollout_context()
        super().__init__(self.name, context)
        if context is not None:
            context.register_sample_source(self.name, SessionSampleSource(self))

    def _active_context(self) -> Any:
        return get_rollout_context()

    def _touched(self) -> None:
        super()._touched()
        current_sample_id.set(self.name)


class OsmosisRolloutModel(PlaceholderModel):
    """Stands for the policy in an agent's configuration; ``OsmosisAgent`` puts the rollout's model in its place."""


class OsmosisLitellmModel(StreamingModel):
    """The policy of the active rollout. Raises ``RuntimeError`` where there is none."""

    def __init__(self, **litellm_kwargs: Any) -> None:
        context = get_rollout_context()
        super().__init__(context, **litellm_kwargs)
        self.rollout_id = context.rollout_id if context else ""

    def _merge_headers(self, model_settings: Any) -> dict[str, str]:
        """Add which rollout and sample a call belongs to. Raises ``RuntimeError`` where no session was used."""
        sample_id = current_sample_id.get()
        if sample_id is None:
            raise RuntimeError(
                "OsmosisLitellmModel was called without an active OsmosisMemorySession.\n"
                "Pass `session=OsmosisMemorySession()` to Runner.run() so the model can stamp per-rollout headers and "
                "the runner can persist the conversation for grading."
            )
        return {**super()._merge_headers(model_settings), "x-sample-id": sample_id, "x-rollout-id": self.rollout_id}


class OsmosisAgent(Agent):
    """An ``Agent`` that calls the policy where its model is an ``OsmosisRolloutModel``. Construct it inside ``run``."""

    def __init__(self, *args: Any, model: Any = None, **kwargs: Any) -> None:
        if isinstance(model, OsmosisRolloutModel):
            model = OsmosisLitellmModel(**model.litellm_kwargs)
        super().__init__(*args, **{**kwargs, "model": model})
