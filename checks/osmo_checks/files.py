"""Files are written whole or not at all, also several together."""

import errno
import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

#: How the name of a file ends that is being written; a dot, the name to be and eight characters come before.
_SUFFIX: Final = ".osmo.tmp"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that is to take its place at ``path``. It is locked as long as ``stream`` is open."""

    path: Path
    temporary: Path
    stream: IO[bytes]

    def finish(self) -> None:
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.temporary.chmod(self.path.stat().st_mode & 0o7777 if self.path.exists() else 0o666 & ~_umask())

    def keep_what_is_there(self) -> Path | None:
        """Give what stands at ``path`` another name beside it, and return that; nothing for a folder."""
        if not self.path.is_symlink() and not self.path.is_file():
            return None
        kept = self.temporary.with_suffix(".old")
        try:
            os.link(self.path, kept, follow_symlinks=False)
        except OSError:  # a file system without hard links
            self.path.replace(kept)
        return kept

    def take_back(self, kept: Path | None) -> None:
        with suppress(OSError):
            if kept:
                kept.replace(self.path)
            elif not self.temporary.exists():
                self.path.unlink()

    def drop(self) -> None:
        with suppress(OSError):
            self.temporary.unlink(missing_ok=True)
        with suppress(OSError):  # what the disk has no room for
            self.stream.close()


class AtomicFiles:
    """Files that come into being together, see ``atomic_files``."""

    def __init__(self) -> None:
        self._files: list[_Waiting] = []

    def open(self, path: Path) -> IO[bytes]:
        """Open a temporary file beside ``path`` that will take its place.

        Raises ``OSError`` as opening does, and for a device, pipe or socket.
        """
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileExistsError(errno.EEXIST, "it is a device, a pipe or a socket", str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        stream, temporary = _new_beside(path)
        self._files.append(_Waiting(path, temporary, stream))
        return stream

    def put_in_place(self) -> None:
        """Finish all files, then give them their names; where one cannot be had, all that was there is put back."""
        for file in self._files:
            file.finish()
        if len(self._files) == 1:
            self._files[0].temporary.replace(self._files[0].path)
            return
        kept: list[Path] = []
        with ExitStack() as undo:
            for file in self._files:
                before = file.keep_what_is_there()
                undo.callback(file.take_back, before)
                kept.extend([before] if before else [])
                file.temporary.replace(file.path)
            undo.pop_all()
        for path in kept:
            path.unlink()

    def drop(self) -> None:
        """Remove what did not get its name."""
        for file in self._files:
            file.drop()


@contextmanager
def atomic_files() -> Iterator[AtomicFiles]:
    """Let files be opened that all take their places when the block ends without an error.

    Raises ``OSError`` as writing does; ``filename2`` is then the path that could not be replaced, if it was that. All
    paths are then as they were before.
    """
    files = AtomicFiles()
    try:
        yield files
        files.put_in_place()
    finally:
        files.drop()


@contextmanager
def atomic_writer(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside ``path`` that takes its place when the block ends without an error.

    Raises ``OSError`` as writing does, and for a device, pipe or socket; ``path`` is then as it was before.
    """
    with atomic_files() as files:
        yield files.open(path)


def write_atomically(path: Path, content: bytes) -> None:
    with atomic_writer(path) as stream:
        stream.write(content)


def remove_abandoned(path: Path) -> None:
    """Remove what processes left that were killed while they wrote the file ``path``. It looks through its folder."""
    ours = re.compile(rf"\.{re.escape(path.name)}\.[a-z0-9_]{{8}}{re.escape(_SUFFIX)}")
    with suppress(OSError):
        for found in [entry.name for entry in os.scandir(path.parent) if ours.fullmatch(entry.name)]:
            _remove_unless_written(path.with_name(found))


def _new_beside(path: Path) -> tuple[IO[bytes], Path]:
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_SUFFIX, dir=path.parent)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return os.fdopen(handle, "wb"), Path(name)
        os.close(handle)  # taken for abandoned before it was locked


def _remove_unless_written(temporary: Path) -> None:
    """Remove a temporary file, unless a living process writes it, which then has locked it."""
    with suppress(OSError):
        handle = os.open(temporary, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.unlink()
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
