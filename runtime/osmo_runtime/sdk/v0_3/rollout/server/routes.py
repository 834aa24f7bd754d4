"""The HTTP face of a rollout: it admits requests under a lease, and answers polls for their results."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse

from ..backend.base import ExecutionBackend
from ..types import (
    POLLING_LEASE_HEADER,
    CancelRolloutsRequest,
    CancelRolloutsResponse,
    RolloutInitResponse,
    RolloutLifecycle,
    RolloutResultResponse,
    RolloutStatus,
)
from .bridge import Accepted, PostedRequest, run_with_callbacks
from .execution import run_rollout
from .registry import DuplicateRolloutError, InvalidLeaseError, Registry, UnknownRolloutError
from .terms import Terms

logger = logging.getLogger(__name__)

#: Seconds that rollouts have to end by themselves when the server does, and then to clean up.
_DRAIN_S = 10.0
_CLEANUP_S = 120.0


def build_app(backend: ExecutionBackend, terms: Terms, lifespan: Any, api_key: str | None) -> FastAPI:
    server = _Server(backend, terms)
    app = FastAPI(lifespan=server.lifespan(lifespan))
    if api_key is not None:
        app.middleware("http")(_authentication(api_key))

    @app.get("/health")
    async def health() -> dict[str, Any]:
        return server.health()

    @app.post("/rollout", status_code=202)
    async def rollout(request: PostedRequest) -> RolloutInitResponse | Accepted:
        return server.admit(request)

    @app.get("/rollout/{rollout_id}/result", response_model_exclude={"sample": {"trajectory_messages"}})
    async def rollout_result(
        rollout_id: str, lease_token: Annotated[str, Header(alias=POLLING_LEASE_HEADER, min_length=1)]
    ) -> RolloutResultResponse:
        return await server.result(rollout_id, lease_token)

    @app.post("/rollout/cancel")
    async def cancel(request: CancelRolloutsRequest) -> CancelRolloutsResponse:
        return server.cancel(request)

    return app


def _authentication(api_key: str) -> Any:
    expected = f"Bearer {api_key}".encode()

    async def authenticate(request: Request, call_next: Any) -> Any:
        if not secrets.compare_digest(request.headers.get("authorization", "").encode(), expected):
            return JSONResponse({"detail": "unauthorized"}, status_code=401)
        return await call_next(request)

    return authenticate


class _Server:
    """What one application does, in the terms of HTTP."""

    def __init__(self, backend: ExecutionBackend, terms: Terms) -> None:
        self._backend = backend
        self._terms = terms
        self._registry = Registry(backend, terms)
        self._called_back: set[asyncio.Task[None]] = set()
        self._accepting = True
        self._process_id = str(uuid4())
        self._instance_id = os.environ.get("_OSMOSIS_ROLLOUT_INSTANCE_ID") or self._process_id

    def health(self) -> dict[str, Any]:
        lifecycle = RolloutLifecycle(accepting_rollouts=self._accepting, active_rollouts=len(self._running()))
        about = {"instance_id": self._instance_id, "process_id": self._process_id}
        return {**self._backend.health(), **about, "lifecycle": lifecycle.model_dump()}

    def admit(self, request: PostedRequest) -> RolloutInitResponse | Accepted:
        self._require_room()
        return self._call_back(request) if request.completion_callback_url else self._lease(request)

    def _call_back(self, request: PostedRequest) -> Accepted:
        task = asyncio.create_task(run_with_callbacks(self._backend, request, self._process_id))
        self._called_back.add(task)
        task.add_done_callback(self._called_back.discard)
        return Accepted()

    def _lease(self, request: PostedRequest) -> RolloutInitResponse:
        execution = partial(run_rollout, self._backend, request, process_id=self._process_id)
        try:
            token = self._registry.register(request.rollout_id, execution)
        except DuplicateRolloutError:
            raise HTTPException(409, "rollout_id is already registered") from None
        return RolloutInitResponse(
            rollout_id=request.rollout_id,
            status=RolloutStatus.QUEUED,
            polling_lease_token=token,
            result_wait_timeout_sec=self._terms.wait_s,
            polling_lease_timeout_sec=self._terms.lease_s,
        )

    async def result(self, rollout_id: str, token: str) -> RolloutResultResponse:
        try:
            return await self._registry.poll(rollout_id, token)
        except UnknownRolloutError:
            raise HTTPException(404, "unknown rollout_id") from None
        except InvalidLeaseError:
            raise HTTPException(403, "invalid polling lease") from None

    def cancel(self, request: CancelRolloutsRequest) -> CancelRolloutsResponse:
        if [request.ids is not None, request.prefix is not None, request.all].count(True) != 1:
            raise HTTPException(422, "pass exactly one selector: ids, prefix, or all")
        ids = self._registry.ids(request.prefix or "") if request.ids is None else request.ids
        return CancelRolloutsResponse(dispositions=self._registry.cancel(ids))

    def lifespan(self, users: Any) -> Any:
        """Return the application's lifespan: the user's own, within which rollouts come to their end."""

        @asynccontextmanager
        async def drained(app: FastAPI) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                if users is not None:
                    await stack.enter_async_context(users(app))
                stack.push_async_callback(self._registry.close)
                stack.push_async_callback(self._backend.shutdown)
                try:
                    yield
                finally:
                    self._accepting = False
                    await self._drain()

        return drained

    def _require_room(self) -> None:
        if not self._accepting:
            raise HTTPException(503, "rollout server is shutting down")
        if not self._backend.has_capacity():
            raise HTTPException(429, "rollout queue is full; retry later", headers={"Retry-After": "5"})

    def _running(self) -> set[asyncio.Task[Any]]:
        return {*self._registry.running, *self._called_back}

    async def _drain(self) -> None:
        pending = await _still_running(self._running(), _DRAIN_S)
        if pending:
            self._registry.cancel(self._registry.ids())
            for task in self._called_back:
                task.cancel()
            pending = await _still_running(pending, _CLEANUP_S)
        for task in pending:
            logger.error("A rollout did not end when it was cancelled; it is left behind.")
            task.cancel()


async def _still_running(tasks: set[asyncio.Task[Any]], within_s: float) -> set[asyncio.Task[Any]]:
    return (await asyncio.wait(tasks, timeout=within_s))[1] if tasks else tasks
