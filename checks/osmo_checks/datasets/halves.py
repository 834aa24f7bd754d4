"""Looks at the second half of a large file in a second process, on the other core.

The process is forked when the file's shape is known, and so begins with all that was learned by then. What it finds
holds only if the first half taught nothing more; otherwise the second half is looked at again, after the first.
"""

import os
import pickle
import sys
import threading
from collections.abc import Callable
from errno import EIO
from io import BufferedReader, FileIO
from typing import TYPE_CHECKING, BinaryIO, Final, Generic, TypeVar

from osmo_checks.datasets.digests import Digests

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

#: Bytes read at a time to count lines.
_COUNTED: Final = 256 * 1024

Result = TypeVar("Result")


def can_fork() -> bool:
    """Tell whether there is a second core, and no thread that a fork would leave behind."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def size_of_file(stream: BinaryIO) -> int | None:
    """Return the size of the file that a stream reads as it is; ``None`` for one that unpacks it."""
    if isinstance(stream, BufferedReader) and isinstance(stream.raw, FileIO):
        return os.fstat(stream.fileno()).st_size
    return None


def line_start_near(stream: BinaryIO, offset: int, most: int) -> int | None:
    """Return where the first line after ``offset`` starts, if within ``most`` bytes; the stream's place is kept."""
    place = stream.tell()
    stream.seek(offset)
    skipped = stream.readline(most)
    stream.seek(place)
    return offset + len(skipped) if skipped.endswith(b"\n") else None


def lines_between(stream: BinaryIO, start: int, end: int) -> int:
    """Count the lines from ``start`` to ``end``, and leave the stream there."""
    stream.seek(start)
    count = 0
    while (left := end - stream.tell()) > 0 and (block := stream.read(min(left, _COUNTED))):
        count += block.count(b"\n")
    return count


class OtherHalf(Generic[Result]):
    """A process that does ``work``, which returns a result that can be pickled, and digests, which are sent alone."""

    def __init__(self, work: Callable[[], tuple[Result, list[Digests]]]) -> None:
        from multiprocessing import get_context

        context = get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=_do, args=(work, sender), daemon=True)
        self._process.start()
        sender.close()

    def result(self, digests: list[Digests]) -> Result | None:
        """Wait for the result and add to ``digests``; return ``None``, and add nothing, if the process failed."""
        try:
            found: Result = pickle.loads(self._receiver.recv_bytes())  # noqa: S301 - from a process of ours
        except EOFError:
            return None
        try:
            for mine in digests:
                for bucket in mine.buckets:
                    bucket.frombytes(self._receiver.recv_bytes())
        except EOFError as error:
            raise OSError(EIO, "the process for its second half was ended") from error
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._receiver.close()


def _do(work: Callable[[], tuple[Result, list[Digests]]], sender: "Connection") -> None:
    try:
        result, digests = work()
    except (OSError, KeyboardInterrupt):
        return
    sender.send_bytes(pickle.dumps(result))
    for its in digests:
        for bucket in its.buckets:
            sender.send_bytes(bucket)
