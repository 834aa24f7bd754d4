"""Whether `run` slows down, or takes more memory, as it goes on: quarters of a hundred thousand rows. Linux only.

Wall time depends on what else the machine does, so processor time per attempt is what quarters are compared by.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from one_call.workspace import make_workspace, rows_file, run_command, scratch_folder

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_LOOK_EVERY_S = 0.05
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """A run at a moment: attempts that count, seconds by the clock and on the processor, and peaks of memory in MB."""

    counted: int
    clock_s: float
    supervisor_cpu_s: float
    workers_cpu_s: float
    supervisor_mb: float
    worker_mb: float


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with scratch_folder() as folder:
        print_quarters(make_workspace(folder / "workspace"), rows)


def print_quarters(workspace: Path, rows: int) -> None:
    *quarters, end = _moments(workspace, rows)
    print(f"## {rows:,} rows, one model call each, quarter by quarter\n")
    print("| quarter | attempts a second | supervisor's CPU ms each | workers' | supervisor's peak MB | a worker's |")
    print("|---|---|---|---|---|---|")
    for number, (before, after) in enumerate(pairwise(quarters), start=1):
        print(f"| {number} | {_said(before, after)} |", flush=True)
    print(f"| results written | | | | {end.supervisor_mb:.0f} | |\n")


def _said(before: Moment, after: Moment) -> str:
    attempts = after.counted - before.counted
    supervisor = (after.supervisor_cpu_s - before.supervisor_cpu_s) / attempts * 1000
    workers = (after.workers_cpu_s - before.workers_cpu_s) / attempts * 1000
    rate = attempts / (after.clock_s - before.clock_s)
    return f"{rate:.0f} | {supervisor:.2f} | {workers:.2f} | {after.supervisor_mb:.0f} | {after.worker_mb:.0f}"


def _moments(workspace: Path, rows: int) -> list[Moment]:
    """Run, and return the moment when the first attempts counted, the end of each quarter, and the end."""
    name = f"long-{rows}"
    command = [*run_command(rows_file(workspace, rows)), "--name", name]
    process = subprocess.Popen(command, cwd=workspace, stdout=subprocess.DEVNULL)
    found: list[Moment] = []
    for moment in _looks(process, workspace / ".osmosis/runs" / name / "journal.jsonl"):
        last = moment
        if moment.counted and moment.counted >= len(found) * rows // _QUARTERS and len(found) <= _QUARTERS:
            found.append(moment)
    assert process.returncode == 0
    assert len(found) == _QUARTERS + 1
    return [*found, last]


def _looks(process: "subprocess.Popen[bytes]", journal: Path) -> Iterator[Moment]:
    """Look at a run again and again, until it has ended. What a process had when it was last seen counts on."""
    read = counted = 0
    cpu_s: dict[int, float] = {process.pid: 0.0}
    peak_mb: dict[int, float] = {process.pid: 0.0}
    while process.poll() is None:
        time.sleep(_LOOK_EVERY_S)
        if not journal.exists():
            continue
        with journal.open("rb") as lines:
            lines.seek(read)
            new = lines.read()
        read, counted = read + len(new), counted + new.count(b"\n")
        for pid in (process.pid, *_children(process.pid)):
            with suppress(OSError):
                cpu_s[pid] = _cpu_s(pid)
                peak_mb[pid] = max(peak_mb.get(pid, 0.0), _peak_mb(pid))
        yield Moment(
            counted,
            time.monotonic(),
            cpu_s[process.pid],
            sum(cpu_s.values()) - cpu_s[process.pid],
            peak_mb[process.pid],
            max((peak for pid, peak in peak_mb.items() if pid != process.pid), default=0.0),
        )


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):  # a thread that ends between two looks, or all of them
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def _cpu_s(pid: int) -> float:
    """Return the processor time of a process in seconds: fields 14 and 15 of proc(5)'s stat."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * _TICK_S


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    main()
