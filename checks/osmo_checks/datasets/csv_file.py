"""Validates CSV: regular records many at a time, the others one by one and exactly."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import compress, islice
from typing import BinaryIO, Final, TypeAlias

from osmo_checks.datasets import codes
from osmo_checks.datasets.csv_flaws import blank_line, flaws_of, name_flaws, separator_flaw, uneven
from osmo_checks.datasets.csv_split import Table, split
from osmo_checks.datasets.csv_text import Cell, CsvText, Record
from osmo_checks.datasets.decoding import without_bad_bytes
from osmo_checks.datasets.observe import Batch, RowPlace
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import LABEL, METADATA, PROMPT, SYSTEM, DatasetRules
from osmo_checks.datasets.scan import Flaw, Member, Node
from osmo_checks.datasets.text_start import go_to_text
from osmo_checks.datasets.values import without_doubles
from osmo_checks.datasets.whole import look_at_whole
from osmo_checks.finding import Position, Severity
from osmo_checks.finding import Record as Place

#: After these the cells of a record cannot be told apart.
_HOPELESS: Final = (codes.UNCLOSED_QUOTATION, codes.LINE_TOO_LONG)

#: Gives the values of a column by its index.
Columns: TypeAlias = Callable[[int], Sequence[str]]


def validate(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    """Look at every record of ``stream`` (buffered, at its start) and add what is wrong to ``report``.

    ``tick`` is called now and then with the number of bytes read so far.
    """
    if go_to_text(stream, report):
        _Table(stream, rules, report).look(tick)


class _Table:
    def __init__(self, stream: BinaryIO, rules: DatasetRules, report: FileReport) -> None:
        self.stream = stream
        self.start = stream.tell()
        self.text = CsvText(stream)
        self.report = report
        self.rules = rules
        self.rows = RowChecker(rules)
        self.header: Record | None = None
        self.names: tuple[str, ...] = ()
        self.needed: frozenset[int] = frozenset()
        self.useless_metadata = Position(1, 1)
        self.is_cut_off = False

    def look(self, tick: Callable[[int], None]) -> None:
        self.header = self.next_that_is_not_blank()
        if self.header and not self.look_at_header(self.header):
            return
        self.report.seen.read_again = partial(self.read_again, with_prompts=self.report.seen.compares)
        self.report.seen.places_of = self.places_of
        while ahead := self.text.ahead():
            if self.rows.fields is None:
                self.look_one_by_one(islice(self.text.records_in(ahead), 1))
            elif not self.see_table(ahead):
                self.look_one_by_one(self.text.records_in(ahead))
            if self.is_cut_off:
                break
            tick(self.stream.tell())
        advice = "write one row per line under the header" if self.header else "write a header and rows"
        look_at_whole(self.report, self.rows, lambda _row, _at: self.useless_metadata, advice)

    def next_that_is_not_blank(self) -> Record | None:
        while (record := self.text.next_record()) and record.is_blank:
            self.add(record, blank_line())
        return record

    def look_at_header(self, header: Record) -> bool:
        """Report what is wrong with the header. Tell whether the names can be told from it."""
        flaws = list(flaws_of(header))
        separator = separator_flaw(header)
        if separator:
            flaws.append(separator)
        else:
            needed = (rule for rule in self.rows.columns if rule.missing)
            flaws += name_flaws(header, [name for rule in needed for name in (rule.name, rule.alias) if name])
        for flaw in _in_order(flaws):
            self.add(header, flaw)
        self.names = tuple(map(without_bad_bytes, header.values))
        asked = {name for rule in self.rows.columns for name in (rule.name, rule.alias)}
        self.needed = frozenset(index for index, name in enumerate(self.names) if name in asked)
        return not any(flaw.code in (*_HOPELESS, codes.WRONG_SEPARATOR) for flaw in flaws)

    def see_table(self, ahead: bytes) -> bool:
        """See the regular records in what is ahead, if it begins with such; those in doubt are looked at closely."""
        table = split(ahead, len(self.names), self.text.line, self.needed)
        if table is None:
            return False
        doubtful = self.doubtful_rows(table)
        if doubtful:
            self.look_at_some(table, doubtful)
        else:
            self.see(table.lines, table.records, table.column)
            self.report.rows += len(table.records)
            self.text.take(table.size, table.line_count)
        return True

    def doubtful_rows(self, table: Table) -> set[int]:
        """Return the indices of the rows that are not certain to be clean."""
        found: set[int] = set()
        for rule in self.rows.columns:
            column = () if table.filled == self.needed else self.column_of(rule.name, table.column)
            if "" in column or any(map(str.isspace, column)):
                found.update(index for index, text in enumerate(column) if not text or text.isspace())
        if METADATA in self.names and self.rules.metadata != "ignored":
            shape = self.rows.metadata.shape
            column = table.columns[self.last_index(METADATA)]
            found.update(index for index, text in enumerate(column) if not shape.proves(text))
        return found

    def look_at_some(self, table: Table, doubtful: set[int]) -> None:
        """Take the records of a table: look at the doubtful ones, and see the others."""
        sound = [index not in doubtful for index in range(len(table.records))]

        def column(index: int) -> Sequence[str]:
            return list(compress(table.columns[index], sound))

        self.see(list(compress(table.lines, sound)), list(compress(table.records, sound)), column)
        for is_sound in sound:
            record = self.text.next_record()
            if is_sound:
                self.report.rows += 1
            elif record:
                self.look_at(record)

    def look_one_by_one(self, records: Iterable[Record]) -> None:
        for record in records:
            if not record.is_whole and self.report.ends_early():
                self.is_cut_off = True
                return
            if record.is_blank:
                self.add(record, blank_line())
            else:
                self.look_at(record)

    def look_at(self, record: Record) -> None:
        """Report everything wrong with a record; if it is sound, see it."""
        self.report.rows += 1
        flaws = list(flaws_of(record))
        if not any(flaw.code in _HOPELESS for flaw in flaws):
            if len(record.cells) == len(self.names):
                flaws += self.rows.check(self.row_of(record), record.line)
                self.note_useless_metadata(record)
            else:
                flaws.append(uneven(record, len(self.names)))
        for flaw in _in_order(without_doubles(flaws)):
            self.add(record, flaw, self.report.rows)
        if not any((flaw.severity or flaw.code.severity) is Severity.ERROR for flaw in flaws):
            self.see([record.line], [record.content], _column_of_one(record))

    def row_of(self, record: Record) -> Node:
        """Return a record as the object that other formats have for it."""
        members = [
            Member(name, cell.start, cell.start, Node("text", cell.start, cell.end, without_bad_bytes(cell.value)))
            for name, cell in zip(self.names, record.cells, strict=True)
        ]
        return Node("object", 0, len(record.text.rstrip("\r\n")), members)

    def note_useless_metadata(self, record: Record) -> None:
        if self.rows.useless_metadata and self.rows.useless_metadata[0] == record.line:
            self.useless_metadata = record.place(self.rows.useless_metadata[1])

    def see(self, lines: Sequence[int], records: Sequence[bytes], column: Columns) -> None:
        """Show sound records to what looks at all rows."""
        prompts, labels, systems = (self.column_of(name, column) for name in (PROMPT, LABEL, SYSTEM))
        self.report.seen.see(Batch(lines, records, prompts, labels, systems))

    def column_of(self, name: str, column: Columns) -> Sequence[str]:
        """Return the values of a column, by its name or alias; none where there is no such column."""
        names = (own for rule in self.rows.columns if rule.name == name for own in (rule.name, rule.alias))
        there = next((own for own in names if own in self.names), None)
        return () if there is None else column(self.last_index(there))

    def last_index(self, name: str) -> int:
        """Return the index of a column; of two with one name the last, which readers take."""
        return len(self.names) - 1 - self.names[::-1].index(name)

    def read_again(self, *, with_prompts: bool) -> Iterator[Batch]:
        """Yield all rows again, and their prompts if asked for."""
        self.stream.seek(self.start)
        width = len(self.names)
        for _, lines, records, column in _records_after_header(CsvText(self.stream), width):
            yield Batch(lines, records, self.column_of(PROMPT, column) if with_prompts else ())

    def places_of(self, lines: frozenset[int]) -> dict[int, RowPlace]:
        self.stream.seek(self.start)
        places: dict[int, RowPlace] = {}
        for first, its_lines, _, _ in _records_after_header(CsvText(self.stream), len(self.names)):
            if len(places) == len(lines):
                break
            if not lines.isdisjoint(its_lines):
                numbered = enumerate(its_lines, first)
                places |= {line: RowPlace(Position(line, 1), number) for number, line in numbered if line in lines}
        return places

    def add(self, record: Record, flaw: Flaw, number: int | None = None) -> None:
        """Report a flaw of a record, the ``number``-th row, or without one of the header or a blank line."""
        if flaw.code is codes.MISSING_FIELD and self.header:
            self.add_missing(self.header, record, flaw)
            return
        field = next((name for name, cell in self.cells_by_name(record) if cell.start <= flaw.start <= cell.end), None)
        path = flaw.path or (step_to(ROOT, field) if field else ROOT)
        place = None if number is None else Place(number, field, path)
        start, end = record.place(flaw.start), record.place(flaw.end)
        self.report.add(flaw.code, flaw.message, start, end, flaw.severity, record=place)

    def add_missing(self, header: Record, record: Record, flaw: Flaw) -> None:
        """Report a column that the first record lacks, at the name in the header that is meant, if there is one."""
        index = next((index for index, cell in enumerate(record.cells) if cell.start == flaw.start), 0)
        start = header.place(header.cells[index].start)
        self.report.add(flaw.code, flaw.message.replace("The row", "The header"), start, severity=flaw.severity)

    def cells_by_name(self, record: Record) -> Iterator[tuple[str, Cell]]:
        return zip(self.names, record.cells, strict=False)


def _records_after_header(text: CsvText, width: int) -> Iterator[tuple[int, Sequence[int], Sequence[bytes], Columns]]:
    """Yield records that follow one another: the number of the first, their lines, contents and columns."""
    number = 1
    while (header := text.next_record()) and header.is_blank:
        pass
    while ahead := text.ahead():
        table = split(ahead, width, text.line)
        if table:
            yield number, table.lines, table.records, table.column
            number += len(table.records)
            text.take(table.size, table.line_count)
            continue
        for record in text.records_in(ahead):
            if len(record.cells) == width:
                yield number, [record.line], [record.content], _column_of_one(record)
            number += not record.is_blank


def _column_of_one(record: Record) -> Columns:
    return lambda index: [record.values[index]]


def _in_order(flaws: Sequence[Flaw]) -> list[Flaw]:
    return sorted(flaws, key=lambda flaw: (flaw.start, flaw.code.code))
