"""What ``LocalBackend`` is in either generation: the classes and configs of one rollout, resolved."""

import copy
from pathlib import Path
from typing import Any

from osmo_runtime.sdk.shared.artifacts import artifact_root, make_artifacts_dir
from osmo_runtime.sdk.shared.concurrency import ConcurrencyLimiter
from osmo_runtime.sdk.shared.imports import resolve_object

#: Rollouts at a time where no workflow config says otherwise.
DEFAULT_CONCURRENCY = 4


class LocalBackendBase:
    """Holds ``workflow_cls``, ``workflow_config``, ``grader_cls``, ``grader_config`` and a ``limiter``.

    Each argument is an object or a ``module:attr`` string.
    """

    def __init__(
        self, *, workflow: Any, workflow_config: Any = None, grader: Any = None, grader_config: Any = None
    ) -> None:
        self.workflow_cls: Any = resolve_object(workflow)
        self.workflow_config: Any = resolve_object(workflow_config) if workflow_config else None
        self.grader_cls: Any = resolve_object(grader) if grader else None
        self.grader_config: Any = resolve_object(grader_config) if grader_config else None
        config = self.workflow_config
        self.limiter = ConcurrencyLimiter(
            max_concurrent=config.concurrency.max_concurrent if config else DEFAULT_CONCURRENCY
        )
        self.artifact_root = artifact_root()

    def health(self) -> dict[str, Any]:
        return {"status": "ok", "concurrency": self.limiter.snapshot()}

    def can_grade(self, request: Any) -> bool:
        """Tell whether there is a grader, and anything of the row for it to grade by."""
        return bool(self.grader_cls) and (request.label is not None or request.metadata is not None)

    def own_config(self) -> Any:
        """Return a copy of the workflow's config that one rollout may change."""
        return copy.deepcopy(self.workflow_config)

    async def artifacts_dir(self, rollout_id: str) -> Path | None:
        return await make_artifacts_dir(self.artifact_root, rollout_id)
