"""Opening a dataset file for its format's reader, unpacked where its name says that it is compressed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from osmo_checks.datasets.packed import unpacked, unpacked_to_disk
from osmo_checks.datasets.registry import packing_of, require_dataset

#: Bytes read at a time.
_BUFFER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """``stream`` has what the format's reader wants; ``packed`` is the file it comes from, where it is compressed."""

    stream: BinaryIO
    packed: BinaryIO | None = None

    def in_bytes_of_the_file(self, tick: Callable[[int], None]) -> Callable[[int], None]:
        """Return what tells ``tick`` how far the file on disk is read, whatever the reader's stream counts."""
        packed = self.packed
        return tick if packed is None else lambda _unpacked: tick(packed.tell())


@contextmanager
def open_dataset(path: Path) -> Iterator[Opened]:
    """Open the dataset ``path``.

    Raises ``UsageError`` where it is none and ``OSError``; then and while it is read, ``UnpackError``.
    """
    needs_seeking = require_dataset(path).needs_seeking
    packing = packing_of(path)
    with path.open("rb", buffering=_BUFFER) as file:
        if not packing:
            yield Opened(file)
            return
        with unpacked_to_disk(file, packing) if needs_seeking else unpacked(file, packing, _BUFFER) as content:
            yield Opened(content, file)
