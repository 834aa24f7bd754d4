"""How gates say things."""

from collections.abc import Iterable

from osmo_checks.finding import Finding


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str) -> str:
    """Escape what a name or an exception of the user's would do to the terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def finding_lines(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(
        f"{one.path}:{one.start.row}:{one.start.column}: {one.severity.value}[{one.code}] {one.message}"
        for one in findings
    )
