"""Strands agents over the policy of the active rollout: what both generations' integrations are made of.

The original goes through LiteLLM, whose import takes four seconds; this goes through Strands' own OpenAI model.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from osmo_runtime.sdk.shared.extras import needed

with needed("A rollout with Strands", "strands", "strands"):
    from strands import Agent
    from strands.hooks import AfterToolCallEvent
    from strands.models.openai import OpenAIModel

from osmo_runtime.sdk.shared.policy_client import client_of_loop

__all__ = [
    "Agent",
    "OpenAIModel",
    "RolloutClient",
    "content_block_messages",
    "log_tool_errors",
    "rollout_model",
    "trajectory_messages",
]

logger = logging.getLogger(__name__)


class RolloutClient:
    """What ``OpenAIModel`` needs of a client: the running loop's one, aimed at one attempt's URL with its token."""

    def __init__(self, base_url: str, api_key: str | None, headers: Mapping[str, str] | None = None) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._headers = headers

    @property
    def chat(self) -> Any:
        return client_of_loop(self._base_url, self._api_key, self._headers).chat

    @property
    def beta(self) -> Any:
        return client_of_loop(self._base_url, self._api_key, self._headers).beta


def rollout_model(client: RolloutClient, settings: Mapping[str, Any]) -> OpenAIModel:
    """Return the model that calls the policy. ``settings`` are those of LiteLLM's model: ``params`` and others."""
    return OpenAIModel(client=client, model_id="osmosis-rollout", **settings)


def log_tool_errors(agent: Agent) -> None:
    """Have what the agent's tools raise logged with its traceback: Strands itself tells it to the model alone."""
    agent.hooks.add_callback(AfterToolCallEvent, _log_tool_error)


def _log_tool_error(event: AfterToolCallEvent) -> None:
    if event.exception is not None:
        logger.error("Tool %s failed", event.tool_use["name"], exc_info=event.exception)


def content_block_messages(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Turn string contents into Strands' content blocks; messages that have blocks already stay as they are."""
    return [
        {"role": message["role"], "content": [{"text": message["content"]}]}
        if isinstance(message.get("content"), str)
        else dict(message)
        for message in messages
    ]


def trajectory_messages(messages: Sequence[Any]) -> list[dict[str, Any]] | None:
    """Return Strands' messages in the Chat Completions shape, or ``None`` where they have none."""
    try:
        return OpenAIModel.format_request_messages(list(messages))
    except Exception:
        logger.warning("Failed to convert Strands messages for trajectory persistence", exc_info=True)
        return None
