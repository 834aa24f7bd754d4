"""Strands agents in a rollout: ``OsmosisStrandsAgent`` in place of Strands' ``Agent``."""

from typing import Any

from osmo_runtime.sdk.shared.strands import (
    Agent,
    OpenAIModel,
    RolloutClient,
    content_block_messages,
    log_tool_errors,
    rollout_model,
    trajectory_messages,
)

from ...context import SampleSource, get_rollout_context
from ...types import RolloutSample

__all__ = ["OsmosisRolloutModel", "OsmosisStrandsAgent"]


class StrandsAgentSampleSource(SampleSource):
    """The sample of a Strands agent: its messages, as Strands has them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    async def get_sample(self) -> RolloutSample:
        messages: list[Any] = list(self.agent.messages)
        return RolloutSample(messages=messages, trajectory_messages=trajectory_messages(messages))


class OsmosisRolloutModel(OpenAIModel):
    """Stands for the policy, with its sampling parameters: ``OsmosisRolloutModel(params={"temperature": 1.0})``.

    ``OsmosisStrandsAgent`` puts the model of the active rollout in its place.
    """

    def __init__(self, **litellm_kwargs: Any) -> None:
        self.litellm_kwargs = litellm_kwargs


class OsmosisStrandsAgent(Agent):
    """A Strands agent that calls the policy and is the rollout's sample. Takes what ``Agent`` takes.

    Raises ``RuntimeError`` where an ``OsmosisRolloutModel`` is used outside of a rollout, and ``ValueError`` for a
    second agent in one rollout.
    """

    def __init__(
        self, *args: Any, messages: list[dict[str, Any]] | None = None, model: Any = None, **kwargs: Any
    ) -> None:
        if isinstance(model, OsmosisRolloutModel):
            context = get_rollout_context()
            if context is None:
                raise RuntimeError(
                    "OsmosisRolloutModel requires an active RolloutContext. "
                    "Ensure the execution backend sets up the context before running the workflow."
                )
            client = RolloutClient(context.chat_completions_url, context.api_key)
            model = rollout_model(client, model.litellm_kwargs)
            context.set_sample_source(StrandsAgentSampleSource(self))
        blocks: Any = content_block_messages(messages) if messages else messages
        super().__init__(*args, **{**kwargs, "model": model, "messages": blocks})
        log_tool_errors(self)
