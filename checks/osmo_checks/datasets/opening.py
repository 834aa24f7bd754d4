"""Opening a dataset file for its format's reader, unpacked where its name says that it is compressed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, cast

from osmo_checks.datasets.packed import Unpacked, unpacked_to_disk
from osmo_checks.datasets.registry import require_dataset
from osmo_checks.endings import packing_of

#: Bytes read at a time.
_BUFFER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """``stream`` has what the format's reader wants of ``file``; ``unpacked`` where that is compressed."""

    stream: BinaryIO
    file: BinaryIO
    unpacked: Unpacked | None = None

    def in_bytes_of_the_file(self, tick: Callable[[int], None]) -> Callable[[int], None]:
        """Return what tells ``tick`` how far the file on disk is read, whatever the reader's stream counts."""
        return tick if self.unpacked is None else lambda _unpacked: tick(self.file.tell())

    def ends_early(self) -> bool:
        """Tell whether a compressed file was found to be broken, so that its content ends before its end."""
        return self.unpacked is not None and self.unpacked.problem is not None


@contextmanager
def open_dataset(path: Path, *, strict: bool = True) -> Iterator[Opened]:
    """Open the dataset ``path``.

    Raises ``UsageError`` where it is none and ``OSError``; then and while it is read, if ``strict``, ``UnpackError``.
    """
    needs_seeking = require_dataset(path).needs_seeking
    packing = packing_of(path)
    with ExitStack() as files:
        file = files.enter_context(path.open("rb", buffering=_BUFFER))
        if not packing:
            yield Opened(file, file)
            return
        unpacked = Unpacked(file, packing, strict=strict)
        content = cast("BinaryIO", files.enter_context(BufferedReader(unpacked, _BUFFER)))
        yield Opened(files.enter_context(unpacked_to_disk(content)) if needs_seeking else content, file, unpacked)
