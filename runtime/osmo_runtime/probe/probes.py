"""What is tried: each probe has a policy, and says what has to come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from osmo_runtime.model import Boundary, Failed, Outcome, Row
from osmo_runtime.policies import Policy, parse
from osmo_runtime.policies.constant import ConstantPolicy
from osmo_runtime.policies.faults import FAULTS, Fault, FaultyPolicy
from osmo_runtime.probe.answers import LONG_LABEL, TO_A_JUDGE, VERY_LONG, ManyLabels, OtherLabel

#: Labels that stand on either side of the right one where all are given at once.
_MOST_LABELS = 10
#: Seconds that a slow reply takes here.
_SLOW_S = 0.5


class Wanted(StrEnum):
    """What an attempt has to earn."""

    MOST = "the most"
    LITTLE = "little"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Probe:
    """``may_fail_at`` are the boundaries where an attempt may end; everywhere else it is lost."""

    name: str
    policy: Policy
    wanted: Wanted
    may_fail_at: frozenset[Boundary] = frozenset()

    @property
    def expected(self) -> str:
        """What has to come of it, for people."""
        earned = {Wanted.MOST: "graded high", Wanted.LITTLE: "graded low", Wanted.ANYTHING: "graded"}[self.wanted]
        failures = "/".join(sorted(boundary.value for boundary in self.may_fail_at))
        return f"{earned} or failed ({failures})" if failures else earned

    def is_hanging(self, outcome: Outcome) -> bool:
        """Tell whether ``outcome`` is that of an attempt that took too long, and did not just wait where it may."""
        if not isinstance(outcome, Failed) or outcome.boundary is not Boundary.TIMEOUT:
            return False
        return Boundary.TIMEOUT not in self.may_fail_at or _is_blocking(outcome)


def _is_blocking(failed: Failed) -> bool:
    """Tell whether an attempt did not just wait: then something has to say where it stood, or nothing said anything."""
    return bool(failed.traceback) or "no sign of life" in failed.message or "blocked the event loop" in failed.message


#: What may come of a fault besides a grade. Where the model never answered, nothing may be earned.
_FAULTS: Final[Mapping[str, tuple[Wanted, frozenset[Boundary]]]] = {
    "http-500": (Wanted.LITTLE, frozenset({Boundary.POLICY})),
    # Clients wait and try again: some for longer than an attempt may take.
    "rate-limit": (Wanted.LITTLE, frozenset({Boundary.POLICY, Boundary.TIMEOUT})),
    "timeout": (Wanted.LITTLE, frozenset({Boundary.POLICY, Boundary.TIMEOUT})),
    "empty": (Wanted.LITTLE, frozenset()),
    # Agent frameworks raise where a reply was cut.
    "truncated": (Wanted.ANYTHING, frozenset({Boundary.WORKFLOW})),
    "malformed-tool-args": (Wanted.ANYTHING, frozenset()),
    "unknown-tool": (Wanted.ANYTHING, frozenset()),
    "huge": (Wanted.ANYTHING, frozenset()),
    "slow": (Wanted.ANYTHING, frozenset()),
}


def answer_probes(knowing: Policy, rows: Sequence[Row], labels: Sequence[str]) -> list[Probe]:
    """Return the probes of answers; ``labels`` are the dataset's. Those of other labels need at least two."""
    probes = [
        Probe("oracle", knowing, Wanted.MOST),
        Probe("no answer", ConstantPolicy(""), Wanted.LITTLE),
        Probe("prompt echoed", parse("echo"), Wanted.LITTLE),
    ]
    others = {row.number: [label for label in labels if label != row.label] for row in rows}
    if all(others.values()) and all(row.label is not None for row in rows):
        wrong = {row.number: others[row.number][0] for row in rows}
        many = {row.number: _around(row.label or "", others[row.number]) for row in rows}
        probes += [
            Probe("wrong row's label", OtherLabel(knowing, wrong), Wanted.LITTLE),
            Probe("all labels at once", ManyLabels(knowing, many), Wanted.LITTLE),
        ]
    return [
        *probes,
        Probe("text to a judge", ConstantPolicy(TO_A_JUDGE), Wanted.LITTLE),
        Probe("very long text", ConstantPolicy(VERY_LONG), Wanted.LITTLE),
        Probe("very long answer", OtherLabel(knowing, {row.number: LONG_LABEL for row in rows}), Wanted.LITTLE),
    ]


def fault_probes(knowing: Policy) -> list[Probe]:
    """Return a probe for each fault, which every call has."""
    return [Probe(f"fault {name}", FaultyPolicy(knowing, [_always(name)]), *_FAULTS[name]) for name in FAULTS]


def _always(name: str) -> Fault:
    return Fault(name, 1.0, _SLOW_S if name == "slow" else FAULTS[name].seconds or 0.0)


def _around(label: str, others: Sequence[str]) -> list[str]:
    """Return labels with the right one neither first nor last: a grader that takes either takes a wrong one."""
    before = others[:_MOST_LABELS]
    return [*before, label, *(others[_MOST_LABELS : 2 * _MOST_LABELS] or before)]
