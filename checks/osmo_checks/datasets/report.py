"""What was found in one file: all of it counted, the first of it kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from osmo_checks.datasets.codes import SAY_WHAT_WAS_NOT_READ, Code
from osmo_checks.datasets.observe import Observer, Remark
from osmo_checks.datasets.places import ROOT, step_to
from osmo_checks.finding import START, Finding, Position, Record, Severity

#: Findings kept per file, so that a file with a fault in every row does not fill the memory.
MAX_FINDINGS: Final = 1_000


def _never() -> bool:
    return False


@dataclass(slots=True)
class FileReport:
    """The findings of one file. ``errors`` and ``warnings`` are exact; ``findings`` are the first ``most``.

    Those that say that the file was not read to its end are always there. ``seen`` is what a validator shows its sound
    rows to. ``ends_early`` tells it, at the end of what it reads, that there is more that cannot be read.
    """

    path: str
    most: int = MAX_FINDINGS
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    findings: list[Finding] = field(default_factory=list)
    seen: Observer = field(default_factory=Observer)
    ends_early: Callable[[], bool] = _never

    @property
    def hidden(self) -> int:
        """How many findings were counted but not kept."""
        return self.errors + self.warnings - len(self.findings)

    def add(
        self,
        code: Code,
        message: str,
        start: Position = START,
        end: Position | None = None,
        severity: Severity | None = None,
        *,
        record: Record | None = None,
        count: int = 1,
    ) -> None:
        """Count ``count`` findings, which one says."""
        severity = severity or code.severity
        if severity is Severity.ERROR:
            self.errors += count
        else:
            self.warnings += count
        if len(self.findings) < self.most or code in SAY_WHAT_WAS_NOT_READ:
            place = (self.path, start, end or start)
            self.findings.append(Finding(*place, code.code, code.name, severity, message, record=record))

    def empty(self) -> "FileReport":
        """Return a report on the same file with nothing in it."""
        return FileReport(self.path, self.most, seen=self.seen.empty())

    def merge(self, other: "FileReport") -> None:
        """Add what was found in, and seen of, the rest of the file."""
        self.errors += other.errors
        self.warnings += other.warnings
        room = max(0, self.most - len(self.findings))
        always = {code.code for code in SAY_WHAT_WAS_NOT_READ}
        self.findings += [found for at, found in enumerate(other.findings) if at < room or found.code in always]
        self.seen.merge(other.seen)

    def add_remarks(self, remarks: Iterable[Remark]) -> None:
        """Add what ``seen`` shows; where rows are named, the file may be read again."""
        remarks = list(remarks)
        places = self.seen.places_of(frozenset(remark.row for remark in remarks if remark.row is not None))
        for remark in remarks:
            place = None if remark.row is None else places.get(remark.row)
            path = step_to(ROOT, remark.field) if remark.field else ROOT
            record = Record(place.record, remark.field, path) if place else None
            start = place.start if place else START
            self.add(remark.code, remark.message, start, record=record, count=remark.count)
