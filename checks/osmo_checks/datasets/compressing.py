"""Compresses what is written, on the way to its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast


@contextmanager
def compressed(stream: IO[bytes], ending: str) -> Iterator[IO[bytes]]:
    """Give a stream whose content goes to ``stream`` compressed as ``ending`` says: ``.gz``, ``.zst`` or empty.

    The same content gives the same bytes at any time.
    """
    if ending == ".gz":
        import gzip

        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
            yield cast("IO[bytes]", packed)
    elif ending == ".zst":
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.PythonFile(_LeftOpen(stream), "w"), "zstd") as packed:
            yield packed
    else:
        yield stream


class _LeftOpen:
    """What pyarrow writes to and closes, where the file below has to stay open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write
        self.flush = stream.flush
        self.closed = False

    def close(self) -> None:
        self.closed = True
