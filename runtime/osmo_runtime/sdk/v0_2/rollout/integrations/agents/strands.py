"""Strands agents in a rollout: ``OsmosisStrandsAgent`` in place of Strands' ``Agent``."""

import uuid
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

from ...context import RolloutContext, SampleSource, get_rollout_context
from ...types import RolloutSample

__all__ = ["OsmosisRolloutModel", "OsmosisStrandsAgent"]


class StrandsAgentSampleSource(SampleSource):
    """The sample of a Strands agent: its messages, as Strands has them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    async def get_sample(self, name: str) -> RolloutSample:
        messages: list[Any] = list(self.agent.messages)
        return RolloutSample(id=name, messages=messages, trajectory_messages=trajectory_messages(messages))


class OsmosisRolloutModel(OpenAIModel):
    """Stands for the policy, with its sampling parameters: ``OsmosisRolloutModel(params={"temperature": 1.0})``.

    ``OsmosisStrandsAgent`` puts the model of the active rollout in its place.
    """

    def __init__(self, client_args: dict[str, Any] | None = None, **model_config: Any) -> None:
        del client_args  # the rollout context says where the policy is
        self.rollout_config = model_config

    def for_sample(self, sample_id: str, rollout_ctx: RolloutContext) -> OpenAIModel:
        headers = {"x-sample-id": sample_id, "x-rollout-id": rollout_ctx.rollout_id}
        client = RolloutClient(rollout_ctx.chat_completions_url, rollout_ctx.api_key, headers)
        return rollout_model(client, self.rollout_config)

    def update_config(self, **_: Any) -> None:
        raise NotImplementedError("This should not be called for OsmosisRolloutModel")

    def get_config(self) -> Any:
        raise NotImplementedError("This should not be called for OsmosisRolloutModel")

    def structured_output(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("This should not be called for OsmosisRolloutModel")

    def stream(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("This should not be called for OsmosisRolloutModel")


class OsmosisStrandsAgent(Agent):
    """A Strands agent that calls the policy and is a sample of the rollout. Takes what ``Agent`` takes.

    Raises ``RuntimeError`` where an ``OsmosisRolloutModel`` is used outside of a rollout.
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
            name = kwargs.get("name") or kwargs.get("agent_id") or uuid.uuid4().hex
            model = model.for_sample(name, context)
            context.register_sample_source(name, StrandsAgentSampleSource(self))
        blocks: Any = content_block_messages(messages) if messages else messages
        super().__init__(*args, **{**kwargs, "model": model, "messages": blocks})
        log_tool_errors(self)
