"""Public API for the rollout SDK. The Strands names are imported when they are asked for: Strands takes a second."""

from typing import Any

from .agent_workflow import AgentWorkflow
from .backend import ExecutionBackend, LocalBackend
from .context import (
    AgentWorkflowContext,
    GraderContext,
    HarborAgentWorkflowContext,
    RolloutContext,
    get_rollout_context,
)
from .grader import Grader
from .server import ControllerAuth, create_rollout_server
from .types import (
    AgentWorkflowConfig,
    ConcurrencyConfig,
    ExecutionRequest,
    ExecutionResult,
    GraderCompleteRequest,
    GraderConfig,
    GraderStatus,
    MultiTurnMode,
    RolloutCompleteRequest,
    RolloutErrorCategory,
    RolloutInitRequest,
    RolloutInitResponse,
    RolloutSample,
    RolloutStatus,
)

__all__ = [
    "AgentWorkflow",
    "AgentWorkflowConfig",
    "AgentWorkflowContext",
    "ConcurrencyConfig",
    "ControllerAuth",
    "ExecutionBackend",
    "ExecutionRequest",
    "ExecutionResult",
    "Grader",
    "GraderCompleteRequest",
    "GraderConfig",
    "GraderContext",
    "GraderStatus",
    "HarborAgentWorkflowContext",
    "LocalBackend",
    "MultiTurnMode",
    "OsmosisRolloutModel",
    "OsmosisStrandsAgent",
    "RolloutCompleteRequest",
    "RolloutContext",
    "RolloutErrorCategory",
    "RolloutInitRequest",
    "RolloutInitResponse",
    "RolloutSample",
    "RolloutStatus",
    "create_rollout_server",
    "get_rollout_context",
]


def __getattr__(name: str) -> Any:
    if name in ("OsmosisRolloutModel", "OsmosisStrandsAgent"):
        from .integrations.agents import strands

        return getattr(strands, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
