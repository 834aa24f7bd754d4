"""Dotenv files: ``NAME=value`` lines. What is read here is secret, and goes into no message."""

import re
from pathlib import Path

from osmo_checks.errors import UsageError
from osmo_checks.sources import read_file

#: One assignment. Texts in quotes may hold line ends; without quotes, ``#`` behind a space begins a comment.
_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<plain>[^\r\n]*))""",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read_dotenv(path: Path) -> dict[str, str]:
    """Return what a dotenv file gives a value, the last where it gives several. Raises ``UsageError``."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--secrets-file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise UsageError(f"--secrets-file {path} is not UTF-8 text: save it as UTF-8.") from None
    _require_assignments(text, path)
    values = {found["name"]: _value(found) for found in _ASSIGNMENT.finditer(text)}
    return {name: value for name, value in values.items() if value}


def _require_assignments(text: str, path: Path) -> None:
    """Raise ``UsageError`` for a line that is neither an assignment nor a comment; it may hold a secret."""
    others = _ASSIGNMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(others.split("\n"), 1):
        if _COMMENT.sub("", line).strip():
            raise UsageError(f"--secrets-file {path}: line {number} is not NAME=value: mend it, or put a # before it.")


def _value(found: re.Match[str]) -> str:
    if found["double"] is not None:
        return _ESCAPED.sub(lambda escaped: _ESCAPES.get(escaped[1], escaped[1]), found["double"])
    if found["single"] is not None:
        return found["single"]
    return _COMMENT.sub("", found["plain"]).strip()
