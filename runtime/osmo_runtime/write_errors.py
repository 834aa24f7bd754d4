"""What keeps a run's folder from being read or written, in a sentence that says what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from osmo_checks.errors import InputError

#: Where runs are, in a workspace.
RUNS = ".osmosis/runs"
_MAKE_WRITABLE: Final = f"make {RUNS} writable"
_REMEDIES: Final = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EROFS: _MAKE_WRITABLE,
    errno.EACCES: _MAKE_WRITABLE,
    errno.EPERM: _MAKE_WRITABLE,
}
#: What opening says where something of another kind has taken a file's or a folder's place.
_PLANTED: Final = {errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EEXIST, errno.ENXIO, errno.ENODEV, errno.EMLINK}


@contextmanager
def in_a_sentence(run: str) -> Iterator[None]:
    """Raise ``InputError`` for an ``OSError`` of the block, which only reads and writes the folder of ``run``."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(
            f"Something removed files of the run {run} from {RUNS} while it went on: "
            f"look for code of the rollout that does; the same command with `--name {run}` goes on."
        ) from error
    except OSError as error:
        raise InputError(
            f"The results of the run {run} cannot be written ({error.strerror}): what the journal holds is kept; "
            f"{_remedy(error)}, and the same command with `--name {run}` goes on."
        ) from error


def _remedy(error: OSError) -> str:
    if error.errno in _PLANTED and error.filename:
        place = _place(Path(error.filename))
        return f"remove {place}, which is none of the run's own (code of the rollout may have put it there)"
    return _REMEDIES.get(error.errno or 0, "mend that")


def _place(path: Path) -> str:
    """Return ``path``, or the one above it that should be a folder, from the workspace's folder of tools on."""
    found = next((above for above in reversed(path.parents) if above.exists() and not above.is_dir()), path)
    top = Path(RUNS).parts[0]
    return "/".join(found.parts[found.parts.index(top) :] if top in found.parts else found.parts)
