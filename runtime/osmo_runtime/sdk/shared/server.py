"""The object ``create_rollout_server`` returns: an application that is built when it is first needed.

An entrypoint may make one while it is imported, and a run that only takes the workflow from it must neither need nor
wait for a web framework.
"""

import logging
from collections.abc import Callable
from typing import Any

from osmo_runtime.sdk.shared.extras import needed


class RolloutServer:
    """An ASGI application. What is asked of it beyond that is asked of the FastAPI application it stands for."""

    def __init__(self, build: Callable[[], Any], *, configure_logging: bool) -> None:
        self._build = build
        self._configure_logging = configure_logging
        self._application: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection. Where FastAPI is missing, the server is told at start-up, in one sentence."""
        try:
            application = self._built()
        except ModuleNotFoundError as error:
            if scope["type"] != "lifespan":
                raise
            await receive()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await application(scope, receive, send)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._built(), name)

    def _built(self) -> Any:
        if self._application is None:
            if self._configure_logging:
                _log_to_stderr()
            with needed("Serving a rollout", "fastapi", "server"):
                self._application = self._build()
        return self._application


def _log_to_stderr() -> None:
    """Log what happens, unless the entrypoint has set up logging of its own; Uvicorn sets up only its own loggers."""
    if not logging.getLogger().handlers:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
