"""A real Chromium, headless, driven over its DevTools protocol."""

import asyncio
import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "End": (35, ""),
    "Home": (36, ""),
    "ArrowDown": (40, ""),
    "Tab": (9, ""),
    "j": (74, "j"),
}


def find_browser() -> str:
    """Return the command of a Chromium; installs Debian's where that is possible, and skips where it is not."""
    with (Path(tempfile.gettempdir()) / "osmo-scaffold-tests-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _found() or _install()


def _found() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _install() -> str:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        pytest.skip("there is no Chromium on PATH, and it cannot be installed with apt-get here")
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        done = subprocess.run(["apt-get", *command], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"apt-get {command[0]} failed: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")
    return _found() or pytest.skip("apt-get has installed no Chromium")


class Page:
    """One tab. ``evaluate`` waits for promises; ``requests`` are the addresses that the page asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self.requests: list[str] = []
        self.errors: list[str] = []

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            said = await self._socket.receive_json(timeout=60)
            if said.get("id") == number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result
            self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        if said["method"] == "Network.requestWillBeSent":
            self.requests.append(said["params"]["request"]["url"])
        if said["method"] == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(said["params"]))

    async def evaluate(self, expression: str) -> Any:
        options = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        found = await self.do("Runtime.evaluate", **options)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def wait_for(self, condition: str) -> None:
        for _ in range(600):
            if await self.evaluate(f"Boolean({condition})"):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"never true: {condition}")

    async def press(self, key: str) -> None:
        code, text = _KEYS[key]
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **about, **({"text": text} if text else {}))
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    async def look(self, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Make the window as wide and the person as fond of the dark as told."""
        await self.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.do("Emulation.setEmulatedMedia", features=[scheme])

    async def screenshot(self) -> bytes:
        """Return what is seen, as PNG."""
        found = await self.do("Page.captureScreenshot", format="png")
        return base64.b64decode(found["data"])


@asynccontextmanager
async def opened(file: Path, profile: Path) -> AsyncIterator[Page]:
    """Open a file in a browser of its own, whose settings are in the folder ``profile``."""
    command = [find_browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    command += [f"--user-data-dir={profile}", "--no-first-run", "--disable-background-networking", "about:blank"]
    with (profile.parent / "chromium.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
        try:
            address = await _address(profile / "DevToolsActivePort")
            async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
                page = Page(socket)
                for domain in ("Page", "Network", "Runtime"):
                    await page.do(f"{domain}.enable")
                await page.look()
                await page.do("Page.navigate", url=file.as_uri())
                yield page
        finally:
            process.kill()
            await process.wait()


async def _address(told: Path) -> str:
    """Return the address of the first tab, once the browser has told where it listens."""
    for _ in range(600):
        port = _first_line(told)
        if port:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/json") as answer:
                tabs = await answer.json(content_type=None)
            pages = [tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"]
            if pages:
                return str(pages[0])
        await asyncio.sleep(0.05)
    raise AssertionError("the browser did not start")


def _first_line(path: Path) -> str:
    return path.read_text().partition("\n")[0] if path.exists() else ""
