"""Counts what a file has: rows, fields, lengths, labels, copies."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from osmo_checks.datasets.digests import Digests
from osmo_checks.datasets.keys import as_text, label_of, question_of, whole_row
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.rules import METADATA, PROMPT

#: Texts whose lengths are told.
_TEXTS: Final = ("system_prompt", PROMPT, "ground_truth", "label")
_QUANTILES: Final = {"min": 0.0, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95, "p99": 0.99, "max": 1.0}
_BINS: Final = 10

#: Different labels that are counted one by one, and that are named, and how much of them.
_MOST_LABELS: Final = 100_000
_NAMED_LABELS: Final = 10
_SHOWN: Final = 60

_KINDS: Final[Mapping[type, str]] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of a text field: quantiles by name, and how many rows are in each of some bins of equal width."""

    quantiles: Mapping[str, int]
    mean: float
    bins: tuple[tuple[int, int, int], ...]

    def to_json(self) -> dict[str, Any]:
        bins = [{"from": low, "to": high, "rows": rows} for low, high, rows in self.bins]
        return {**self.quantiles, "mean": round(self.mean, 2), "histogram": bins}


@dataclass(slots=True)
class Stats:
    """What was counted. ``duplicate_rows`` and ``duplicate_prompts`` count rows that repeat an earlier one."""

    rows: int = 0
    metadata_rows: int = 0
    fields: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lengths: dict[str, Lengths] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)
    labels_not_counted: int = 0
    duplicate_rows: int = 0
    duplicate_prompts: int = 0

    @property
    def mode(self) -> str:
        """``metadata`` if the rows have metadata, as SDK 0.3 decides by the first, else ``prompt``."""
        return "metadata" if METADATA in self.fields else "prompt"

    def top_labels(self) -> list[tuple[str, int]]:
        return self.labels.most_common(_NAMED_LABELS)

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "mode": self.mode,
            "metadata_rows": self.metadata_rows,
            "fields": {name: dict(kinds) for name, kinds in self.fields.items()},
            "lengths": {name: lengths.to_json() for name, lengths in self.lengths.items()},
            "labels": {
                "different": len(self.labels),
                "not_counted": self.labels_not_counted,
                "most_common": [{"label": label, "rows": rows} for label, rows in self.top_labels()],
            },
            "duplicates": {"rows": self.duplicate_rows, "prompts": self.duplicate_prompts},
        }


def stats_of(path: Path) -> Stats:
    """Count what is in ``path``. Memory does not grow with the texts, nor with labels beyond 100,000.

    Raises ``UsageError`` for a path that is no dataset and ``InputError`` for a row that cannot be read.
    """
    stats = Stats()
    sizes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    rows, prompts = Digests(), Digests()
    for _, row in read_placed_rows(path):
        stats.rows += 1
        stats.metadata_rows += bool(row.get(METADATA))
        for name, value in row.items():
            stats.fields[name][_KINDS.get(type(value), "other")] += 1
        for name in _TEXTS:
            text = row.get(name)
            if isinstance(text, str):
                sizes[name][len(text)] += 1
        _count_label(stats, row)
        rows.add([whole_row(row)])
        prompts.add([question_of(row)])
    stats.lengths = {name: _lengths(sizes[name]) for name in _TEXTS if name in sizes}
    stats.duplicate_rows, stats.duplicate_prompts = rows.repeated(), prompts.repeated()
    return stats


def _count_label(stats: Stats, row: Mapping[str, Any]) -> None:
    value = label_of(row)
    if value is None:
        return
    label = as_text(value)
    label = label if len(label) <= _SHOWN else f"{label[: _SHOWN - 1]}…"
    if label in stats.labels or len(stats.labels) < _MOST_LABELS:
        stats.labels[label] += 1
    else:
        stats.labels_not_counted += 1


def _lengths(sizes: Counter[int]) -> Lengths:
    """Return exact quantiles, the smallest length that at least that share of the rows does not exceed."""
    ordered = sorted(sizes.items())
    below = list(accumulate(rows for _, rows in ordered))
    total = below[-1]
    quantiles = {
        name: next(size for (size, _), rows in zip(ordered, below, strict=True) if rows >= max(share * total, 1))
        for name, share in _QUANTILES.items()
    }
    mean = sum(size * rows for size, rows in ordered) / total
    return Lengths(quantiles, mean, tuple(_bins(ordered)))


def _bins(ordered: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return the first and last length of each bin, and its rows."""
    low, high = ordered[0][0], ordered[-1][0]
    width = -(-(high - low + 1) // _BINS)
    rows = Counter[int]()
    for size, count in ordered:
        rows[(size - low) // width] += count
    last = (high - low) // width
    return [(low + index * width, low + (index + 1) * width - 1, rows[index]) for index in range(last + 1)]
