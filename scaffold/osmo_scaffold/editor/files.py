"""Files that the editor is asked to watch: what others change, git for one, changes findings."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

_PATTERNS = (
    "**/*.{py,toml,md,jsonl,csv,parquet}",
    "**/{.env,.gitignore,uv.lock}",
    # Folders and links, which are removed as one.
    "**/{rollouts,configs,data,.agents,.claude}/**",
)


def watch_files(server: LanguageServer) -> None:
    """Ask an editor that can do so to tell which files change on disk."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(one) for one in _PATTERNS])
    asked = types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    server.client_register_capability(types.RegistrationParams([asked]))
