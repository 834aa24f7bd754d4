"""One page about one run, in one file that needs nothing else: ``page.html``, ``page.css`` and ``page.js`` with data.

All data is gzip in base64, whose letters cannot end a script element, whatever user code said. The page has no other
way to the network than a policy that forbids all of it. Conversations are in packs that are unpacked when one of
theirs is opened; a page takes them up to ``BUDGET``, those of failed attempts first, and says how many it has.
"""

import base64
import gzip
import html
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from osmo_checks import __version__
from osmo_checks.files import atomic_writer
from osmo_runtime.report.table import Table, conversation, rewards_of, table_of
from osmo_runtime.runs import Run
from osmo_runtime.statistics.comparison import compare
from osmo_runtime.statistics.gathering import Statistics
from osmo_runtime.statistics.plain import comparison_json, statistics_json

#: Bytes of packed conversations that one page takes; browsers open a page of twice as much without effort.
BUDGET = 48 * 1024 * 1024
#: Conversations that are packed, and unpacked, together.
_PACK = 64


def write_report(
    path: Path, run: Run, other: Run | None = None, max_response_length: int | None = None, budget: int = BUDGET
) -> int:
    """Write the page, whole or not at all, and return how many conversations it has. Raises ``OSError``."""
    found = run.statistics(max_response_length)
    other_found = other.statistics() if other else None
    table = table_of(run.entries(), other_found)
    head, tail = _page(run.name).split("<!-- data -->")
    with atomic_writer(path) as stream:
        stream.write(head.encode())
        embedded = _write_packs(stream, run, table, budget)
        about = _about(run, found, other, other_found)
        _write(stream, "data", packed({**about, "embedded": embedded, "table": table.to_json()}))
        stream.write(tail.encode())
    return embedded


def packed(data: Any) -> str:
    """Return JSON data as the page's script reads it."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def _page(name: str) -> str:
    """Return the page without its data, which goes where it says so."""
    folder = files(__package__)
    page = (folder / "page.html").read_text(encoding="utf-8")
    parts = {
        "title": html.escape(name),
        **{kind: (folder / f"page.{kind}").read_text("utf-8") for kind in ("css", "js")},
    }
    for part, text in parts.items():
        page = page.replace(f"<!-- {part} -->", text)
    return page


def _about(run: Run, found: Statistics, other: Run | None, other_found: Statistics | None) -> Mapping[str, Any]:
    comparison = compare(other_found, found) if other_found else None
    return {
        "tool": f"osmo-scaffold {__version__}",
        "run": {
            "name": run.name,
            "rollout": run.rollout,
            "policy": run.policy,
            "dataset": str(run.inputs.get("dataset", "")),
            "started_at": run.started_at,
            "state": run.state,
        },
        "statistics": statistics_json(found),
        "other": other.name if other else None,
        "other_rewards": rewards_of(other.entries()) if other else [],
        "comparison": comparison_json(comparison, other.name, run.name) if comparison and other else None,
    }


def _write_packs(stream: IO[bytes], run: Run, table: Table, budget: int) -> int:
    """Write conversations until there are no more or the page has enough, and return how many."""
    embedded = 0
    for number, places in enumerate(_packs(table.failed_first())):
        pack = packed([conversation(run, table, place) for place in places])
        budget -= len(pack)
        if budget < 0:
            break
        for inside, place in enumerate(places):
            table.put(place, number, inside)
        embedded += len(places)
        _write(stream, f"pack-{number}", pack)
    return embedded


def _packs(places: list[int]) -> Iterator[list[int]]:
    yield from (places[start : start + _PACK] for start in range(0, len(places), _PACK))


def _write(stream: IO[bytes], name: str, pack: str) -> None:
    stream.write(f'<script type="text/plain" id="{name}">{pack}</script>\n'.encode())
