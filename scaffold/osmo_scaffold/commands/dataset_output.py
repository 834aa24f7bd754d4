"""What the commands that write dataset files say alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from osmo_scaffold.generate.interrupts import interrupted_by_signals
from osmo_scaffold.output import say


def counted(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


@contextmanager
def told_if_interrupted(what: str) -> Iterator[None]:
    """Let every signal that ends the program leave nothing behind, and say that ``what``."""
    try:
        with interrupted_by_signals():
            yield
    except KeyboardInterrupt:
        say(f"interrupted: {what}.")
        raise
