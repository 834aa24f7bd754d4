"""All gates asked about one config, and how the answers are shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from osmo_checks.credentials import masked
from osmo_checks.errors import InputError
from osmo_checks.printable import printable
from osmo_scaffold.preflight.gates import GATES
from osmo_scaffold.preflight.outcome import Outcome, Status, failed
from osmo_scaffold.preflight.situation import Situation

#: Lines below a gate that people are shown; JSON has all of them.
_MOST_DETAILS = 8
_COLOURS = {Status.PASS: 32, Status.WARN: 33, Status.FAIL: 31, Status.SKIPPED: 2}


@dataclass(frozen=True, slots=True)
class Report:
    """``outcomes`` by the gates' names, in order."""

    config: str
    kind: str
    rollout: str
    outcomes: Mapping[str, Outcome]

    @property
    def is_passed(self) -> bool:
        return all(outcome.status is not Status.FAIL for outcome in self.outcomes.values())

    def count(self, status: Status) -> int:
        return sum(outcome.status is status for outcome in self.outcomes.values())


def ask_all(situation: Situation, about_to_ask: Callable[[str], None]) -> Report:
    """Ask every gate; one that fails keeps none from being asked. Raises ``UsageError`` for a wrong option."""
    outcomes = {}
    for name, gate in GATES.items():
        about_to_ask(name)
        try:
            outcome = gate(situation)
        except InputError as error:
            outcome = failed(str(error))
        outcomes[name] = _without_secrets(outcome)
    return Report(situation.shown, situation.config.kind, situation.rollout, outcomes)


def _without_secrets(outcome: Outcome) -> Outcome:
    """Mask what looks like a key: addresses of package indexes hold passwords, and exceptions hold anything."""
    return replace(outcome, message=masked(outcome.message), details=tuple(map(masked, outcome.details)))


def as_json(report: Report) -> dict[str, Any]:
    return {
        "preflight": {
            "config": report.config,
            "kind": report.kind,
            "rollout": report.rollout or None,
            "passed": report.is_passed,
        },
        "gates": [{"name": name, **outcome.to_json()} for name, outcome in report.outcomes.items()],
        "summary": {status.value: report.count(status) for status in Status},
    }


def as_text(report: Report, *, colour: bool) -> str:
    """Return the table of gates: status, message, what exactly, and the command that mends it."""
    return "\n".join([*_table(report, colour=colour), "", _verdict(report)])


def _table(report: Report, *, colour: bool) -> Iterator[str]:
    width = max(map(len, report.outcomes))
    margin = " " * (width + 11)
    for name, outcome in report.outcomes.items():
        status = f"{outcome.status.value:<7}"
        status = f"\x1b[{_COLOURS[outcome.status]}m{status}\x1b[0m" if colour else status
        yield f"{name:<{width}}  {status}  {printable(outcome.message)}"
        for line in outcome.details[:_MOST_DETAILS]:
            yield f"{margin}{printable(line)}"
        if len(outcome.details) > _MOST_DETAILS:
            yield f"{margin}and {len(outcome.details) - _MOST_DETAILS:,} more"
        if outcome.mend:
            yield f"{margin}$ {outcome.mend}"


def _verdict(report: Report) -> str:
    counts = ", ".join(f"{report.count(status)} {status.value}" for status in Status if report.count(status))
    verdict = "ready to be submitted" if report.is_passed else "not ready to be submitted"
    return f"{report.config} is {verdict}: {counts}."
