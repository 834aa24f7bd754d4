"""The secrets that the config names have values. Only names are looked at, and only names are ever shown."""

import re
from pathlib import Path

from osmo_checks.errors import UsageError
from osmo_checks.sources import read_file
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation

#: A line of a dotenv file. Texts in quotes may hold line ends.
_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#][^\n]*)?""",
    re.MULTILINE | re.DOTALL,
)


def check(situation: Situation) -> Outcome:
    names = situation.config.secrets
    if not names:
        return skipped("The config names no secrets.")
    in_file = names_in(situation.secrets_file) if situation.secrets_file else set()
    missing = [name for name in dict.fromkeys(names) if not situation.environment.get(name) and name not in in_file]
    if not missing:
        return passed(f"All that the config names are here: {', '.join(names)}.")
    mend = f"osmosis secret set {missing[0]}"
    if situation.secrets_file:
        message = f"Neither {situation.secrets_file.name} nor the environment has {', '.join(missing)}: add it there."
        return failed(message, mend)
    message = f"Not in the environment: {', '.join(missing)}. That is fine if it is registered on the platform."
    return warned(message, mend)


def names_in(path: Path) -> set[str]:
    """Return the names that a dotenv file gives a value. Raises ``UsageError`` where it cannot be read."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--secrets-file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise UsageError(f"--secrets-file {path} is not UTF-8 text: save it as UTF-8.") from None
    return {found["name"] for found in _LINE.finditer(text) if (found["value"] or "").strip("\"' \t\r")}
