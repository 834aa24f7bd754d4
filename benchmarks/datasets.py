"""How fast `dataset validate` is, beside the platform's own validator on the same files in the same run.

`--five-gb` adds a file of 5 GB, which ours alone reads. `--rows N` makes the other files smaller.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from measure import measure

sys.path.append(str(Path(__file__).parents[1]))
from tests.real_sdk import _python_3_12

OSMO = str(Path(sys.executable).parent / "osmo-scaffold")
PEER = "osmosis-ai[parquet]==0.3.7"
RUNS = 3
#: Rows of 300 bytes.
FIVE_GB = 17_000_000
OFFICIAL = """
import json, sys, time
from pathlib import Path
from osmosis_ai.platform.cli.dataset import _validate_file
path = Path(sys.argv[1])
start = time.perf_counter(), time.process_time()
assert not _validate_file(path, path.suffix[1:])
print(json.dumps([time.perf_counter() - start[0], time.process_time() - start[1]]))
"""
OURS = """
import json, sys, time
from pathlib import Path
from osmo_checks.contracts import load_contract
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file
path, rules = Path(sys.argv[1]), rules_of(load_contract("0.3"))
start = time.perf_counter(), time.process_time()
assert not validate_file(path, path.name, rules).errors
print(json.dumps([time.perf_counter() - start[0], time.process_time() - start[1]]))
"""


@dataclass(frozen=True)
class Speed:
    """Seconds of the function and of the command, by the clock and on the processor; and the command's peak MB."""

    inside_s: float
    inside_cpu_s: float
    command_s: float
    command_cpu_s: float
    peak_mb: float


@dataclass(frozen=True)
class Peer:
    """A validator: its Python and program to time, and its command."""

    name: str
    program: list[str]
    command: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--five-gb", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="osmo-scaffold-bench-") as name:
        folder = Path(name)
        ours = Peer("osmo-scaffold", [sys.executable, "-c", OURS], [OSMO, "dataset", "validate"])
        peers = [peer for peer in (_official(folder / "official"), ours) if peer]
        print(
            "| file | MB | rows | validator | function s | its CPU s | command s | its CPU s | peak MB "
            "| function x as fast by CPU | command by CPU | command |"
        )
        print("|" + "---|" * 12)
        for path, rows in _files(folder, asked.rows):
            _compare(path, rows, peers)
        if asked.five_gb:
            _compare(_made(_many_lines, folder / "five-gb.jsonl", FIVE_GB), FIVE_GB, [ours])


def _official(folder: Path) -> Peer | None:
    """Install the platform's package for a Python 3.12 in ``folder``; ``None``, and a word, where that fails."""
    python = _python_3_12()
    if python is None:
        print("No Python 3.12 was found for the platform's package: nothing to compare with.", file=sys.stderr)
        return None
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    done = subprocess.run(
        [str(folder / "bin/pip"), "install", "--quiet", PEER], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{PEER} could not be installed: {done.stderr.strip()[-200:]}", file=sys.stderr)
        return None
    binaries = folder / "bin"
    return Peer(PEER, [str(binaries / "python"), "-c", OFFICIAL], [str(binaries / "osmosis"), "dataset", "validate"])


def _compare(path: Path, rows: int, peers: list[Peer]) -> None:
    speeds = [_speed(peer, path) for peer in peers]
    first = speeds[0]
    for peer, speed in zip(peers, speeds, strict=True):
        seconds = (speed.inside_s, speed.inside_cpu_s, speed.command_s, speed.command_cpu_s)
        ratios = (
            first.inside_cpu_s / speed.inside_cpu_s,
            first.command_cpu_s / speed.command_cpu_s,
            first.command_s / speed.command_s,
        )
        cells = (
            path.name,
            f"{path.stat().st_size / 1e6:.0f}",
            f"{rows:,}",
            peer.name,
            *(f"{second:.3f}" for second in seconds),
            f"{speed.peak_mb:.0f}",
            *(f"{ratio:.2f}" for ratio in ratios),
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def _speed(peer: Peer, path: Path) -> Speed:
    outputs = [
        subprocess.run([*peer.program, str(path)], capture_output=True, text=True, check=True).stdout
        for _ in range(RUNS)
    ]
    wall, cpu = zip(*map(json.loads, outputs), strict=True)
    command = measure([*peer.command, str(path)], runs=RUNS, warm_up=0)
    return Speed(median(wall), median(cpu), command.median_s, command.cpu_s, command.peak_mb)


def _files(folder: Path, rows: int) -> Iterator[tuple[Path, int]]:
    yield _made(_prompt_lines, folder / "six.jsonl", 6), 6
    yield _made(_prompt_lines, folder / "prompts.jsonl", rows), rows
    yield _made(_metadata_lines, folder / "metadata.jsonl", rows // 2), rows // 2
    yield _made(_csv, folder / "prompts.csv", rows), rows
    yield _made(_quoted_csv, folder / "quoted.csv", rows), rows
    if find_spec("pyarrow"):
        yield _made(_parquet, folder / "prompts.parquet", rows), rows


def _made(make: Callable[[Path, int], None], path: Path, rows: int) -> Path:
    """Make a file in a process of its own: what it takes would count as the peak of every process started after."""
    process = get_context("spawn").Process(target=make, args=(path, rows))
    process.start()
    process.join()
    return path


def _prompts(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of about 300 bytes, one in fifty with a character beyond ASCII."""
    dice = random.Random(1)  # noqa: S311 - the same rows every time
    words = _words(dice)
    for number in range(count):
        question = " ".join(dice.choices(words, k=32)) + (" é" if number % 50 == 0 else "")
        yield {
            "system_prompt": "You are careful.",
            "user_prompt": f"{number} {question}?",
            "ground_truth": str(dice.randint(0, 99_999)),
        }


def _metadata(count: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(2)  # noqa: S311 - the same rows every time
    words = _words(dice)
    for number in range(count):
        source = {"name": "web", "score": round(dice.random(), 3), "checked": dice.random() < 0.5}
        question = " ".join(dice.choices(words, k=14))
        yield {"metadata": {"id": number, "question": question, "tags": dice.sample(words, 2), "source": source}}


def _words(dice: random.Random) -> list[str]:
    return ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(5_000)]


def _prompt_lines(path: Path, count: int) -> None:
    _json_lines(path, _prompts(count))


def _metadata_lines(path: Path, count: int) -> None:
    _json_lines(path, _metadata(count))


def _json_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["system_prompt", "user_prompt", "ground_truth"])
        writer.writeheader()
        writer.writerows(_prompts(count))


def _quoted_csv(path: Path, count: int) -> None:
    """Write prompts that go over two lines, and have a comma and quotation marks in them."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["system_prompt", "user_prompt", "ground_truth"])
        writer.writeheader()
        for row in _prompts(count):
            first, second, rest = row["user_prompt"].split(" ", 2)
            writer.writerow({**row, "user_prompt": f'{first},\n"{second}" {rest}'})


def _parquet(path: Path, count: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(list(_prompts(count))), path)


def _many_lines(path: Path, count: int) -> None:
    """Write rows that all differ, from a million made ones."""
    part = path.with_name("part.jsonl")
    _prompt_lines(part, 1_000_000)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count // 1_000_000):
            with part.open(encoding="utf-8") as lines:
                mark = f'"user_prompt": "{number} '
                stream.writelines(line.replace('"user_prompt": "', mark, 1) for line in lines)


if __name__ == "__main__":
    main()
