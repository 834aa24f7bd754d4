from typing import Any

from osmo_runtime.sdk.shared.server import RolloutServer

from ..backend.base import ExecutionBackend
from ..types import POLLING_LEASE_HEADER
from .terms import Terms

__all__ = [
    "DEFAULT_POLLING_LEASE_TIMEOUT_SEC",
    "DEFAULT_RESULT_RETENTION_SEC",
    "DEFAULT_RESULT_WAIT_TIMEOUT_SEC",
    "POLLING_LEASE_HEADER",
    "create_rollout_server",
]

DEFAULT_RESULT_WAIT_TIMEOUT_SEC = 30.0
DEFAULT_POLLING_LEASE_TIMEOUT_SEC = 120.0
DEFAULT_RESULT_RETENTION_SEC = 900.0


def create_rollout_server(
    *,
    backend: ExecutionBackend,
    lifespan: Any = None,
    configure_logging: bool = True,
    result_wait_timeout_sec: float = DEFAULT_RESULT_WAIT_TIMEOUT_SEC,
    polling_lease_timeout_sec: float = DEFAULT_POLLING_LEASE_TIMEOUT_SEC,
    result_retention_sec: float = DEFAULT_RESULT_RETENTION_SEC,
    api_key: str | None = None,
) -> RolloutServer:
    """Return the application an entrypoint serves: ``uvicorn.run(create_rollout_server(backend=backend))``.

    Raises ``ValueError`` for an ``api_key`` that is blank and for durations that do not fit each other.
    """
    if api_key is not None and not api_key.strip():
        raise ValueError("api_key must be non-empty when provided")
    terms = Terms(result_wait_timeout_sec, polling_lease_timeout_sec, result_retention_sec)

    def build() -> Any:
        from .routes import build_app

        return build_app(backend, terms, lifespan, api_key)

    return RolloutServer(build, configure_logging=configure_logging)
