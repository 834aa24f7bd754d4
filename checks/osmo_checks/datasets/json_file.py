"""Validates ``.json`` files: an array of objects, or JSON Lines under that name."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, Final

import msgspec

from osmo_checks.datasets import codes, jsonl
from osmo_checks.datasets.json_elements import Element, Elements, Fault
from osmo_checks.datasets.json_rows import is_array
from osmo_checks.datasets.observe import Batch, RowPlace
from osmo_checks.datasets.places import record_of
from osmo_checks.datasets.prover import Prover
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.row import RowChecker
from osmo_checks.datasets.rules import LABEL, PROMPT, SYSTEM, DatasetRules
from osmo_checks.datasets.scan import Flaw, Node
from osmo_checks.datasets.scan_bytes import scan_with_bad_bytes
from osmo_checks.datasets.shortening import unread_metadata
from osmo_checks.datasets.text_start import go_to_text
from osmo_checks.datasets.values import without_doubles
from osmo_checks.datasets.whole import look_at_whole
from osmo_checks.finding import Position, Severity

#: Rows between two calls of ``tick``.
_TICK: Final = 1_000

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeEncodeError, RecursionError)
_decode = msgspec.json.Decoder().decode


def validate(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    """Look at every row of ``stream`` (buffered, at its start) and add what is wrong to ``report``.

    ``tick`` is called now and then with the number of bytes read so far.
    """
    if is_array(stream):
        if go_to_text(stream, report):
            _Array(stream, rules, report).look(tick)
    else:
        jsonl.validate(stream, rules, report, tick)


class _Array:
    def __init__(self, stream: BinaryIO, rules: DatasetRules, report: FileReport) -> None:
        report.seen.read_again = partial(_read_again, stream, stream.tell(), with_prompts=report.seen.compares)
        report.seen.places_of = partial(_places_of, stream, stream.tell())
        report.seen.unit = "record"
        self.stream = stream
        self.report = report
        self.rows = RowChecker(rules)
        self.prover = Prover(self.rows)
        self.useless_metadata: Position | None = None

    def look(self, tick: Callable[[int], None]) -> None:
        elements = Elements(self.stream, shortens=True)
        for element in elements:
            if (elements.is_cut or _says_cut(element)) and self.report.ends_early():
                break
            if isinstance(element, Fault):
                self.report.add(element.code, element.message, element.place)
                if element.code is codes.LINE_TOO_LONG:
                    self.report.rows += 1
                    return
                continue
            self.report.rows += 1
            if not self.see_proved(element):
                self.look_closely(element)
            if not self.report.rows % _TICK:
                tick(self.stream.tell())
        look_at_whole(self.report, self.rows, self.place_of_useless_metadata, "write objects in its array")

    def see_proved(self, element: Element) -> bool:
        """Tell whether an element is certain to be a clean row; if so, it is seen."""
        try:
            content = element.text.encode()
        except UnicodeEncodeError:
            return False
        texts = self.prover.proves(content, [content])
        if texts is None:
            return False
        self.report.seen.see(Batch([self.report.rows], [content], *texts))
        return True

    def look_closely(self, element: Element) -> None:
        """Report everything wrong with an element; if it is sound, see it."""
        found = scan_with_bad_bytes(element.text)
        flaws = [*found.flaws, *(self.flaws_of(element, found.root) if found.root else ())]
        useless = self.rows.useless_metadata
        if useless and self.useless_metadata is None:
            self.useless_metadata = element.place(useless[1])
        for flaw in sorted(without_doubles(flaws), key=lambda flaw: (flaw.start, flaw.code.code)):
            self.add(element, flaw, found.root)
        if found.root and not any((flaw.severity or flaw.code.severity) is Severity.ERROR for flaw in flaws):
            self.see(element, found.root)
            if not flaws:
                self.prover.learn(found.root)

    def place_of_useless_metadata(self, _row: int, _offset: int) -> Position:
        """Return the place noted while the element was at hand: a line may hold many elements."""
        return self.useless_metadata or Position(1, 1)

    def flaws_of(self, element: Element, root: Node) -> Iterable[Flaw]:
        unread = unread_metadata(root, element.row, self.rows.rules)
        return [unread] if unread else self.rows.check(root, element.start.row)

    def see(self, element: Element, root: Node) -> None:
        """Show a row that is sound, if not clean, to what looks at all rows."""
        number, seen = self.report.rows, self.report.seen
        fields = {member.key: member for member in root.members}
        prompt, label, system = ([self.rows.text_of(column, fields)] for column in (PROMPT, LABEL, SYSTEM))
        seen.see(Batch([number], [element.text.encode()], prompt, label, system))
        seen.see_kinds(number, {key: field.value.kind for key, field in fields.items() if not self.rows.knows(key)})

    def add(self, element: Element, flaw: Flaw, root: Node | None) -> None:
        start, end = element.place(flaw.start), element.place(flaw.end)
        record = record_of(self.report.rows, flaw, root)
        self.report.add(flaw.code, flaw.message, start, end, flaw.severity, record=record)


def _says_cut(found: Element | Fault) -> bool:
    return isinstance(found, Fault) and found.code is codes.TRUNCATED_ROW


def _read_again(stream: BinaryIO, start: int, *, with_prompts: bool) -> Iterator[Batch]:
    """Yield all rows again, and their prompts if asked for."""
    for number, element in enumerate(_elements(stream, start), 1):
        content = element.text.encode(errors="replace")
        yield Batch([number], [content], [_prompt_of(content)] if with_prompts else ())


def _places_of(stream: BinaryIO, start: int, records: frozenset[int]) -> dict[int, RowPlace]:
    last = max(records, default=0)
    elements = islice(enumerate(_elements(stream, start), 1), last)
    return {number: RowPlace(element.start, number) for number, element in elements if number in records}


def _elements(stream: BinaryIO, start: int) -> Iterator[Element]:
    stream.seek(start)
    return (element for element in Elements(stream, shortens=True) if isinstance(element, Element))


def _prompt_of(content: bytes) -> str | None:
    try:
        row = _decode(content)
    except _UNREADABLE:
        return None
    prompt = row.get(PROMPT) if isinstance(row, dict) else None
    return prompt if isinstance(prompt, str) else None
