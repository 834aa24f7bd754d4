"""Dotenv files, as far as the names in them go: what the values are is looked at by nobody here."""

import re
from pathlib import Path

from osmo_checks.errors import UsageError
from osmo_checks.sources import read_file

#: One assignment. Texts in quotes may hold line ends.
_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#][^\n]*)?""",
    re.MULTILINE | re.DOTALL,
)


def names_in(path: Path) -> frozenset[str]:
    """Return the names that a dotenv file gives a value. Raises ``UsageError`` where it cannot be read."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--secrets-file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise UsageError(f"--secrets-file {path} is not UTF-8 text: save it as UTF-8.") from None
    assignments = _ASSIGNMENT.finditer(text)
    return frozenset(found["name"] for found in assignments if (found["value"] or "").strip("\"' \t\r"))
