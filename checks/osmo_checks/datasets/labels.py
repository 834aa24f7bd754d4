"""What the labels of all rows together show, in bounded memory."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

#: Characters of a label that are compared.
_COMPARED: Final = 200

#: The line or record up to which all rows are looked at. Of those after it, every sixteenth run of so many lines is:
#: labels are told from few, and to take all out of the rows would take up to as long again as all else.
ALL_UNTIL: Final = 100_000
RUN: Final = 8_192
ONE_IN: Final = 16

#: Different labels that are kept where there were more than eight times as many: the rarest are forgotten.
_MOST: Final = 4_096
_TOO_MANY: Final = 8 * _MOST

#: Rows that are remembered by line, of those whose prompt contains the label.
_MOST_LINES: Final = 1_000

#: Characters a label needs to tell anything by standing in a prompt: shorter ones do by chance.
_TELLING: Final = 4

#: A label of so many rows, and of such a share of them, is one of a few choices, and a prompt that lists them is fine.
_CHOICE_ROWS: Final = 3
_CHOICE_SHARE: Final = 0.01


class LabelCounts:
    """How often each label comes, and which rows' prompts contain theirs; of a large file, in a sample of its rows.

    Which rows are looked at is told by their lines alone, and so is the same for parts of a file that are merged.
    ``rows`` are those taken in, ``looked_at`` those of the sample, and ``sampled`` those of it that have a label.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.looked_at = 0
        self.sampled = 0
        self._none_before = 0
        self.counts: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.forgotten = 0
        self.lines: list[tuple[int, str]] = []

    def add(self, lines: Sequence[int], prompts: Sequence[str | None], labels: Sequence[str | None]) -> None:
        """Take in some rows: the line of each, ascending, its label, and its prompt unless the file has none."""
        self.rows += len(labels)
        if lines[-1] < self._none_before:
            return
        if lines[-1] <= ALL_UNTIL:
            self._look(lines, prompts, labels)
            return
        for part in _looked_at(lines):
            self._look(lines[part], prompts[part], labels[part])
        self._none_before = _looked_at_from(lines[-1] + 1)

    def _look(self, lines: Sequence[int], prompts: Sequence[str | None], labels: Sequence[str | None]) -> None:
        self.looked_at += len(labels)
        self._count([label[:_COMPARED] for label in labels if label is not None])
        if prompts:
            self._look_into(lines, prompts, labels)

    def _count(self, labels: Sequence[str]) -> None:
        self.sampled += len(labels)
        self.counts.update(labels)
        if len(self.counts) > _TOO_MANY:
            self.counts = _most_common(self.counts)

    def _look_into(self, lines: Sequence[int], prompts: Sequence[str | None], labels: Sequence[str | None]) -> None:
        for line, prompt, label in zip(lines, prompts, labels, strict=True):
            if label and prompt and label in prompt and _is_told(label, prompt):
                self._add_given_away(line, label[:_COMPARED])

    def merge(self, other: "LabelCounts") -> None:
        """Take in the counts of the rows that follow."""
        self.rows += other.rows
        self.looked_at += other.looked_at
        self.sampled += other.sampled
        self.counts.update(other.counts)
        self.given.update(other.given)
        self.forgotten += other.forgotten
        self.lines = [*self.lines, *other.lines][:_MOST_LINES]

    def most_common(self) -> tuple[str, float]:
        """Return the most frequent label, its first 200 characters, and its share of the rows that have one."""
        label, count = self.counts.most_common(1)[0] if self.counts else ("", 0)
        return label, count / (self.sampled or 1)

    @property
    def is_sample(self) -> bool:
        """Tell whether some rows were left out."""
        return self.looked_at < self.rows

    def given_away(self) -> tuple[list[int], int]:
        """Return the first lines of rows whose prompt contains the label, and how many of those ``looked_at`` do."""
        lines = [line for line, label in self.lines if not self._is_choice(label)]
        counted = sum(count for label, count in self.given.items() if not self._is_choice(label))
        return lines, counted + self.forgotten

    def _add_given_away(self, line: int, label: str) -> None:
        if len(self.lines) < _MOST_LINES:
            self.lines.append((line, label))
        self.given[label] += 1
        if len(self.given) > _TOO_MANY:
            kept = _most_common(self.given)
            self.forgotten += self.given.total() - kept.total()
            self.given = kept

    def _is_choice(self, label: str) -> bool:
        return self.counts[label] >= max(_CHOICE_ROWS, _CHOICE_SHARE * self.sampled)


def _looked_at(lines: Sequence[int]) -> Iterator[slice]:
    """Yield the parts of some lines, ascending, that are looked at."""
    at = 0
    while at < len(lines):
        start = bisect_left(lines, _looked_at_from(lines[at]), at)
        at = bisect_left(lines, _looked_at_until(lines[start]), start) if start < len(lines) else start
        if start < at:
            yield slice(start, at)


def _looked_at_from(line: int) -> int:
    """Return the first line to look at that is no earlier than ``line``."""
    within = (line - 1) % (ONE_IN * RUN)
    return line if line <= ALL_UNTIL or within < RUN else line + ONE_IN * RUN - within


def _looked_at_until(line: int) -> int:
    """Return the first line not to look at after one that is looked at; it may be one to look at for another reason."""
    return ALL_UNTIL + 1 if line <= ALL_UNTIL else line + RUN - (line - 1) % (ONE_IN * RUN)


def _most_common(counts: Counter[str]) -> Counter[str]:
    return Counter(dict(counts.most_common(_MOST)))


def _is_told(label: str, prompt: str) -> bool:
    """Tell whether a label long enough to tell anything stands in a prompt as words of its own."""
    if len(label) < _TELLING:
        return False
    at = prompt.find(label)
    while at >= 0:
        around = prompt[at - 1 : at] + prompt[at + len(label) : at + len(label) + 1]
        if not any(char.isalnum() for char in around):
            return True
        at = prompt.find(label, at + 1)
    return False
