"""What user code prints, kept in a file."""

import asyncio
import os
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from osmo_runtime import own_files

#: Bytes of user output that are kept in one file, however many processes of however many runs wrote them.
LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Log:
    """A file for what processes print, secrets left out. It ends after ``limit`` bytes, and says so."""

    path: Path
    redact: Callable[[str], str]
    limit: int = LIMIT

    async def keep(self, stream: asyncio.StreamReader) -> None:
        """Read ``stream`` to its end, and keep it until the file is full or cannot be written any more."""
        with closing(_File(self.path, self.limit)) as file:
            while chunk := await _a_line(stream):
                if file.has_room:
                    file.add(self.redact(chunk.decode("utf-8", "backslashreplace")))


class _File:
    """Made when there is something to write. Others may write to it at the same time."""

    def __init__(self, path: Path, limit: int) -> None:
        self.has_room = True
        self._path = path
        self._limit = limit
        self._stream: IO[bytes] | None = None

    def add(self, text: str) -> None:
        try:
            if self._stream is None:
                self._stream = own_files.appended(self._path, instead=True)
            self.has_room = self._write(self._stream, text.encode(errors="backslashreplace"))
        except OSError:
            self.has_room = False

    def _write(self, stream: IO[bytes], data: bytes) -> bool:
        """Write what there is room for; return whether that was all."""
        room = self._limit - os.fstat(stream.fileno()).st_size
        if len(data) <= room:
            stream.write(data)
        elif room > 0:
            note = f"\n[the rest is left out: this log ends after {self._limit} bytes]\n"
            stream.write(data[:room] + note.encode())
        stream.flush()
        return len(data) <= room

    def close(self) -> None:
        if self._stream is not None:
            with suppress(OSError):  # what could not be written is still to be written, for Python
                self._stream.close()


async def _a_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        return await stream.read(error.consumed)
