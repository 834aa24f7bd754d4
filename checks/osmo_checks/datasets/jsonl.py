"""JSON Lines: one object per physical line. Lines are proved clean at the parser's speed or looked at closely."""

import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.blocks import LONG_LINE, BlockReader, RestOfLine, lines_of, read_again
from osmo_checks.datasets.digests import Digests
from osmo_checks.datasets.gaps import Gaps
from osmo_checks.datasets.halves import OtherHalf, can_fork, line_start_near, lines_between, size_of_file
from osmo_checks.datasets.observe import Batch, RowPlace
from osmo_checks.datasets.places import record_of
from osmo_checks.datasets.prover import Prover
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import LABEL, PROMPT, SYSTEM, DatasetRules
from osmo_checks.datasets.scan import MAX_DEPTH, Flaw, Node, Scan, scan
from osmo_checks.datasets.scan_bytes import scan_with_bad_bytes
from osmo_checks.datasets.shortening import RowText, TooLongError, shortened, unread_metadata
from osmo_checks.datasets.sniff import BYTE_ORDER_MARK, HEAD_BYTES, what_instead
from osmo_checks.datasets.values import without_doubles
from osmo_checks.datasets.whole import look_at_whole
from osmo_checks.finding import Position, Record

#: Bytes of a row that is spread over several lines.
_MAX_ROW: Final = 8 * 1024 * 1024

#: Bytes; a larger file is read by two processes, after so many that its shape is known.
HALVES_FROM: Final = 1_000_000_000
_LEARNED_FROM: Final = 4 * 1024 * 1024

#: Lines that are read on to find the end of a row spread over several.
MAX_ROW_LINES: Final = 1_000

_ARRAY = re.compile(r"\s*\[\s*(?:\{|$)")
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|([\[{])|([\]}])')


