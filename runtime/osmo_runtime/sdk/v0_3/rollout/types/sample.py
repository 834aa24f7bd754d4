import logging
import math
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, field_validator

from osmo_runtime.sdk.shared.identifiers import ensure_single_path_segment
from osmo_runtime.sdk.shared.json_values import fitted
from osmo_runtime.sdk.shared.sample import MessageDict, SampleBase, SampleMessage

__all__ = [
    "ExecutionOutcome",
    "ExecutionRequest",
    "ExecutionResult",
    "MessageDict",
    "RolloutErrorCategory",
    "RolloutSample",
    "RolloutStatus",
    "SampleMessage",
]

logger = logging.getLogger(__name__)


class RolloutSample(SampleBase):
    """The conversation a rollout produced, and its reward, which has to be finite."""

    model_config: ClassVar[ConfigDict] = ConfigDict(allow_inf_nan=False, validate_assignment=True)

    def json_safe_copy(self) -> Self:
        """Return a sample whose ``metrics`` and ``extra_fields`` can be written as JSON, less what cannot."""
        dropped: list[str] = []
        fields = {"metrics": fitted(self.metrics, dropped), "extra_fields": fitted(self.extra_fields, dropped)}
        if dropped:
            logger.warning("Left out of a sample's metrics and extra fields, being no JSON: %s", ", ".join(dropped))
        return self.model_copy(update=fields)


class RolloutStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    GRADING = "grading"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class RolloutErrorCategory(StrEnum):
    TIMEOUT = "timeout"
    LEASE_EXPIRED = "lease_expired"
    VALIDATION_ERROR = "validation_error"
    HTTP_ERROR = "http_error"
    AGENT_ERROR = "agent_error"
    INTERNAL_ERROR = "internal_error"


class ExecutionRequest(BaseModel):
    id: str
    prompt: list[MessageDict]
    label: str | None = None
    metadata: dict[str, Any] | None = None
    agent_timeout_sec: float | None = None
    grader_timeout_sec: float | None = None
    grade: bool = True

    @field_validator("id")
    @classmethod
    def _id_is_a_path_segment(cls, value: str) -> str:
        return ensure_single_path_segment(value, label="rollout_id")

    @field_validator("agent_timeout_sec", "grader_timeout_sec")
    @classmethod
    def _timeout_is_finite(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise ValueError("timeout must be finite; omit it to run unbounded")
        return value


class ExecutionResult(BaseModel):
    status: RolloutStatus
    sample: RolloutSample | None = None
    err_message: str | None = None
    err_category: RolloutErrorCategory | None = None
    extra_fields: dict[str, Any] | None = None


class ExecutionOutcome(BaseModel):
    """What the workflow came to, and the grader if it ran."""

    workflow: ExecutionResult
    grader: ExecutionResult | None = None

    @property
    def result(self) -> ExecutionResult:
        if self.workflow.status is RolloutStatus.SUCCESS:
            return self.grader or self.workflow
        sample = self.workflow.sample or (self.grader.sample if self.grader else None)
        return self.workflow.model_copy(update={"sample": sample})

    @property
    def result_to_save(self) -> ExecutionResult:
        return self.grader if self.grader and self.grader.sample else self.workflow
