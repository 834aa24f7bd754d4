"""Compares two files row by row: what was added, removed and changed, wherever in the file it stands."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from osmo_checks.datasets.keys import Data, as_text, digest, question_of, whole_row
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.rules import PROMPT
from osmo_checks.errors import InputError, UsageError

Kind = Literal["added", "removed", "changed"]


class _Entry(NamedTuple):
    """A row by its number in its file, from 0, and what it is found again by in the other."""

    number: int
    key: int


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where the row is in each file, and its fields that are not equal, with both values."""

    kind: Kind
    key: str
    before: str | None
    after: str | None
    fields: dict[str, tuple[Any, Any]]

    def to_json(self) -> dict[str, Any]:
        fields = {name: {"before": before, "after": after} for name, (before, after) in self.fields.items()}
        return {"kind": self.kind, "key": self.key, "before": self.before, "after": self.after, "fields": fields}


@dataclass(frozen=True, slots=True)
class Difference:
    """Exact counts, and the first changes: removed and changed ones in the order of A, then added ones."""

    added: int
    removed: int
    changed: int
    same: int
    changes: tuple[Change, ...]

    @property
    def total(self) -> int:
        return self.added + self.removed + self.changed


def diff(first: Path, second: Path, *, key: str | None, most: int) -> Difference:
    """Compare ``first`` with ``second``; the order of rows and of fields does not matter.

    A changed row is one whose ``key`` is in both; that is a field's name, ``row`` for the whole row (then none is
    changed), or ``None`` for the prompt. Both files are read two or three times; memory holds a number for each row of
    ``first``. Raises ``UsageError`` for paths and keys that cannot be, ``InputError`` for rows that cannot be read.
    """
    key_of = _key(key)
    equal, left = _rows_of(first)
    added = list(_only_in_second(second, left, key_of))
    removed = list(_left_over(first, left, key_of))
    changed, removed, added = _paired(removed, added)
    shown = _ordered(changed, removed, added)[:most]
    old = _contents(first, [entry.number for entry, _ in shown if entry])
    new = _contents(second, [entry.number for _, entry in shown if entry])
    changes = tuple(_change(before and old[before.number], after and new[after.number], key) for before, after in shown)
    return Difference(len(added), len(removed), len(changed), equal - len(removed) - len(changed), changes)


def _key(name: str | None) -> Callable[[str, Data], bytes]:
    if name is None:
        return lambda _place, row: question_of(row)
    if name == "row":
        return lambda _place, row: whole_row(row)

    def value_of(place: str, row: Data) -> bytes:
        if name not in row:
            raise UsageError(f"{place}: there is no field {name!r} to compare by; use one of {', '.join(row)}, or row.")
        return as_text(row[name]).encode("utf-8", errors="surrogatepass")

    return value_of


def _rows_of(path: Path) -> tuple[int, dict[int, int]]:
    """Return how many rows a file has, and how often it has each."""
    counts: dict[int, int] = {}
    total = 0
    for _, row in read_placed_rows(path):
        content = digest(whole_row(row))
        counts[content] = counts.get(content, 0) + 1
        total += 1
    return total, counts


def _only_in_second(path: Path, left: dict[int, int], key_of: Callable[[str, Data], bytes]) -> Iterator[_Entry]:
    """Yield the rows that ``left`` does not have (so often); take those that it has out of it."""
    for number, (place, row) in enumerate(read_placed_rows(path)):
        content = digest(whole_row(row))
        if left.get(content):
            left[content] -= 1
        else:
            yield _Entry(number, digest(key_of(place, row)))


def _left_over(path: Path, left: dict[int, int], key_of: Callable[[str, Data], bytes]) -> Iterator[_Entry]:
    """Yield the rows that are still in ``left``. Of equal rows, the last ones are."""
    if not any(left.values()):
        return
    seen: dict[int, int] = {}
    total = {content: count for content, count in left.items() if count}
    for number, (place, row) in enumerate(read_placed_rows(path)):
        content = digest(whole_row(row))
        if content in total and seen.get(content, 0) < total[content]:
            seen[content] = seen.get(content, 0) + 1
            yield _Entry(number, digest(key_of(place, row)))


def _paired(
    removed: Iterable[_Entry], added: Iterable[_Entry]
) -> tuple[list[tuple[_Entry, _Entry]], list[_Entry], list[_Entry]]:
    """Return the pairs with one key, and what is left of both."""
    waiting: defaultdict[int, deque[_Entry]] = defaultdict(deque)
    for entry in added:
        waiting[entry.key].append(entry)
    pairs, alone = [], []
    for entry in removed:
        others = waiting.get(entry.key)
        if others:
            pairs.append((entry, others.popleft()))
        else:
            alone.append(entry)
    return pairs, alone, sorted(entry for others in waiting.values() for entry in others)


def _ordered(
    changed: list[tuple[_Entry, _Entry]], removed: list[_Entry], added: list[_Entry]
) -> list[tuple[_Entry | None, _Entry | None]]:
    of_first: list[tuple[_Entry, _Entry | None]] = [*changed, *((entry, None) for entry in removed)]
    of_first.sort(key=lambda pair: pair[0])
    return [*of_first, *((None, entry) for entry in added)]


def _contents(path: Path, numbers: Iterable[int]) -> dict[int, tuple[str, Data]]:
    """Return the place and data of some rows."""
    wanted = set(numbers)
    if not wanted:
        return {}
    found: dict[int, tuple[str, Data]] = {
        number: row for number, row in enumerate(read_placed_rows(path)) if number in wanted
    }
    if len(found) < len(wanted):
        raise InputError(f"{path} has changed while it was compared: compare again.")
    return found


def _change(before: tuple[str, Data] | None, after: tuple[str, Data] | None, key: str | None) -> Change:
    place_before, old = before or (None, {})
    place_after, new = after or (None, {})
    kind: Kind = "changed" if before and after else "removed" if before else "added"
    names = [*old, *(name for name in new if name not in old)]
    fields = {name: (old.get(name), new.get(name)) for name in names if _differs(name, old, new)}
    return Change(kind, _shown_key(old or new, key), place_before, place_after, fields if kind == "changed" else {})


def _differs(name: str, old: Data, new: Data) -> bool:
    """Tell whether a field is not the same; unlike for Python, 1, 1.0 and true are three values."""
    return name not in old or name not in new or whole_row({name: old[name]}) != whole_row({name: new[name]})


def _shown_key(row: Data, key: str | None) -> str:
    value = row if key == "row" else row.get(key or PROMPT)
    return as_text(value or row)
