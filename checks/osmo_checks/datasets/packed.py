"""Reading compressed files as if they were not: a stretch at a time, never more than the platform would take."""

import io
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, Final, cast

#: Bytes that a file may have when it is unpacked: the platform takes no more. What unpacks to more may be a bomb.
MAX_UNPACKED: Final = 5 * 1024**3

#: Bytes that can be read again without starting over: more than readers go back from the beginning of a file.
_WINDOW: Final = 256 * 1024

#: Bytes of the checksum at the end of a zstd file.
_CHECKSUM: Final = 4

#: Bytes copied at a time.
_PIECE: Final = 256 * 1024


class UnpackError(Exception):
    """What is wrong with a compressed file, in a sentence."""


def _open_gzip(stream: BinaryIO) -> IO[bytes]:
    import gzip

    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))


class _ChecksumLast:
    """A file whose last bytes are read alone: zstd drops the content that it gets together with a wrong checksum."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._checksum_at = stream.seek(0, io.SEEK_END) - _CHECKSUM
        self.seek = stream.seek
        self.seekable = stream.seekable
        self.seek(0)

    def read(self, size: int) -> bytes:
        before = self._checksum_at - self._stream.tell()
        return self._stream.read(min(size, before) if before > 0 else size)


def _open_zstd(stream: BinaryIO) -> IO[bytes]:
    return cast("IO[bytes]", zstd().ZstdFile(_ChecksumLast(stream)))


def zstd() -> Any:
    """Return Python's own module, which came with 3.14, or its backport."""
    if sys.version_info >= (3, 14):
        from compression import zstd as module
    else:
        from backports import zstd as module
    return module


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what the libraries raise for a damaged file; zstd's is asked for only where it was imported."""
    import gzip

    modules = (sys.modules.get(name) for name in ("compression.zstd", "backports.zstd"))
    return (gzip.BadGzipFile, zlib.error, *(module.ZstdError for module in modules if module))


#: By the ending that comes after the one of the format.
PACKINGS: Final[Mapping[str, tuple[str, Callable[[BinaryIO], IO[bytes]]]]] = {
    ".gz": ("gzip", _open_gzip),
    ".zst": ("zstd", _open_zstd),
}


class Unpacked(io.RawIOBase):
    """The content of a compressed file, which can be read again: near what was read last, or from the start.

    Where the file is damaged or cut off, or unpacks to too much, reading raises ``UnpackError``; where it is not
    ``strict``, the content ends there, ``problem`` says why, and ``whole_lines`` how many lines end before it.
    """

    def __init__(self, stream: BinaryIO, packing: str, *, strict: bool = True) -> None:
        self.problem: str | None = None
        self.whole_lines = 0
        self._name, unpack = PACKINGS[packing]
        self._file: Any = unpack(stream)
        self._strict = strict
        self._is_over = False
        self._kept = bytearray()
        self._end = 0
        self._lines = 0
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        if self._at == self._end:
            self._unpack(size)
        start = len(self._kept) - (self._end - self._at)
        content = self._kept[start : start + size]
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            while self._unpack(_PIECE):
                pass
        target = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        if target < self._end - len(self._kept):
            self._file.seek(0)
            self._kept.clear()
            self._end = self._lines = 0
            self._is_over = False
        while self._end < target and self._unpack(target - self._end):
            pass
        self._at = min(target, self._end)
        return self._at

    def _unpack(self, size: int) -> int:
        """Unpack up to ``size`` bytes more, a piece at most, and return how many there were: none at the end."""
        content = b"" if self._is_over else self._read(min(size, _PIECE))
        self._end += len(content)
        self._lines += content.count(b"\n")
        self._kept += content
        if len(self._kept) > _WINDOW + 4 * _PIECE:
            del self._kept[:-_WINDOW]
        return len(content)

    def _read(self, size: int) -> bytes:
        try:
            content: bytes = self._file.read1(size)  # which, other than ``read``, loses nothing before the damage
        except EOFError as error:
            return self._give_up(f"The {self._name} file is cut off {self._place()}: write or copy it again.", error)
        except _unreadable() as error:
            problem = "is damaged" if self._end else f"is damaged, or is no {self._name} file,"
            return self._give_up(f"The file {problem} {self._place()}: write or copy it again.", error)
        if self._end + len(content) <= MAX_UNPACKED:
            return content
        return self._give_up(
            f"The file unpacks to more than {MAX_UNPACKED // 1024**3} GiB, the most that the platform takes: "
            "split it. It was read no further."
        )

    def _give_up(self, problem: str, error: Exception | None = None) -> bytes:
        if self._strict:
            raise UnpackError(problem) from error
        self._is_over = True
        self.problem = problem
        self.whole_lines = self._lines
        return b""

    def _place(self) -> str:
        return f"after {self._end:,} unpacked bytes" if self._end else "at its start"


@contextmanager
def unpacked_to_disk(content: BinaryIO) -> Iterator[BinaryIO]:
    """Give what is unpacked to a reader that goes back and forth: as a temporary file."""
    import shutil
    import tempfile

    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(content, file, _PIECE)
        file.seek(0)
        yield cast("BinaryIO", file)
