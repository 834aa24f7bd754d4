"""The folders that attempts may write files to. One in which nothing was written gets the next attempt's name.

Removing it instead would hold up the event loop: file systems have it wait for what is being written to the disk, as
results are. Renaming takes a hundredth of that. What is left empty in the end, the supervisor removes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Artifacts:
    """Serves all attempts of a worker."""

    def __init__(self) -> None:
        self._used: list[Path] = []

    @contextmanager
    def of_attempt(self, folder: Path) -> Iterator[Path | None]:
        """Yield ``folder``, which is there now, or ``None`` where it cannot be made."""
        try:
            self._make(folder)
        except OSError:
            yield None
            return
        try:
            yield folder
        finally:
            self._used.append(folder)

    def _make(self, folder: Path) -> None:
        while self._used:
            with suppress(OSError):
                used = self._used.pop()
                if _is_empty(used):
                    used.rename(folder)
                    return
        folder.mkdir(parents=True, exist_ok=True)


def _is_empty(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return next(entries, None) is None
