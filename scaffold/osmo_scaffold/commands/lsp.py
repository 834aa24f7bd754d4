"""``lsp``: a language server for editors."""

from osmo_checks.errors import UsageError


def lsp(*, ruff: bool) -> int:
    """Serve one editor on stdin and stdout. Raises ``UsageError`` where pygls is not installed."""
    try:
        from osmo_scaffold.editor.server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        raise UsageError(
            "The language server needs pygls: install it with `pip install 'osmo-scaffold[lsp]'`."
        ) from None
    serve(ruff=ruff)
    return 0
