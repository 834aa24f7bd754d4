"""The folders that attempts may write files to.

Those in which nothing was written stay until the run's end, when the supervisor removes them: something that an attempt
started may still write to its own. To remove one while others run would also hold up the event loop, as file systems
have that wait for what is being written to the disk.
"""

from pathlib import Path


def make_artifacts_folder(folder: Path) -> Path | None:
    """Return ``folder``, which is there now, or ``None`` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder
