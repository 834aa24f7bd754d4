"""What the commands that write dataset files say alike."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from osmo_scaffold.generate.interrupts import interrupted_by_signals
from osmo_scaffold.output import say


def counted(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


def tell(target: Path, changes: Iterable[str]) -> None:
    """Say what the format of a file could not keep as it was."""
    for change in changes:
        say(f"{target}: {change}")


@contextmanager
def told_if_interrupted(what: str) -> Iterator[None]:
    """Let every signal that ends the program leave nothing behind, and say that ``what``."""
    try:
        with interrupted_by_signals():
            yield
    except KeyboardInterrupt:
        say(f"interrupted: {what}.")
        raise
