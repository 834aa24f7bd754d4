from typing import Any

from osmo_runtime.sdk.shared.server import RolloutServer

from ..backend.base import ExecutionBackend
from ..types import POLLING_LEASE_HEADER
from .terms import Terms

__all__ = ["POLLING_LEASE_HEADER", "create_rollout_server"]


def create_rollout_server(
    *,
    backend: ExecutionBackend,
    lifespan: Any = None,
    configure_logging: bool = True,
    result_wait_timeout_sec: float = 30.0,
    polling_lease_timeout_sec: float = 120.0,
    result_retention_sec: float = 900.0,
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
