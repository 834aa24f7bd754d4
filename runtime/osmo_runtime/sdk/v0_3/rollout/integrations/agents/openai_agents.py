"""OpenAI Agents in a rollout: ``OsmosisAgent`` in place of ``Agent``, and a session that is the rollout's sample."""

import uuid
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


class SessionSampleSource(SampleSource):
    """The sample of any session: its items, as the framework keeps them."""

    def __init__(self, session: SessionABC) -> None:
        self.session = session

    async def get_sample(self) -> RolloutSample:
        items: list[Any] = list(await self.session.get_items())
        return RolloutSample(messages=items, trajectory_messages=trajectory_messages(items))


class OsmosisMemorySession(MemorySession):
    """A session in memory that is the rollout's sample; outside of a rollout, a session and no more.

    Raises ``ValueError`` for a second one in a rollout.
    """

    def __init__(self) -> None:
        context = get_rollout_context()
        super().__init__(uuid.uuid4().hex, context)
        if context is not None:
            context.set_sample_source(SessionSampleSource(self))

    def _active_context(self) -> Any:
        return get_rollout_context()


class OsmosisRolloutModel(PlaceholderModel):
    """Stands for the policy in an agent's configuration; ``OsmosisAgent`` puts the rollout's model in its place."""


class OsmosisLitellmModel(StreamingModel):
    """The policy of the active rollout. Raises ``RuntimeError`` where there is none."""

    def __init__(self, **litellm_kwargs: Any) -> None:
        super().__init__(get_rollout_context(), **litellm_kwargs)

    def _merge_headers(self, model_settings: Any) -> dict[str, str]:
        """Refuse a call whose conversation no sample would have; the URL alone says which rollout calls."""
        context = get_rollout_context()
        if context is None or context.sample_source is None:
            raise RuntimeError(
                "OsmosisLitellmModel was called without an active OsmosisMemorySession.\n"
                "Pass `session=OsmosisMemorySession()` to Runner.run() so the runner persists the conversation for "
                "grading."
            )
        headers: dict[str, str] = super()._merge_headers(model_settings)
        return headers


class OsmosisAgent(Agent):
    """An ``Agent`` that calls the policy where its model is an ``OsmosisRolloutModel``. Construct it inside ``run``."""

    def __init__(self, *args: Any, model: Any = None, **kwargs: Any) -> None:
        if isinstance(model, OsmosisRolloutModel):
            model = OsmosisLitellmModel(**model.litellm_kwargs)
        super().__init__(*args, **{**kwargs, "model": model})
