"""Compresses what is written, on the way to its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from osmo_checks.datasets.packed import zstd


@contextmanager
def packed(stream: IO[bytes], packing: str) -> Iterator[IO[bytes]]:
    """Give a stream whose content goes to ``stream`` compressed as ``packing`` says: ``.gz``, ``.zst`` or empty.

    The same content gives the same bytes at any time.
    """
    if packing == ".gz":
        import gzip

        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as content:
            yield cast("IO[bytes]", content)
    elif packing == ".zst":
        with zstd().ZstdFile(stream, "wb") as content:
            yield content
    else:
        yield stream
