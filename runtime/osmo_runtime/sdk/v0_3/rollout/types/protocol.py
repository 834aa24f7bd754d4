import math
from typing import Any, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from osmo_runtime.sdk.shared.identifiers import ensure_single_path_segment

from .sample import MessageDict, RolloutErrorCategory, RolloutSample, RolloutStatus

POLLING_LEASE_HEADER = "X-Osmosis-Rollout-Lease"


class RolloutInitRequest(BaseModel):
    """The body of ``POST /rollout``."""

    initial_messages: list[MessageDict]
    label: str | None = None
    metadata: dict[str, Any] | None = None
    rollout_id: str
    chat_completions_url: str
    llm_api_key: str | None = None
    grade: bool = True
    agent_timeout_sec: float | None = None
    grader_timeout_sec: float | None = None
    extra_fields: dict[str, Any] | None = None

    @field_validator("rollout_id")
    @classmethod
    def _id_is_a_path_segment(cls, value: str) -> str:
        return ensure_single_path_segment(value, label="rollout_id")

    @field_validator("llm_api_key")
    @classmethod
    def _key_is_not_empty(cls, value: str | None) -> str | None:
        if value == "":
            raise ValueError("llm_api_key must be omitted or a non-empty string")
        return value

    @field_validator("agent_timeout_sec", "grader_timeout_sec")
    @classmethod
    def _timeout_is_finite(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise ValueError("timeout must be finite; omit it to run unbounded")
        return value


class RolloutInitResponse(BaseModel):
    """The lease under which the result can be polled."""

    rollout_id: str
    status: RolloutStatus
    polling_lease_token: str = Field(min_length=1)
    result_wait_timeout_sec: float
    polling_lease_timeout_sec: float

    @model_validator(mode="after")
    def _the_lease_outlives_a_wait(self) -> Self:
        wait, lease = self.result_wait_timeout_sec, self.polling_lease_timeout_sec
        if not math.isfinite(wait) or wait <= 0:
            raise ValueError("result_wait_timeout_sec must be positive and finite")
        if not math.isfinite(lease) or lease <= wait:
            raise ValueError("polling_lease_timeout_sec must be finite and exceed result_wait_timeout_sec")
        return self


class RolloutResultResponse(BaseModel):
    """One answer to a poll; only a final one carries a sample."""

    rollout_id: str
    status: RolloutStatus
    sample: RolloutSample | None = None
    err_message: str | None = None
    err_category: RolloutErrorCategory | None = None


class CancelRolloutsRequest(BaseModel):
    """The body of ``POST /rollout/cancel``: exactly one of its three ways to say which rollouts."""

    ids: list[str] | None = None
    prefix: str | None = None
    all: bool = False


class CancelRolloutsResponse(BaseModel):
    """By rollout: ``cancelled_queued``, ``cancelled_running`` or, for one that is unknown or over, ``not_found``."""

    dispositions: dict[str, str]


class RolloutLifecycle(BaseModel):
    """What ``GET /health`` says of the server itself."""

    accepting_rollouts: bool
    active_rollouts: int = Field(ge=0)
