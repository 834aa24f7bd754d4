"""What stands at a path. Paths come from command lines, configs and texts, so any of them may be one that cannot be."""

import os
import stat
from pathlib import Path
from typing import Literal, TypeAlias

from osmo_checks.errors import UsageError

#: ``other`` is what is neither: a pipe, a socket, a device.
Kind: TypeAlias = Literal["file", "folder", "other"]


def kind_of(path: Path) -> Kind:
    """Return what stands at ``path``, links followed. Raises ``OSError`` where nothing does."""
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return "file"
    return "folder" if stat.S_ISDIR(mode) else "other"


def is_file(path: Path) -> bool:
    """Tell whether ``path`` is a regular file. What cannot be looked at (a name too long, a NUL in it) is none."""
    return _kind_or_none(path) == "file"


def is_folder(path: Path) -> bool:
    return _kind_or_none(path) == "folder"


def is_special(path: Path) -> bool:
    """Tell whether ``path`` is a pipe, a socket or a device: opening it may wait forever, or do something."""
    return _kind_or_none(path) == "other"


def exists(path: Path) -> bool:
    return _kind_or_none(path) is not None


def kind_of_given(path: Path) -> Kind | None:
    """Return what a path of the command line leads to; ``None`` where nothing is.

    Raises ``UsageError`` where that cannot be told.
    """
    try:
        return kind_of(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be looked at ({error.strerror}): name another path, or mend that.") from error


def is_same_file(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, by links or otherwise. One that leads nowhere is like no other."""
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def below(folder: Path, pattern: str) -> list[Path]:
    """Return what fits ``pattern`` below ``folder``: nothing where there can be no such folder."""
    return list(folder.glob(pattern)) if is_folder(folder) else []


def absolute(path: Path) -> Path:
    """Return ``path`` from the root on and without ``..``, as files below a workspace are named.

    What a ``..`` leaves is decided by where links lead; links after the last one stay as they are.
    """
    parts = path.absolute().parts
    if ".." not in parts:
        return Path(*parts)
    left = len(parts) - parts[::-1].index("..")
    return Path(os.path.realpath(Path(*parts[:left])), *parts[left:])


def _kind_or_none(path: Path) -> Kind | None:
    try:
        return kind_of(path)
    except (OSError, ValueError):
        return None
