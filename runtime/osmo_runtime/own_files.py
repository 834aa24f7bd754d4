"""Files of a run's folder, written where they seem to be: rollouts can plant there what leads elsewhere.

What is no regular file of its own, a link for one, also a hard one, is never written to.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
# A pipe in a file's place is not waited for.
_AT_ONCE = os.O_NONBLOCK


def write(path: Path, content: bytes) -> None:
    """Write a file anew, and put it in the place of what is there. Raises ``OSError``; a file of ours is then kept.

    It is not waited for until the disk has it.
    """
    with _folder(path) as folder:
        temporary = f".{path.name}.tmp"
        try:
            with _new(temporary, folder) as stream:
                stream.write(content)
            if not _is_free(path.name, folder):
                _make_way(path.name, folder)
            os.replace(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise


def appended(path: Path, *, instead: bool = False) -> IO[bytes]:
    """Open a file to write behind its end; make it if it is not there.

    Raises ``OSError`` as opening does, and where there is something else; ``instead`` removes links, pipes and sockets.
    """
    with _folder(path) as folder:
        if instead and not _is_free(path.name, folder):
            _make_way(path.name, folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | _AT_ONCE
        handle = os.open(path.name, flags, 0o666, dir_fd=folder)
    _require(path, handle, _is_own)
    return os.fdopen(handle, "ab")


def separate(path: Path) -> None:
    """Copy a file that has another name as well, a hard link, so that what is written to it stays here."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        if _is_regular(found) and not _is_own(found):
            with read(path) as stream:
                write(path, stream.read())


def read(path: Path) -> IO[bytes]:
    """Open a file for reading. Raises ``OSError`` as opening does, and for pipes and devices."""
    handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    _require(path, handle, _is_regular)
    return os.fdopen(handle, "rb")


def to_lock(path: Path) -> IO[bytes]:
    """Open a file that is only locked; make it if it is not there. Raises ``OSError`` as ``read`` does, and for links.

    It may have another name as well: nothing is written to it.
    """
    with _folder(path) as folder:
        handle = os.open(path.name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | _AT_ONCE, 0o666, dir_fd=folder)
    _require(path, handle, _is_regular)
    return os.fdopen(handle, "rb")


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    """Open the folder of a file. Raises ``OSError`` where something else, or a link, has taken its place."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    except OSError as error:
        # Calls that are given the opened folder know a file's name only.
        if isinstance(error.filename, str):
            error.filename = str(path.parent / error.filename)
        raise
    finally:
        os.close(folder)


def _new(name: str, folder: int) -> IO[bytes]:
    """Make a file; what has its name is one that a crash left, or was planted."""
    try:
        return os.fdopen(os.open(name, _NEW, 0o666, dir_fd=folder), "wb")
    except FileExistsError:
        _make_way(name, folder)
        return os.fdopen(os.open(name, _NEW, 0o666, dir_fd=folder), "wb")


def _require(path: Path, handle: int, is_meant: Callable[[os.stat_result], bool]) -> None:
    if not is_meant(os.fstat(handle)):
        os.close(handle)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _is_free(name: str, folder: int) -> bool:
    """Tell whether there is a file of ours, or nothing at all."""
    try:
        return _is_own(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return True


def _is_own(found: os.stat_result) -> bool:
    return _is_regular(found) and found.st_nlink == 1


def _is_regular(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode)


def _make_way(name: str, folder: int) -> None:
    """Remove what is planted; a folder is moved beside, and a device is nobody's to remove. Raises ``OSError``.

    A folder gets the first name that is free.
    """
    kind = stat.S_IFMT(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    if kind == stat.S_IFDIR:
        taken = set(os.listdir(folder))
        names = (f"{name}.moved{number or ''}" for number in count())
        os.rename(name, next(free for free in names if free not in taken), src_dir_fd=folder, dst_dir_fd=folder)
    elif kind in (stat.S_IFREG, stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK):
        os.unlink(name, dir_fd=folder)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
