"""Agents of the OpenAI Agents SDK over the policy of the active rollout: what both generations' integrations share.

The original goes through LiteLLM, whose import takes four seconds; this goes through the framework's own Chat
Completions model.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from osmo_runtime.sdk.shared.extras import needed

with needed("A rollout with the OpenAI Agents SDK", "agents", "openai-agents"):
    from agents import Agent
    from agents.items import ModelResponse
    from agents.memory.session import SessionABC
    from agents.models.chatcmpl_converter import Converter
    from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
    from agents.usage import Usage

from osmo_runtime.sdk.shared.policy_client import client_of_loop

__all__ = ["Agent", "MemorySession", "PlaceholderModel", "SessionABC", "StreamingModel", "trajectory_messages"]

logger = logging.getLogger(__name__)

_PLACEHOLDER = (
    "OsmosisRolloutModel is a placeholder. Wrap your agent with OsmosisAgent so the model is bound to the active "
    "RolloutContext."
)


class PlaceholderModel(OpenAIChatCompletionsModel):
    """Stands for the policy until an agent binds it to a rollout; holds the model's own settings meanwhile."""

    def __init__(self, **litellm_kwargs: Any) -> None:
        self.litellm_kwargs = litellm_kwargs

    def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        raise NotImplementedError(_PLACEHOLDER)

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        raise NotImplementedError(_PLACEHOLDER)


class StreamingModel(OpenAIChatCompletionsModel):
    """The policy of one rollout. It only streams, so a whole response is put together from what was streamed.

    Raises ``RuntimeError`` where there is no rollout, ``context`` being ``None``.
    """

    def __init__(self, context: Any, **settings: Any) -> None:
        if context is None:
            raise RuntimeError(
                "OsmosisLitellmModel requires an active RolloutContext. Construct it inside your workflow run, where "
                "the execution backend has set up the context."
            )
        client = client_of_loop(context.chat_completions_url, context.api_key)
        super().__init__(model="osmosis-rollout", openai_client=client, **settings)

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        output: list[Any] = []
        usage = Usage()
        async for event in self.stream_response(*args, **kwargs):
            if event.type == "response.completed":
                output = list(event.response.output)
                usage = _usage(event.response.usage) if event.response.usage else usage
        return ModelResponse(output=output, usage=usage, response_id=None)


def _usage(said: Any) -> Usage:
    return Usage(
        requests=1,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
        total_tokens=said.total_tokens,
        input_tokens_details=said.input_tokens_details,
        output_tokens_details=said.output_tokens_details,
    )


class MemorySession(SessionABC):
    """A conversation in memory, made in ``context`` (``None`` outside of any rollout) and of use nowhere else."""

    def __init__(self, session_id: str, context: Any) -> None:
        self.session_id = session_id
        self.items: list[Any] = []
        self._context = context

    async def get_items(self, limit: int | None = None) -> list[Any]:
        self._touched()
        return list(self.items if limit is None else self.items[-limit:])

    async def add_items(self, items: list[Any]) -> None:
        self._touched()
        self.items.extend(items)

    async def pop_item(self) -> Any:
        return self.items.pop() if self.items else None

    async def clear_session(self) -> None:
        self.items.clear()

    def _active_context(self) -> Any:
        raise NotImplementedError

    def _touched(self) -> None:
        """Raise ``RuntimeError`` in a rollout the session was not made in: its sample would miss the conversation."""
        if self._active_context() not in (None, self._context):
            raise RuntimeError(
                "OsmosisMemorySession was used inside a RolloutContext it was not registered with. Construct the "
                "session inside the workflow run while the rollout context is active."
            )


def trajectory_messages(items: Sequence[Any]) -> list[dict[str, Any]] | None:
    """Return a session's items in the Chat Completions shape, or ``None`` where they have none."""
    try:
        converted = Converter.items_to_messages(list(items), preserve_tool_output_all_content=True)
        return [dict(message) for message in converted]
    except Exception:
        logger.warning("Failed to convert OpenAI Agents messages for trajectory persistence", exc_info=True)
        return None
