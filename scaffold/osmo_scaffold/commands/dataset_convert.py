"""``dataset convert``."""

from collections.abc import Sequence
from pathlib import Path

from osmo_checks.datasets.convert import convert as convert_rows
from osmo_checks.datasets.convert import plan_fields
from osmo_scaffold.commands.dataset_output import counted, tell, told_if_interrupted
from osmo_scaffold.commands.dataset_progress import reading_shown
from osmo_scaffold.output import emit, emit_json


def convert(
    source: Path,
    target: Path,
    *,
    mapping: Sequence[str],
    constants: Sequence[str],
    extractions: Sequence[str],
    templates: Sequence[str] = (),
    overwrite: bool = False,
    output_format: str = "text",
) -> int:
    """Write the rows of ``source`` to ``target`` with fields renamed, added, filled in and extracted."""
    fields = plan_fields(mapping, constants, extractions, templates)
    with told_if_interrupted(f"{target} was not written"), reading_shown():
        written = convert_rows(source, target, fields, keep=not mapping, overwrite=overwrite)
    if output_format == "json":
        emit_json(
            {
                "dataset": {
                    "path": target.as_posix(),
                    "rows": written.rows,
                    "fields": written.fields,
                    "changes": written.changes,
                }
            }
        )
    else:
        emit(f"Wrote {counted(written.rows)} to {target}.")
    tell(target, written.changes)
    return 0
