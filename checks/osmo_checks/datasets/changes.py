"""Tells how a file was changed while it was read."""

import os
from pathlib import Path
from typing import BinaryIO


class Watched:
    """A file that was opened from ``path`` and is watched from now on."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._before = os.fstat(file.fileno())

    def change(self) -> str | None:
        """Say in a sentence how the file was changed since; ``None`` where it was not."""
        before, after = self._before, os.fstat(self._file.fileno())
        if after.st_size > before.st_size:
            happened = f"grew from {before.st_size:,} to {after.st_size:,} bytes"
        elif after.st_size < before.st_size:
            happened = f"was cut from {before.st_size:,} to {after.st_size:,} bytes"
        elif after.st_mtime_ns != before.st_mtime_ns:
            happened = "was written to"
        else:
            happened = self._what_became_of_its_name(after)
        return happened and f"The file {happened} while it was read: wait until it is finished and validate it again."

    def _what_became_of_its_name(self, now: os.stat_result) -> str:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return "was removed"
        except OSError:
            return ""
        return "" if os.path.samestat(there, now) else "was replaced by another"
