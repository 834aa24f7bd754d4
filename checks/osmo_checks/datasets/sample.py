"""Takes some rows of a file, each with the same chance, and keeps their order."""

from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from random import Random

from osmo_checks.datasets.reading_changes import changes_by_reading
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.targets import require_target
from osmo_checks.datasets.writing import row_writers
from osmo_checks.errors import InputError


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many rows were written, and of how many, and what is no longer as it was."""

    rows: int
    of: int
    changes: tuple[str, ...]


def sample(source: Path, target: Path, rows: int, *, seed: int, overwrite: bool) -> Sampled:
    """Write ``rows`` rows of ``source`` to ``target``; all of them where it has fewer.

    The file is read twice; memory holds the numbers of the rows that are taken, not the rows. Raises ``UsageError``
    for paths that cannot be and ``InputError`` for a row that cannot be read.
    """
    allowed = require_target([source], target, overwrite=overwrite)
    count = sum(1 for _ in read_placed_rows(source))
    if not count:
        raise InputError(f"{source} has no rows, so nothing was written.")
    taken = bytearray(count)
    for number in chosen(count, rows, seed):
        taken[number] = True
    with row_writers({"": allowed}) as writers:
        for place, row in compress(read_placed_rows(source, is_exact=True), taken):
            writers[""].write(place, row)
    return Sampled(sum(taken), count, (*changes_by_reading(source), *writers[""].changes))


def chosen(count: int, rows: int, seed: int) -> list[int]:
    """Return which ``rows`` of ``count`` rows are taken, the same ones for the same numbers in every Python."""
    random = Random(seed)  # noqa: S311 - no secret
    reservoir = list(range(min(rows, count)))
    for number in range(len(reservoir), count):
        place = int(random.random() * (number + 1))
        if place < rows:
            reservoir[place] = number
    return reservoir
