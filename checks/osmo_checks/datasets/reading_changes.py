"""What of a file is not read as it is stored: some formats have kinds of values that JSON lacks."""

from collections.abc import Callable
from pathlib import Path

from osmo_checks.datasets.registry import require_dataset
from osmo_checks.datasets.rows import opened_dataset
from osmo_checks.datasets.writing import in_fields


def changes_by_reading(path: Path, is_wanted: Callable[[str], bool] = lambda _field: True) -> tuple[str, ...]:
    """Return, in a sentence each, what became something else in the fields that are wanted.

    Raises ``InputError`` for a file that cannot be read.
    """
    changes = require_dataset(path).changes
    if changes is None:
        return ()
    paths: dict[str, list[str]] = {}
    with opened_dataset(path) as opened:
        for field, what, place in changes(opened.stream):
            if is_wanted(field):
                paths.setdefault(what, []).append(place)
    return tuple(f"{what} in {in_fields(places)}." for what, places in paths.items())
