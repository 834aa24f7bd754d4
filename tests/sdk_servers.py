"""Rollouts served by the real SDK and by the built-in one, and a controller that writes down what reaches it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from .real_sdk import interpreter

CASES = Path(__file__).parent / "cases" / "sdk"
START_S = 60


@dataclass(frozen=True)
class Server:
    """``root`` is the folder its rollouts leave files in."""

    url: str
    root: Path


@contextmanager
def serving(version: str | None, entrypoint: Path, **environment: str) -> Iterator[Server]:
    """Run an entrypoint with the real SDK of ``version``, or with the built-in one, until the block is left."""
    python, variables = interpreter(version) if version else (sys.executable, dict(os.environ))
    command = [python, str(entrypoint)] if version else [python, "-m", "osmo_runtime.sdk.serve", str(entrypoint)]
    port = _free_port()
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryFile() as log:
        # HOME as well: 0.2 knows of no other place for a rollout's files.
        folders = {"_OSMOSIS_ROLLOUT_ARTIFACT_ROOT": f"{root}/.osmosis", "HOME": root}
        variables = {**variables, **environment, **folders, "_OSMOSIS_ROLLOUT_PORT": str(port)}
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        try:
            _wait_for(port, process, log)
            yield Server(f"http://127.0.0.1:{port}", Path(root) / ".osmosis")
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Any) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return
        except OSError:
            time.sleep(0.05)
    log.seek(0)
    raise AssertionError(f"the server does not serve: {log.read().decode()}")


@dataclass
class Controller:
    """Takes callbacks and model calls. Posts to ``/<path>`` are refused with ``refusals[path]``'s codes first.

    ``heard`` is all of it, as path, authorization and body; ``arriving`` gives each as it comes.
    """

    url: str = ""
    heard: list[tuple[str, str | None, Any]] = field(default_factory=list)
    refusals: dict[str, list[int]] = field(default_factory=dict)
    arriving: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((request.path, request.headers.get("Authorization"), await request.json()))
        self.arriving.put_nowait(self.heard[-1])
        codes = self.refusals.get(request.path, [])
        return web.json_response({"answer": "6"}, status=codes.pop(0) if codes else 200)


@asynccontextmanager
async def controlling() -> AsyncIterator[Controller]:
    controller = Controller()
    app = web.Application()
    app.router.add_post("/{path:.*}", controller.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    controller.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield controller
    finally:
        await runner.cleanup()
