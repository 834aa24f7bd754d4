"""The HTTP face of a rollout: it takes requests, and answers them by callback."""

from typing import Any

from fastapi import BackgroundTasks, FastAPI

from ..backend.base import ExecutionBackend
from ..types import RolloutInitRequest, RolloutInitResponse
from .execution import run_rollout


def build_app(backend: ExecutionBackend, lifespan: Any) -> FastAPI:
    app = FastAPI(lifespan=lifespan)

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return backend.health()

    @app.post("/rollout")
    async def rollout(request: RolloutInitRequest, background_tasks: BackgroundTasks) -> RolloutInitResponse:
        background_tasks.add_task(run_rollout, backend, request)
        return RolloutInitResponse()

    return app
