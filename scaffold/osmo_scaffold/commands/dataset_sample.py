"""``dataset sample``."""

from pathlib import Path

from osmo_checks.datasets.sample import sample as sample_rows
from osmo_scaffold.commands.dataset_output import counted, tell, told_if_interrupted
from osmo_scaffold.commands.dataset_progress import reading_shown
from osmo_scaffold.output import emit, emit_json


def sample(
    source: Path, target: Path, *, rows: int, seed: int = 0, overwrite: bool = False, output_format: str = "text"
) -> int:
    """Write some rows of ``source``, chosen by chance, to ``target``."""
    with told_if_interrupted(f"{target} was not written"), reading_shown():
        done = sample_rows(source, target, rows, seed=seed, overwrite=overwrite)
    if output_format == "json":
        emit_json(
            {
                "dataset": {
                    "path": target.as_posix(),
                    "rows": done.rows,
                    "of": done.of,
                    "seed": seed,
                    "changes": done.changes,
                }
            }
        )
    else:
        emit(f"Wrote {done.rows:,} of {counted(done.of)} to {target}.")
    tell(target, done.changes)
    return 0
