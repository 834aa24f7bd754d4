"""For people: place and message, the source line, and a caret under what is meant."""

import unicodedata
from collections.abc import Iterator, Sequence

from osmo_checks.finding import Finding, Severity
from osmo_checks.formats.view import View

_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_WIDEST_LINE = 160
#: Rules about secrets: the line they point at stays out of terminals and logs.
_NEVER_QUOTED = "OSS"


def render(findings: Sequence[Finding], view: View) -> str:
    blocks = ["\n".join(_block(finding, view)) for finding in findings]
    return "\n".join([*blocks, closing(view), ""])


def _block(finding: Finding, view: View) -> Iterator[str]:
    def paint(text: str, style: str) -> str:
        return f"{style}{text}{_RESET}" if view.colour else text

    place = paint(printable(f"{finding.path}:{finding.start.row}:{finding.start.column}"), _BOLD)
    label = paint(f"{finding.severity.value}[{finding.code}]", _COLOURS[finding.severity])
    yield f"{place}: {label} {_record(finding)}{printable(finding.message)}"
    line = None if finding.code.startswith(_NEVER_QUOTED) else view.line(finding.path, finding.start.row)
    if line is not None:
        yield from (paint(part, _DIM) for part in _excerpt(finding, line))
    if finding.fix and finding.fix.applicability != "display":
        option = "--fix" if finding.fix.applicability == "safe" else "--fix --unsafe-fixes"
        yield f"  = {option}: {printable(finding.fix.message)}"


def _record(finding: Finding) -> str:
    """Name the record of a dataset where its number is not the line's."""
    number = finding.record.number if finding.record else None
    return "" if number in (None, finding.start.row) else f"Record {number}: "


def _excerpt(finding: Finding, line: str) -> Iterator[str]:
    line = printable(line.rstrip("\r\n").replace("\t", " "))
    if not line.strip() or len(line) > _WIDEST_LINE:
        return
    number = str(finding.start.row)
    before = line[: finding.start.column - 1]
    end = finding.end.column if finding.end.row == finding.start.row else len(line) + 1
    meant = line[finding.start.column - 1 : end - 1]
    yield f"  {number} | {line}"
    yield f"  {' ' * len(number)} | {' ' * _width(before)}{'^' * max(1, _width(meant))}"


def closing(view: View) -> str:
    errors, warnings = view.summary.get("errors", 0), view.summary.get("warnings", 0)
    looked_at = [f"{_plural(value, key)}" for key, value in view.summary.items() if key in ("files", "rows")]
    where = f" in {', '.join(looked_at)}" if looked_at else ""
    if not errors and not warnings:
        return f"No findings{where}."
    return f"{_plural(errors, 'errors')}, {_plural(warnings, 'warnings')}{where}."


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun.removesuffix('s') if count == 1 else noun}"


def _width(text: str) -> int:
    """Return the number of terminal cells ``text`` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def printable(text: str) -> str:
    """Replace what could steer a terminal; user files are shown, never obeyed."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
