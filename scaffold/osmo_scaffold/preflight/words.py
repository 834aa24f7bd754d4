"""How gates say things."""

from collections.abc import Iterable

from osmo_checks.finding import Finding


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def finding_lines(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(
        f"{one.path}:{one.start.row}:{one.start.column}: {one.severity.value}[{one.code}] {one.message}"
        for one in findings
    )
