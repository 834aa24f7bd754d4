"""``dataset split``."""

from collections.abc import Sequence
from pathlib import Path

from osmo_checks.datasets.reading_changes import changes_by_reading
from osmo_checks.datasets.split import parts_of
from osmo_checks.datasets.split import split as split_rows
from osmo_scaffold.commands.dataset_output import counted, tell, told_if_interrupted
from osmo_scaffold.commands.dataset_progress import reading_shown
from osmo_scaffold.output import emit, emit_json


def split(
    source: Path,
    *,
    parts: Sequence[str],
    folder: Path | None = None,
    by: str | None = None,
    stratify: str | None = None,
    seed: int = 0,
    overwrite: bool = False,
    output_format: str = "text",
) -> int:
    """Write the rows of ``source`` to one file for each part, without anything that is asked in two."""
    wanted = parts_of(parts)
    with told_if_interrupted("no part was written"), reading_shown():
        done = split_rows(source, wanted, folder=folder, by=by, stratify=stratify, seed=seed, overwrite=overwrite)
        changes = changes_by_reading(source)
    if output_format == "json":
        files = [{"part": part.name, "path": part.path.as_posix(), "rows": part.rows} for part in done]
        emit_json({"parts": files, "seed": seed, "by": by, "stratify": stratify, "changes": changes})
    else:
        emit("\n".join(f"Wrote {counted(part.rows)} to {part.path}." for part in done))
    tell(source, changes)
    return 0
