"""An editor, as far as the language server protocol goes: JSON-RPC with the real server, over its stdin and stdout."""

import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

#: Seconds after which a test that waits for a message has failed.
_PATIENCE = 30


class Editor:
    """A running server. Diagnostics are kept by URI as they come; other notifications in ``said``."""

    def __init__(self, folder: Path, cache: Path, *encodings: str, options: tuple[str, ...] = ()) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "osmo_scaffold", "lsp", "--stdio", *options],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "OSMO_SCAFFOLD_CACHE_DIR": str(cache)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._last_request = 0
        self._version = 0
        self.said: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()
        general = {"positionEncodings": list(encodings)} if encodings else {}
        capabilities = {
            "general": general,
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
        }
        self.server = self.request(
            "initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities}
        )
        self.notify("initialized", {})
        asked = self.message("client/registerCapability")
        self._send({"id": asked["id"], "result": None})
        self.watched = asked["params"]["registrations"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def leave(self) -> int:
        """Say goodbye as the protocol wants it; return the server's exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self._process.wait(_PATIENCE)

    # files -------------------------------------------------------------------------------------------------------

    def open(self, path: Path, text: str) -> None:
        self._version += 1
        document = {"uri": path.as_uri(), "languageId": "python", "version": self._version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, path: Path, text: str) -> None:
        self._version += 1
        document = {"uri": path.as_uri(), "version": self._version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def save(self, path: Path) -> None:
        self.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})

    def changed_on_disk(self, *paths: Path) -> None:
        self.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": p.as_uri(), "type": 2} for p in paths]})

    def close(self, path: Path) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    def diagnostics(self, path: Path, version: int | None = -1) -> list[dict[str, Any]]:
        """Wait for what the server says about the last text of ``path``; ``None`` for one that is not open."""
        wanted = self._version if version == -1 else version
        while True:
            message = self.message("textDocument/publishDiagnostics")
            if message["params"]["uri"] == path.as_uri() and message["params"].get("version") == wanted:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def actions(self, path: Path, place: dict[str, Any], *only: str) -> list[dict[str, Any]]:
        context = {"diagnostics": [], **({"only": list(only)} if only else {})}
        document = {"uri": path.as_uri()}
        found: list[dict[str, Any]] = self.request(
            "textDocument/codeAction", {"textDocument": document, "range": place, "context": context}
        )
        return found

    # messages ----------------------------------------------------------------------------------------------------

    def request(self, method: str, params: Any) -> Any:
        self._last_request += 1
        self._send({"id": self._last_request, "method": method, "params": params})
        held = []
        while True:
            message = self._messages.get(timeout=_PATIENCE)
            if message.get("id") == self._last_request:
                break
            held.append(message)
        for one in held:
            self._messages.put(one)
        assert "error" not in message, message["error"]
        return message["result"]

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def message(self, method: str) -> dict[str, Any]:
        """Wait for a notification; others that come meanwhile go to ``said``."""
        while True:
            message = self._messages.get(timeout=_PATIENCE)
            if message.get("method") == method:
                return message
            self.said.append(message)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream
        while True:
            length = 0
            while header := stream.readline().strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not length:
                return
            self._messages.put(json.loads(stream.read(length)))
