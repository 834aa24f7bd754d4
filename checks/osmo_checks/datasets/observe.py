"""What only all rows of a file together show: copies, labels that hardly differ, types that change.

A format's validator feeds the ``Observer`` of its report with the sound rows, many at a time and by column, and leaves
a way to read them again: that second look gives the lines of both copies. Memory does not grow with what rows hold.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, NamedTuple

from osmo_checks.datasets import codes
from osmo_checks.datasets.digests import Digest, Digests, digest_of
from osmo_checks.datasets.labels import ALL_UNTIL, ONE_IN, LabelCounts
from osmo_checks.datasets.prompt_lengths import PromptLengths
from osmo_checks.datasets.rules import PROMPT
from osmo_checks.datasets.scan import quoted
from osmo_checks.finding import Position

#: Findings of one kind that are named one by one; one more says how many there are in all.
MOST_NAMED: Final = 20

#: Different rows with copies that are looked for again, to be sure of each; with more, hashes are good enough.
_MOST_READ_AGAIN: Final = 1_000

#: Rows that are needed, and the share of them with one label, for labels to be called near-constant.
_CONSTANT_ROWS: Final = 20
_CONSTANT_SHARE: Final = 0.95

#: Characters a token has at most, on average: English text has four.
_LONGEST_TOKEN: Final = 6


@dataclass(frozen=True, slots=True)
class Batch:
    """Some sound rows, by column, in the order of the file.

    ``lines`` are the lines that they start on, from 1, or their numbers as records where that is the observer's
    ``unit``. ``rows`` stand for their whole content: equal where the rows are, and made of texts or bytes. ``prompts``
    and ``labels`` are the values of ``user_prompt`` and of the label column, ``systems`` of ``system_prompt``: ``None``
    where a row has none; empty where the file has no such column.
    """

    lines: Sequence[int]
    rows: Sequence[Hashable]
    prompts: Sequence[str | None] = ()
    labels: Sequence[str | None] = ()
    systems: Sequence[str | None] = ()


#: Reads all rows of a file again, in any size of batches; rows that are not sound may be among them.
ReadAgain = Callable[[], Iterable[Batch]]


class RowPlace(NamedTuple):
    """Where a row starts, and which record of the file it is, from 1; ``None`` where that is not known."""

    start: Position
    record: int | None


#: Returns where some of the rows of a file are, given as a batch's ``lines`` give them. It may read the file again.
PlacesOf = Callable[[frozenset[int]], Mapping[int, RowPlace]]


def places_by_record(records: frozenset[int]) -> dict[int, RowPlace]:
    """Return the places of records in a file that has no lines."""
    return {record: RowPlace(Position(record, 1), record) for record in records}


@dataclass(frozen=True, slots=True)
class Remark:
    """Warnings about a file, one or ``count`` in one; ``message`` is a whole sentence.

    ``row`` is the row that it is about, as a batch's ``lines`` give it, and ``field`` the field of it, if any.
    """

    code: codes.Code
    message: str
    row: int | None = None
    field: str | None = None
    count: int = 1


class Observer:
    """What was seen over the sound rows of one file.

    ``prompt_tokens`` is the most that a config allows for prompts of this file. ``compares`` is whether the prompts
    will be compared with another file's, see ``shared_prompts``; ``measures`` is whether ``lengths`` are wanted.
    """

    def __init__(self, *, prompt_tokens: int | None = None, compares: bool = False, measures: bool = False) -> None:
        self.rows = 0
        self.read_again: ReadAgain = tuple
        self.places_of: PlacesOf = places_by_record
        self.unit: Literal["line", "record"] = "line"
        self.kinds: dict[str, dict[str, int]] = {}
        self._prompt_tokens = prompt_tokens
        self.digests = Digests()
        self.prompts = Digests() if compares else None
        self.lengths = PromptLengths() if measures else None
        self.labels = LabelCounts()
        self.long: list[int] = []
        self.long_count = 0

    def empty(self) -> "Observer":
        """Return an observer that is to look for the same, and has seen nothing."""
        measures = self.lengths is not None
        return Observer(prompt_tokens=self._prompt_tokens, compares=self.compares, measures=measures)

    @property
    def all_digests(self) -> list[Digests]:
        """What takes most of the memory."""
        return [self.digests, self.prompts] if self.prompts is not None else [self.digests]

    def take_digests(self) -> list[Digests]:
        """Return all digests and forget them."""
        taken = self.all_digests
        self.digests = Digests()
        self.prompts = Digests() if self.compares else None
        return taken

    @property
    def where(self) -> str:
        """What to write before the number of a row, as a batch's ``lines`` give it."""
        return f"on {self.unit}" if self.unit == "line" else f"in {self.unit}"

    @property
    def compares(self) -> bool:
        """Whether prompts will be compared with another file's."""
        return self.prompts is not None

    def see(self, batch: Batch) -> None:
        """Take in sound rows."""
        self.rows += len(batch.rows)
        self.digests.add(batch.rows)
        if self.prompts is not None:
            self.prompts.add(_keys(batch))
        if self.lengths is not None:
            self.lengths.add(batch.lines, batch.prompts, batch.systems)
        if batch.labels:
            self.labels.add(batch.lines, batch.prompts, batch.labels)
        if self._prompt_tokens is not None:
            self._see_lengths(batch, self._prompt_tokens * _LONGEST_TOKEN)

    def see_kinds(self, line: int, kinds: Mapping[str, str]) -> None:
        """Take in the kinds (text, number, boolean, object, array) of a row's fields that no rule knows.

        Null counts as every kind. Rows whose kinds were all told before need not be told.
        """
        for name, kind in kinds.items():
            if kind != "null":
                self.kinds.setdefault(name, {}).setdefault(kind, line)

    def merge(self, other: "Observer") -> None:
        """Take in what was seen of the rows that follow, in a process with the same hash seed."""
        self.rows += other.rows
        self.digests.merge(other.digests)
        if self.prompts is not None and other.prompts is not None:
            self.prompts.merge(other.prompts)
        for name, kinds in other.kinds.items():
            for kind, line in kinds.items():
                self.see_kinds(line, {name: kind})
        self.labels.merge(other.labels)
        if self.lengths is not None and other.lengths is not None:
            self.lengths.merge(other.lengths)
        self.long = [*self.long, *other.long][: MOST_NAMED + 1]
        self.long_count += other.long_count

    def remarks(self) -> Iterator[Remark]:
        """Yield what is to be said of the file, when all rows were seen. May read it again."""
        yield from self._copies()
        yield from self._constant_label()
        yield from self._mixed_kinds()
        yield from self._labels_in_prompts()
        yield from self._long_prompts()

    def _see_lengths(self, batch: Batch, most: int) -> None:
        long = [line for line, prompt in zip(batch.lines, batch.prompts, strict=False) if prompt and len(prompt) > most]
        self.long_count += len(long)
        self.long.extend(long[: MOST_NAMED + 1 - len(self.long)])

    def _copies(self) -> Iterator[Remark]:
        count = self.digests.repeated()
        if not count:
            return
        digests = self.digests.some_repeated(_MOST_READ_AGAIN)
        copies = _copies_among(self.read_again(), digests, count)
        found = list(islice(copies, MOST_NAMED))
        if len(digests) < _MOST_READ_AGAIN:
            count = len(found) + sum(1 for _ in copies)
        for line, first in found:
            message = f"This row is a copy of the one {self.where} {first}: remove one of them."
            yield Remark(codes.DUPLICATE_ROW, message, line)
        if count > MOST_NAMED:
            message = f"{count:,} of {self.rows:,} rows are copies of earlier ones ({_share(count / self.rows)})"
            yield Remark(codes.DUPLICATE_ROW, f"{message}: keep each row once.", count=count - MOST_NAMED)

    def _constant_label(self) -> Iterator[Remark]:
        label, share = self.labels.most_common()
        if self.labels.rows >= _CONSTANT_ROWS and share >= _CONSTANT_SHARE:
            message = f"The label is {quoted(label)} in {_share(share)} of the rows, so always saying it is rewarded"
            yield Remark(codes.CONSTANT_LABEL, f"{message}: add rows with other labels.")

    def _mixed_kinds(self) -> Iterator[Remark]:
        for name, kinds in self.kinds.items():
            if len(kinds) > 1:
                (usual, at), (other, line) = sorted(kinds.items(), key=lambda item: item[1])[:2]
                message = f"{quoted(name)} is {_named(other)} here and {_named(usual)} {self.where} {at}"
                yield Remark(codes.MIXED_TYPES, f"{message}: write it in one type in all rows.", line, name)

    def _labels_in_prompts(self) -> Iterator[Remark]:
        seen = self.labels
        lines, count = seen.given_away()
        message = "The prompt contains the label and so gives the answer away: take it out, unless that is the task."
        share = _share(count / (seen.looked_at or 1))
        if not seen.is_sample:
            yield from _each(codes.LABEL_IN_PROMPT, message, lines, f"{share} of the rows", count)
            return
        message += f" Of the rows after {self.unit} {ALL_UNTIL:,}, about one in {ONE_IN} was looked at."
        rows = f"{count:,} of {seen.looked_at:,} rows that were looked at ({share})"
        yield from _each(codes.LABEL_IN_PROMPT, message, lines, rows)

    def _long_prompts(self) -> Iterator[Remark]:
        if self._prompt_tokens is None:
            return
        message = (
            f"The prompt has more than {_LONGEST_TOKEN} characters for each of the {self._prompt_tokens:,} tokens that "
            "max_prompt_length allows, too many for any tokenizer: shorten it, or raise the limit."
        )
        rows = f"{_share(self.long_count / (self.rows or 1))} of the rows"
        yield from _each(codes.PROMPT_TOO_LONG, message, self.long, rows, self.long_count)


