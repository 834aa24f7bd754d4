"""Files of a run's folder, opened where they seem to be: rollouts can plant links there that lead elsewhere."""

import os
from pathlib import Path
from typing import IO


def opened(path: Path, how: int) -> IO[bytes]:
    """Open a file for writing, ``how`` being ``os.O_APPEND`` or ``os.O_TRUNC``; make it if it is not there.

    A link in its place is removed. Raises ``OSError`` as opening does, also where the file's folder has become a link.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if path.is_symlink():
            os.unlink(path.name, dir_fd=folder)
        # A pipe in its place, without a reader, is an error rather than a wait for ever.
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | how
        return os.fdopen(os.open(path.name, flags, 0o666, dir_fd=folder), "wb")
    finally:
        os.close(folder)
