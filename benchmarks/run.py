"""How fast `run` grades rows: a thousand of them, beside other tools, and a hundred thousand.

`python benchmarks/peers.py` and `python benchmarks/long_run.py [ROWS]` make the tables that take long alone.
"""

import json
import subprocess
from datetime import datetime
from pathlib import Path

from corpora import osmo
from long_run import print_quarters
from measure import measure, table
from one_call.workspace import OSMO, make_workspace, scratch_folder
from peers import print_peers

ROWS = 1000
LONG = 100_000


def main() -> None:
    with scratch_folder() as folder:
        workspace = make_workspace(folder / "rollouts")
        osmo("apply", "single-turn", cwd=workspace)
        osmo("apply", "multiply-local-strands", cwd=workspace)
        rows = (workspace / "data/multiply.jsonl").read_text().splitlines(keepends=True)
        (workspace / "data/thousand.jsonl").write_text("".join((rows * (ROWS // len(rows) + 1))[:ROWS]))
        print(f"## {ROWS:,} rows, default concurrency\n")
        print("| rollout | attempts | seconds | attempts a second | once started |\n|---|---|---|---|---|")
        for rollout in ("single-turn", "multiply-local-strands"):
            for _ in range(3):
                print(_rate(workspace, rollout))
        print("\n## Fixed cost: 8 rows, the whole process\n")
        commands = [(name, [OSMO, "run", name, "--limit", "8"]) for name in ("single-turn", "multiply-local-strands")]
        print(
            table([(name, measure(command, cwd=workspace, runs=5)) for name, command in commands], "single-turn"),
            end="\n\n",
        )
        print_peers(folder)
        print_quarters(workspace, LONG)


def _rate(workspace: Path, rollout: str) -> str:
    command = [OSMO, "run", rollout, "--dataset", "data/thousand.jsonl", "--output-format", "json"]
    done = subprocess.run(command, cwd=workspace, check=True, capture_output=True, text=True)
    result = json.loads(done.stdout)
    assert result["summary"]["graded"] == ROWS
    seconds, started = result["summary"]["duration_s"], _once_started(Path(result["run"]["dir"], "journal.jsonl"))
    return f"| {rollout} | {ROWS:,} | {seconds:.2f} | {ROWS / seconds:.0f} | {ROWS / started:.0f} |"


def _once_started(journal: Path) -> float:
    """Return the seconds between the first attempt's start and the last one's end."""
    entries = [json.loads(line) for line in journal.open(encoding="utf-8")]
    starts: list[float] = [datetime.fromisoformat(entry["started_at"]).timestamp() for entry in entries]
    ends: list[float] = [start + entry["duration_ms"] / 1000 for start, entry in zip(starts, entries, strict=True)]
    return max(ends) - min(starts)


if __name__ == "__main__":
    main()
