"""The server itself: when to look, and what to send.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from osmo_checks import __version__
from osmo_checks.credentials import masked
from osmo_checks.errors import OsmoError
from osmo_checks.workspace import Workspace, find_workspace
from osmo_scaffold.editor.files import watch_files
from osmo_scaffold.editor.looks import Look, Text, look_at
from osmo_scaffold.editor.messages import FIX_ALL, code_actions, diagnostic

#: Seconds after a keystroke; the next one starts them anew.
_PAUSE = 0.2
#: Bytes; trees of deeply nested code are taken apart on the stack, and threads have little of it on some systems.
_STACK = 64 * 1024 * 1024


def serve(*, ruff: bool) -> None:
    """Serve one editor on stdin and stdout until it says goodbye, with ruff's findings among ours or without."""
    # Whole texts: what one line is to the protocol and to Python differs, so changes by line can go wrong.
    server = LanguageServer("osmo-scaffold", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    editor = _Editor(server, ruff=ruff)

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        watch_files(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        editor.look_soon(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        editor.look_soon(params.text_document.uri, _PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        editor.look_soon(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        editor.look_soon(params.text_document.uri, 0)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def changed_on_disk(params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            editor.look_again(change.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(_params: types.DidChangeConfigurationParams) -> None:
        editor.look_again()

    kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        return editor.actions(params)

    # pygls closes what it writes to; our own stdout is still flushed at the end.
    server.start_io(stdout=os.fdopen(os.dup(sys.stdout.fileno()), "wb"))


class _Editor:
    """What one editor shows, and what it was told last."""

    def __init__(self, server: LanguageServer, *, ruff: bool) -> None:
        self._server = server
        self._ruff = ruff
        self._waiting: dict[Path, asyncio.Task[None]] = {}
        self._told: dict[Path, list[Look]] = {}
        self._complaint = ""
        threading.stack_size(_STACK)
        self._worker = ThreadPoolExecutor(max_workers=1)

    def look_soon(self, uri: str, pause: float) -> None:
        """Look at the workspace of ``uri``, unless something changes again before the pause is over."""
        path = _path(uri)
        workspace = find_workspace(path) if path else None
        if workspace is None:
            return
        self._look_soon(workspace, pause)

    def look_again(self, uri: str | None = None) -> None:
        """Look at the workspaces that were looked at before: the one of ``uri``, where one is given."""
        path = _path(uri) if uri else None
        for root in list(self._waiting):
            if uri is None or (path and path.is_relative_to(root)):
                self._look_soon(Workspace(root), _PAUSE)

    def _look_soon(self, workspace: Workspace, pause: float) -> None:
        earlier = self._waiting.get(workspace.root)
        if earlier:
            earlier.cancel()
        self._waiting[workspace.root] = asyncio.get_running_loop().create_task(self._look(workspace, pause))

    def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        path = _path(params.text_document.uri)
        document = self._server.workspace.get_text_document(params.text_document.uri)
        looks = [look for told in self._told.values() for look in told if look.path == path]
        # Places in an earlier text mean nothing in this one.
        current = [look for look in looks if look.version == document.version]
        return code_actions(current[0], params, self._encoding) if current else []

    async def _look(self, workspace: Workspace, pause: float) -> None:
        await asyncio.sleep(pause)
        loop = asyncio.get_running_loop()
        look = partial(look_at, workspace, self._texts(), ruff=self._ruff)
        try:
            looks, complaint = await loop.run_in_executor(self._worker, look)
        except OsmoError as error:
            self._complain(str(error))
        except Exception as error:  # noqa: BLE001 - a bug of ours costs one look, not the server
            self._complain(f"osmo-scaffold has a bug ({type(error).__name__}: {error}).")
        else:
            self._complain(f"ruff did not run: {complaint}" if complaint else "")
            self._tell(workspace, looks)

    def _tell(self, workspace: Workspace, looks: list[Look]) -> None:
        before = self._told.get(workspace.root, [])
        self._told[workspace.root] = looks
        for uri in {look.uri for look in before} - {look.uri for look in looks}:
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for look in looks:
            found = [diagnostic(finding, look, self._encoding) for finding in look.findings]
            told = types.PublishDiagnosticsParams(look.uri, found, look.version)
            self._server.text_document_publish_diagnostics(told)

    def _complain(self, sentence: str) -> None:
        """Show a sentence, once as long as nothing changes about it."""
        changed, self._complaint = sentence != self._complaint, sentence
        if sentence and changed:
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Error, masked(sentence)))

    def _texts(self) -> dict[Path, Text]:
        texts = {}
        for document in self._server.workspace.text_documents.values():
            path = _path(document.uri)
            if path:
                data = document.source.encode("utf-8", "surrogatepass")
                texts[path] = Text(document.uri, document.version, data)
        return texts

    @property
    def _encoding(self) -> str:
        return self._server.workspace.position_encoding or types.PositionEncodingKind.Utf16


def _path(uri: str) -> Path | None:
    """Return the file a URI names; ``None`` for a text that is no file yet."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path) if path else None
