"""Where rows are written to: which format and compression a name means, and that nothing is lost by writing there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from osmo_checks.datasets.packed import PACKINGS
from osmo_checks.endings import ending_of, packing_of
from osmo_checks.errors import UsageError
from osmo_checks.paths import kind_of_given

ENDINGS: Final = (".jsonl", ".json", ".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write rows to; ``packing`` is one of ``PACKINGS`` or empty."""

    path: Path
    ending: str
    packing: str


def target_at(path: Path) -> Target:
    """Return what the name of ``path`` says. Raises ``UsageError`` where it says nothing that can be written."""
    packing, ending = packing_of(path), ending_of(path)
    if ending not in ENDINGS:
        *most, least = ENDINGS
        raise UsageError(
            f"{path} cannot be written: give it a name that ends with {', '.join(most)} or {least}; "
            f"{' or '.join(PACKINGS)} after it compresses."
        )
    if packing and ending == ".parquet":
        raise UsageError(f"{path} cannot be written: Parquet compresses by itself, so leave out the {packing}.")
    return Target(path, ending, packing)


def require_target(sources: Sequence[Path], path: Path, *, overwrite: bool) -> Target:
    """Return the target at ``path``, which may be written.

    Raises ``UsageError`` where it is a folder, is one of ``sources`` by any name, or exists and is not to be
    replaced. A link that leads nowhere exists too.
    """
    target = target_at(path)
    kind = kind_of_given(path)
    if kind == "folder":
        raise UsageError(f"{path} is a folder: name a file in it.")
    if kind not in (None, "file"):
        raise UsageError(f"{path} is a device, a pipe or a socket: name a file to write.")
    if kind and any(kind_of_given(source) and path.samefile(source) for source in sources):
        raise UsageError(f"{path} is the file that is read: name another one to write.")
    if (kind or path.is_symlink()) and not overwrite:
        raise UsageError(f"{path} exists: name another file, or replace it with --overwrite.")
    return target