def shared_prompts(mine: Observer, its: Observer, other: str) -> Iterator[Remark]:
    """Yield the rows of a file whose prompts the file ``other`` has too; of a row without a prompt, the whole row.

    Both observers were made to compare. Both files are read again.
    """
    if mine.prompts is None or its.prompts is None:
        return
    count = mine.prompts.shared_with(its.prompts)
    if not count:
        return
    digests = mine.prompts.some_shared_with(its.prompts, MOST_NAMED)
    where: dict[int, int] = {}
    for key, line in _among(its.read_again(), digests, _keys):
        where.setdefault(key, line)
    named = 0
    for key, line in _among(mine.read_again(), digests, _keys):
        if key in where:
            named += 1
            message = (
                f"The prompt of this row is also {its.where} {where[key]} of {other}: keep it in one of the files."
            )
            yield Remark(codes.SHARED_ROW, message, line)
        if named == min(count, MOST_NAMED):
            break
    if count > MOST_NAMED:
        message = f"{count:,} of {mine.rows:,} rows have prompts that {other} has too ({_share(count / mine.rows)})"
        yield Remark(codes.SHARED_ROW, f"{message}: keep each in one of the files.", count=count - MOST_NAMED)


def _rows(batch: Batch) -> Sequence[Hashable]:
    return batch.rows


