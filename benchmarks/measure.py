"""Times whole processes: wall seconds and peak memory, from the operating system's own accounting."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall time, and MB of the largest single process.

    ``cpu_s`` is the median processor time of the process and of those that it waited for.
    """

    median_s: float
    min_s: float
    max_s: float
    peak_mb: float
    cpu_s: float


def measure(
    command: Sequence[str],
    *,
    runs: int = 7,
    warm_up: int = 1,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], object] = lambda: None,
) -> Timing:
    """Run ``command`` several times and return its times; its output is thrown away, its exit code is not looked at.

    ``before`` is called before each run, and not timed.
    """
    seconds: list[float] = []
    cpu: list[float] = []
    peak = 0.0
    for run in range(warm_up + runs):
        before()
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        if run >= warm_up:
            seconds.append(time.perf_counter() - started)
            cpu.append(usage.ru_utime + usage.ru_stime)
            peak = max(peak, usage.ru_maxrss / 1024)
    return Timing(statistics.median(seconds), min(seconds), max(seconds), peak, statistics.median(cpu))


def table(rows: Sequence[tuple[str, Timing]], compared_with: str) -> str:
    """Return a Markdown table; the last column is each median over that of the row ``compared_with``."""
    base = dict(rows)[compared_with].median_s
    lines = [f"| what | median s | min | max | peak MB | x {compared_with} |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | {t.median_s:.3f} | {t.min_s:.3f} | {t.max_s:.3f} | {t.peak_mb:.0f} | {t.median_s / base:.2f} |"
        for name, t in rows
    ]
    return "\n".join(lines)
