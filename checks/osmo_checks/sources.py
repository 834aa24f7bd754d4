"""Files' bytes, from disk or from an editor, and their lines, as rows of findings count them."""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from osmo_checks.paths import is_special

_LINE_END = re.compile(r"\r\n?|\n")

#: Returns a file's bytes; raises ``OSError`` where it cannot be read.
Read: TypeAlias = Callable[[Path], bytes]


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises ``OSError`` where there is none; pipes and devices are not opened either."""
    if is_special(path):
        raise OSError(errno.EINVAL, "Not a regular file")
    return path.read_bytes()


def overlaid(overlay: Mapping[Path, bytes], beneath: Read = read_file) -> Read:
    """Read from ``beneath``, except for the files whose text is given: an editor's, or one that is being fixed."""

    def read(path: Path) -> bytes:
        return overlay[path] if path in overlay else beneath(path)

    return read


def lines_of(text: str) -> list[str]:
    """Split as Python's tokenizer does: at LF, CR LF and CR, and at nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_lines(path: Path, read: Read = read_file) -> Sequence[str] | None:
    """Return a file's lines, or ``None`` where it cannot be read."""
    try:
        return lines_of(read(path).decode("utf-8-sig", errors="replace"))
    except OSError:
        return None


def line_starts(text: str) -> list[int]:
    """Return the 0-based offset at which each line begins, lines ending as in ``lines_of``."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]
