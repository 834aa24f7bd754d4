from typing import Any

from osmo_runtime.sdk.shared.server import RolloutServer

from ..backend.base import ExecutionBackend


def create_rollout_server(
    *,
    backend: ExecutionBackend,
    lifespan: Any = None,
    configure_logging: bool = True,
) -> RolloutServer:
    """Return the application an entrypoint serves: ``uvicorn.run(create_rollout_server(backend=backend))``."""

    def build() -> Any:
        from .routes import build_app

        return build_app(backend, lifespan)

    return RolloutServer(build, configure_logging=configure_logging)