def _keys(batch: Batch) -> Sequence[Hashable]:
    """Return what is compared between files: prompts, and whole rows where there are none."""
    if not batch.prompts:
        return batch.rows
    return [row if prompt is None else prompt for prompt, row in zip(batch.prompts, batch.rows, strict=True)]


def _among(
    batches: Iterable[Batch], digests: set[Digest], keys_of: Callable[[Batch], Sequence[Hashable]]
) -> Iterator[tuple[int, int]]:
    """Yield a key and the line of each row whose digest is among ``digests``; keys are equal only where rows are."""
    for batch in batches:
        for line, value in zip(batch.lines, keys_of(batch), strict=True):
            if digest_of(value) in digests:
                yield hash((value, repr(value))), line


def _copies_among(batches: Iterable[Batch], digests: set[Digest], most: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of copies among the rows with ``digests``, each with the first row's, at most so many."""
    first: dict[int, int] = {}
    copies = (
        (line, first[key]) for key, line in _among(batches, digests, _rows) if first.setdefault(key, line) != line
    )
    return islice(copies, most)


def _each(
    code: codes.Code, message: str, lines: Sequence[int], rows: str, count: int = MOST_NAMED + 1
) -> Iterator[Remark]:
    """Yield one remark for each of the first lines, and one that it holds for ``rows``, in words.

    ``count`` is how many these are in all; where that was not counted, what holds for the others is one more warning.
    """
    for line in lines[:MOST_NAMED]:
        yield Remark(code, message, line, PROMPT)
    if len(lines) > MOST_NAMED:
        message = f"This holds for {rows}; {MOST_NAMED} were named. {message}"
        yield Remark(code, message, count=count - MOST_NAMED)


def _share(share: float) -> str:
    return f"{share:.1%}"


def _named(kind: str) -> str:
    return f"an {kind}" if kind in ("object", "array") else f"a {kind}"
