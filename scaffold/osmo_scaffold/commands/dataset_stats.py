"""``dataset stats``."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from osmo_checks.datasets.stats import Lengths, Stats, stats_of
from osmo_checks.printable import printable
from osmo_scaffold.commands.dataset_output import counted
from osmo_scaffold.commands.dataset_progress import reading_shown
from osmo_scaffold.output import emit, emit_json

#: Characters of the longest bar.
_WIDTH: Final = 30
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def stats(path: Path, *, output_format: str = "text") -> int:
    """Say what is in a dataset file: rows, fields, lengths, labels, copies."""
    with reading_shown():
        found = stats_of(path)
    if output_format == "json":
        emit_json({"dataset": {"path": path.as_posix(), **found.to_json()}})
    else:
        emit("\n".join([f"{path}: {counted(found.rows)}, {found.mode} mode", *_text(found)]))
    return 0


def _text(found: Stats) -> Iterator[str]:
    if found.fields:
        yield from ("", "Fields")
        yield from _table([[printable(name), _kinds(kinds, found.rows)] for name, kinds in found.fields.items()])
    for name, lengths in found.lengths.items():
        yield from ("", f"Characters of {name}")
        yield from _lengths(lengths)
    if found.labels:
        yield from ("", f"Labels: {len(found.labels):,}{' or more' if found.labels_not_counted else ''} different")
        most = found.top_labels()
        yield from _bars([(printable(label), rows) for label, rows in most])
        others = sum(found.labels.values()) + found.labels_not_counted - sum(rows for _, rows in most)
        if others:
            yield f"  and {counted(others)} with others"
    wholes, prompts = counted(found.duplicate_rows), counted(found.duplicate_prompts)
    yield from ("", f"Repeated: {wholes} as a whole, in any order of fields, {prompts} by prompt")


def _kinds(kinds: dict[str, int], rows: int) -> str:
    missing = rows - sum(kinds.values())
    told = [f"{kind} in {count:,}" for kind, count in kinds.items()]
    if len(told) == 1 and not missing:
        return next(iter(kinds))
    return ", ".join([*told, *([f"missing in {missing:,}"] if missing else [])])


def _lengths(lengths: Lengths) -> Iterator[str]:
    told = [f"{name} {value:,}" for name, value in lengths.quantiles.items()]
    yield f"  {', '.join(told)}, mean {lengths.mean:,.1f}"
    if len(lengths.bins) > 1:
        yield from _bars(
            [(f"{low:,}-{high:,}" if low < high else f"{low:,}", rows) for low, high, rows in lengths.bins]
        )


def _bars(counts: Sequence[tuple[str, int]]) -> Iterator[str]:
    most = max(rows for _, rows in counts)
    return _table([[name, f"{rows:,}", _bar(rows / most)] for name, rows in counts])


def _bar(share: float) -> str:
    eighths = max(round(share * _WIDTH * 8), 1 if share else 0)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with columns of one width: the first to the left, numbers to the right."""
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    for name, *cells in rows:
        middle = [cell.rjust(width) for cell, width in zip(cells[:-1], others, strict=False)]
        yield "  ".join(["", name.ljust(first), *middle, *cells[-1:]]).rstrip()
