"""``dataset diff``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from osmo_checks.datasets.difference import Change, Difference
from osmo_checks.datasets.difference import diff as compare
from osmo_checks.datasets.keys import as_text
from osmo_checks.printable import printable
from osmo_scaffold.commands.dataset_output import counted
from osmo_scaffold.commands.dataset_progress import reading_shown
from osmo_scaffold.output import emit, emit_json

_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}

#: Characters of a value that are shown.
_SHOWN: Final = 80


def diff(
    first: Path,
    second: Path,
    *,
    key: str | None = None,
    most: int = 20,
    exit_code: bool = False,
    output_format: str = "text",
) -> int:
    """Compare two dataset files; with ``exit_code``, return 1 where they differ."""
    with reading_shown():
        found = compare(first, second, key=key, most=most)
    if output_format == "json":
        emit_json(
            {
                "summary": {
                    "added": found.added,
                    "removed": found.removed,
                    "changed": found.changed,
                    "same": found.same,
                    "not_shown": found.total - len(found.changes),
                },
                "changes": [change.to_json() for change in found.changes],
            }
        )
    else:
        emit("\n".join(_text(found)))
    return 1 if exit_code and found.total else 0


def _text(found: Difference) -> Iterator[str]:
    for change in found.changes:
        yield from _lines(change)
    hidden = found.total - len(found.changes)
    if hidden:
        yield f"... and {hidden:,} more"
    if found.total:
        yield f"{found.added:,} added, {found.removed:,} removed, {found.changed:,} changed, {found.same:,} the same."
    else:
        yield f"No differences in {counted(found.same)}."


def _lines(change: Change) -> Iterator[str]:
    places = " -> ".join(place for place in (change.before, change.after) if place)
    yield f"{_SIGNS[change.kind]} {places}  {_shown(change.key)}"
    for name, (before, after) in change.fields.items():
        yield f"    {_shown(name)}: {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    text = as_text(value)
    return printable(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")