def validate(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    """Look at every line of ``stream`` (a regular file, buffered) and add what is wrong to ``report``.

    ``tick`` is called now and then with the number of bytes read so far.
    """
    head = stream.read(HEAD_BYTES)
    instead = what_instead(head)
    if instead:
        report.add(codes.NOT_TEXT, f"This is {instead}, not UTF-8 text: convert or unpack it first.")
        return
    stream.seek(0)
    if head.startswith(BYTE_ORDER_MARK):
        report.add(codes.BYTE_ORDER_MARK, "The file starts with a byte order mark: save it as UTF-8 without one.")
        stream.seek(len(BYTE_ORDER_MARK))
    _Lines(stream, rules, report).look(tick)


class _HopelessError(Exception):
    """The rest of the file would only repeat what was said."""


@dataclass(frozen=True, slots=True)
class _Half:
    """What was found in the second half of a file, and known in the end."""

    report: FileReport
    rows: RowChecker
    number: int
    gaps: Gaps
    is_hopeless: bool


class _Lines:
    def __init__(self, stream: BinaryIO, rules: DatasetRules, report: FileReport) -> None:
        report.seen.read_again = partial(read_again, stream, stream.tell(), with_prompts=report.seen.compares)
        self.stream = stream
        self.reader = BlockReader(stream)
        self.report = report
        self.rows = RowChecker(rules)
        self.prover = Prover(self.rows)
        self.number = 0
        self.gaps = Gaps()
        report.seen.places_of = self.places_of
        self.read_on_from = 0

    def look(self, tick: Callable[[int], None]) -> None:
        size = size_of_file(self.stream)
        try:
            if size is not None and size >= HALVES_FROM and can_fork():
                self.look_until(_LEARNED_FROM, tick)
                self.look_at_halves(size, tick)
            self.look_until(None, tick)
        except _HopelessError:
            return
        self.report.rows = self.number - self.gaps.lines
        look_at_whole(self.report, self.rows, lambda row, at: Position(row, at + 1), "write one JSON object per line")

    def look_until(self, end: int | None, tick: Callable[[int], None]) -> None:
        """Look at all lines that start before byte ``end``."""
        while block := self.reader.block(end):
            if len(block) > LONG_LINE or not self.see_proved(block):
                self.reader.put_back(BytesIO(block).readlines())
                self.look_line_by_line()
            tick(self.stream.tell())

    def look_at_halves(self, size: int, tick: Callable[[int], None]) -> None:
        """Look at the rest in two processes; where that cannot be, at a part of it, or nothing."""
        start = self.stream.tell()
        middle = line_start_near(self.stream, start + (size - start) * 11 // 20, _MAX_ROW)
        if middle is None:
            return
        learned = pickle.dumps((self.rows, self.gaps))
        other = OtherHalf(partial(self.look_at_second, start, middle))
        try:
            self.look_until(middle, tick)
            if self.stream.tell() == middle and pickle.dumps((self.rows, self.gaps)) == learned:
                self.take(other.result(self.report.seen.all_digests), size)
        finally:
            other.end()

    def look_at_second(self, start: int, middle: int) -> tuple["_Half", list[Digests]]:
        """Look, in the other process, at the lines from byte ``middle`` on; this one has read until ``start``."""
        self.report = self.report.empty()
        is_hopeless = False
        with Path(self.stream.name).open("rb") as self.stream:
            self.number += lines_between(self.stream, start, middle)
            self.reader = BlockReader(self.stream)
            try:
                self.look_until(None, lambda _bytes: None)
            except _HopelessError:
                is_hopeless = True
        digests = self.report.seen.take_digests()
        return _Half(self.report, self.rows, self.number, self.gaps, is_hopeless), digests

    def take(self, half: "_Half | None", size: int) -> None:
        """Take what the other process found as what comes next."""
        if half is None:
            return
        self.report.merge(half.report)
        self.rows, self.number, self.gaps = half.rows, half.number, half.gaps
        self.stream.seek(size)
        if half.is_hopeless:
            raise _HopelessError

    def see_proved(self, block: bytes) -> bool:
        """Tell whether all lines of a block are certain to be clean rows; if so, they are seen."""
        lines = lines_of(block)
        texts = self.prover.proves(block, lines)
        if texts is None:
            return False
        self.report.seen.see(Batch(range(self.number + 1, self.number + 1 + len(lines)), lines, *texts))
        self.number += len(lines)
        return True

    def look_line_by_line(self) -> None:
        """Look at the lines that were put back, one after the other."""
        while self.reader.has_lines:
            line = self.reader.line(LONG_LINE)
            if len(line) == LONG_LINE and not line.endswith(b"\n"):
                self.number += self.look_at_long(self.number + 1, RestOfLine(self.reader, line))
            elif not line.endswith(b"\n") and self.report.ends_early():
                return
            elif not self.see_proved(line):
                self.number += 1
                self.number += self.look_closely(self.number, line)

    def look_closely(self, number: int, line: bytes) -> int:
        """Report everything wrong with a line. Returns how many lines after it were taken as part of its row."""
        if not line.strip():
            self.report.add(codes.BLANK_LINE, "The line is blank: remove it.", Position(number, 1))
            self.gaps.add(number, 1)
            return 0
        text = self.decoded(number, line)
        self.require_no_array(number, text)
        found = scan(text)
        if found.is_unfinished:
            return self.look_at_unfinished(number, text, found, ends_file=not line.endswith(b"\n"))
        self.look_at_row(number, RowText(text), found)
        return 0

    def look_at_long(self, number: int, line: RestOfLine) -> int:
        """Report everything wrong with a line that is too long to be held as a whole. Returns how many lines it was.

        That is none where the file breaks off in it.
        """
        try:
            row = shortened(line.read)
        except TooLongError as error:
            line.skip()
            self.report.add(codes.LINE_TOO_LONG, str(error), Position(number, 1), record=self.unread(number))
            return 1
        if line.ends_file and self.report.ends_early():
            return 0
        self.require_no_array(number, row.text)
        found = scan_with_bad_bytes(row.text)
        if found.is_unfinished and line.ends_file:
            found = Scan(found.root, [_at_end_of_file(flaw) for flaw in found.flaws])
        self.look_at_row(number, row, found)
        return 1

    def require_no_array(self, number: int, text: str) -> None:
        """Give up where the first row shows that the file is not JSON Lines at all."""
        if self.rows.fields is None and _ARRAY.match(text):
            message = (
                "This is one JSON array: as .json, `osmo-scaffold dataset convert IN.json OUT.jsonl` makes it lines."
            )
            self.report.add(codes.JSON_ARRAY, message, Position(number, 1))
            raise _HopelessError

    def decoded(self, number: int, line: bytes) -> str:
        """Return a line's text without its line end; bytes that are none are reported and replaced."""
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8")) + 1
            message = f"The byte 0x{line[error.start]:02X} is not UTF-8: convert the file to UTF-8."
            place = Position(number, column)
            end = Position(number, column + 1)
            self.report.add(codes.INVALID_UTF8, message, place, end, record=self.unread(number))
            return line.decode("utf-8", errors="replace")

    def unread(self, number: int) -> Record:
        """Return what says which record begins on a line, and nothing about what is in it."""
        return Record(number - self.gaps.lines, None, None)

    def look_at_row(self, number: int, row: RowText, found: Scan) -> None:
        """Report everything wrong with a row; if it is sound, see it."""
        before = self.report.errors, self.report.warnings
        flaws = [*found.flaws, *(self.flaws_of(number, row, found.root) if found.root else ())]
        for flaw in sorted(without_doubles(flaws), key=lambda flaw: (flaw.start, flaw.code.code)):
            self.add(number, row, flaw, found.root)
        if any(flaw.code is codes.CR_LINE_ENDS for flaw in flaws):
            raise _HopelessError
        if found.root and self.report.errors == before[0]:
            self.see(number, row.text, found.root)
            if self.report.warnings == before[1]:
                self.prover.learn(found.root)

    def flaws_of(self, number: int, row: RowText, root: Node) -> Iterable[Flaw]:
        unread = unread_metadata(root, row, self.rows.rules)
        return [unread] if unread else self.rows.check(root, number)

    def see(self, number: int, text: str, root: Node) -> None:
        """Show a row that is sound, if not clean, to what looks at all rows."""
        seen = self.report.seen
        fields = {member.key: member for member in root.members}
        prompt, label, system = ([self.rows.text_of(column, fields)] for column in (PROMPT, LABEL, SYSTEM))
        seen.see(Batch([number], [text.encode() + b"\n"], prompt, label, system))
        seen.see_kinds(number, {key: field.value.kind for key, field in fields.items() if not self.rows.knows(key)})

    def places_of(self, lines: frozenset[int]) -> dict[int, RowPlace]:
        return {line: RowPlace(Position(line, 1), self.gaps.record_on(line)) for line in lines}

    def look_at_unfinished(self, number: int, text: str, found: Scan, *, ends_file: bool) -> int:
        """Report a row that goes on after its line, or one that was cut off."""
        lines = [] if ends_file or number < self.read_on_from else self.lines_of_row(number, text)
        if lines:
            text = "\n".join([text, *lines])
            last = Position(number + len(lines), len(lines[-1]) + 1)
            message = f"This row goes on until line {last.row}: write it on one line."
            self.report.add(codes.ROW_OVER_LINES, message, Position(number, 1), last, record=self.unread(number))
            found = scan(text)
        elif ends_file:
            found = Scan(found.root, [_at_end_of_file(flaw) for flaw in found.flaws])
        self.look_at_row(number, RowText(text), found)
        self.gaps.add(number + 1, len(lines))
        return len(lines)

    def lines_of_row(self, number: int, text: str) -> list[str]:
        """Return the lines after ``number`` that complete the row begun there; none, and none read, if they do not."""
        raw = list(self.lines_to_closing_bracket(text.encode()))
        try:
            lines = [line.rstrip(b"\r\n").decode("utf-8") for line in raw]
        except UnicodeDecodeError:
            lines = []
        if lines and scan("\n".join([text, *lines])).root is not None:
            return lines
        self.read_on_from = number + len(raw)
        self.reader.put_back(raw)
        return []

    def lines_to_closing_bracket(self, first: bytes) -> Iterator[bytes]:
        depth = _opened(first)
        size = len(first)
        for _ in range(MAX_ROW_LINES):
            line = self.reader.line(_MAX_ROW - size)
            size += len(line)
            is_next_row = line.startswith(b"{") and line.strip() != b"{"
            if not line or is_next_row or size >= _MAX_ROW:
                self.reader.put_back([line] if line else [])
                return
            yield line
            depth += _opened(line)
            if not 0 < depth <= MAX_DEPTH:
                return

    def add(self, number: int, row: RowText, flaw: Flaw, root: Node | None) -> None:
        start, end = (row.place(offset, Position(number, 1)) for offset in (flaw.start, flaw.end))
        record = record_of(number - self.gaps.lines, flaw, root)
        self.report.add(flaw.code, flaw.message, start, end, flaw.severity, record=record)


def _at_end_of_file(flaw: Flaw) -> Flaw:
    return replace(flaw, message=flaw.message.replace("The row is not", "The file ends here and its last row is not"))


def _opened(line: bytes) -> int:
    """Return how many brackets a line opens more than it closes."""
    return sum(1 if found[1] else -1 if found[2] else 0 for found in _BRACKETS.finditer(line))
