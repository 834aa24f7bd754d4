"""``runs compare``."""

from pathlib import Path

from osmo_checks.workspace import require_workspace
from osmo_runtime.runs import require_run
from osmo_runtime.statistics.comparison import compare as compare_statistics
from osmo_runtime.statistics.plain import comparison_json
from osmo_scaffold.commands.runs_text import as_lines, comparison_lines
from osmo_scaffold.output import OutputFormat, emit, emit_json, say


def compare(first: str, second: str, *, output_format: OutputFormat) -> int:
    """Hold two runs against each other, row by row."""
    workspace = require_workspace(Path.cwd()).root
    runs = require_run(workspace, first), require_run(workspace, second)
    digests = [run.inputs.get("dataset_digest") for run in runs]
    is_same = digests[0] == digests[1] if all(digests) else None
    if is_same is False:
        say("The runs had different datasets: row 3 of one may not be row 3 of the other.")
    found = comparison_json(compare_statistics(runs[0].statistics(), runs[1].statistics()), first, second)
    if output_format is OutputFormat.JSON:
        emit_json({"comparison": found | {"same_dataset": is_same}})
    else:
        emit(as_lines(comparison_lines(found)))
    return 0
