from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field, field_validator

from osmo_runtime.sdk.shared.identifiers import ensure_single_path_segment
from osmo_runtime.sdk.shared.sample import MessageDict, SampleBase, SampleMessage

__all__ = [
    "ExecutionRequest",
    "ExecutionResult",
    "MessageDict",
    "MultiTurnMode",
    "RolloutErrorCategory",
    "RolloutSample",
    "RolloutStatus",
    "SampleMessage",
]


class _Named(BaseModel):
    id: str


class RolloutSample(SampleBase, _Named):
    """One of the conversations a rollout produced; a rollout may have several, by name."""


class RolloutStatus(StrEnum):
    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


class RolloutErrorCategory(StrEnum):
    TIMEOUT = "timeout"
    VALIDATION_ERROR = "validation_error"
    HTTP_ERROR = "http_error"
    AGENT_ERROR = "agent_error"


class MultiTurnMode(StrEnum):
    MULTI_SAMPLE = "multi_sample"
    SINGLE_SAMPLE = "single_sample"


class ExecutionRequest(BaseModel):
    id: str
    prompt: list[MessageDict]
    label: str | None = None
    metadata: dict[str, Any] | None = None
    agent_timeout_sec: float | None = None
    grader_timeout_sec: float | None = None

    @field_validator("id")
    @classmethod
    def _id_is_a_path_segment(cls, value: str) -> str:
        return ensure_single_path_segment(value, label="rollout_id")


class ExecutionResult(BaseModel):
    status: RolloutStatus
    samples: dict[str, RolloutSample] = Field(default_factory=dict)
    err_message: str | None = None
    err_category: RolloutErrorCategory | None = None
