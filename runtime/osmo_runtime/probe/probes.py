"""What is tried: each probe has a policy, and says what has to come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from osmo_runtime.drivers.inprocess import SILENT
from osmo_runtime.model import Boundary, Failed, Outcome, Row
from osmo_runtime.policies import Policy, parse
from osmo_runtime.policies.constant import ConstantPolicy
from osmo_runtime.policies.faults import FAULTS, Fault, FaultyPolicy
from osmo_runtime.probe.answers import (
    LONG_LABEL,
    REFUSAL,
    SECOND_THOUGHT,
    TO_A_JUDGE,
    VERY_LONG,
    FailingOnce,
    ManyLabels,
    OtherLabel,
)
from osmo_runtime.probe.labels import other_labels

#: What a worker says of code that a deadline did not end.
_HELD_ON = ("blocked the event loop", "went on when it was cancelled")
#: Labels that stand on either side of the right one where all are given at once.
_MOST_LABELS = 10
#: Seconds that a slow reply takes here at most, and the share of an attempt's time that it may take.
_SLOW_S = 0.5
_SLOW_SHARE = 0.25


class Wanted(StrEnum):
    """What an attempt has to earn."""

    MOST = "the most"
    LITTLE = "little"
    ANYTHING = "anything"
    #: For the right answer and then another one.
    WITHDRAWN = "little, as it was taken back"
    #: For another answer and then the right one: graders that read the last one pay it, strict ones do not.
    CORRECTED = "anything, as it was put right"


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
        reward = _EXPECTED.get(self.wanted, "any")
        return f"{reward}, or failed" if self.may_fail_at else reward

    def is_hanging(self, outcome: Outcome) -> bool:
        """Tell whether ``outcome`` is that of an attempt that took too long, and did not just wait where it may."""
        if not isinstance(outcome, Failed) or outcome.boundary is not Boundary.TIMEOUT:
            return False
        return Boundary.TIMEOUT not in self.may_fail_at or _is_blocking(outcome)


_EXPECTED: Final = {Wanted.MOST: "high", Wanted.LITTLE: "low", Wanted.WITHDRAWN: "low"}


def _is_blocking(failed: Failed) -> bool:
    """Tell whether an attempt did not just wait, but held on beyond its deadline."""
    return bool(failed.traceback) or is_sure(failed) or any(sign in failed.message for sign in _HELD_ON)


def is_sure(outcome: Outcome) -> bool:
    """Tell whether ``outcome`` was found twice already."""
    return isinstance(outcome, Failed) and outcome.message == SILENT.message


#: What may come of a fault besides a grade. Where the model never answered, nothing may be earned.
_FAULTS: Final[Mapping[str, tuple[Wanted, frozenset[Boundary]]]] = {
    # Clients wait and try again: some for longer than an attempt may take.
    "http-500": (Wanted.LITTLE, frozenset({Boundary.POLICY, Boundary.TIMEOUT})),
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
#: Faults that a client which asks again survives, as those of agent frameworks do.
_PASSING: Final = ("http-500", "rate-limit")


def answer_probes(knowing: Policy, rows: Sequence[Row], labels: Sequence[str]) -> list[Probe]:
    """Return the probes of answers; ``labels`` are the dataset's. Those of other labels need at least two."""
    probes = [
        Probe("oracle", knowing, Wanted.MOST),
        Probe("no answer", ConstantPolicy(""), Wanted.LITTLE),
        Probe("refusal", ConstantPolicy(REFUSAL), Wanted.LITTLE),
        Probe("prompt echoed", parse("echo"), Wanted.LITTLE),
    ]
    return [
        *probes,
        *_label_probes(knowing, rows, labels),
        Probe("text to a judge", ConstantPolicy(TO_A_JUDGE), Wanted.LITTLE),
        Probe("very long text", ConstantPolicy(VERY_LONG), Wanted.LITTLE),
        Probe("very long answer", OtherLabel(knowing, {row.number: LONG_LABEL for row in rows}), Wanted.LITTLE),
    ]


def _label_probes(knowing: Policy, rows: Sequence[Row], labels: Sequence[str]) -> list[Probe]:
    """Return the probes of right and wrong labels; none where a row has no label, or all have the same."""
    own = {row.number: row.label for row in rows if row.label is not None}
    others = {number: other_labels(label, labels) for number, label in own.items()}
    if len(own) < len(rows) or not all(others.values()):
        return []
    wrong = {number: others[number][0] for number in own}
    apart = {number: _apart(label, others[number]) for number, label in own.items()}
    many = {number: _around(label, others[number]) for number, label in own.items()}
    first = {number: [label, apart[number]] for number, label in own.items()}
    last = {number: [apart[number], label] for number, label in own.items()}
    return [
        Probe("wrong row's label", OtherLabel(knowing, wrong), Wanted.LITTLE),
        Probe("all labels at once", ManyLabels(knowing, many), Wanted.LITTLE),
        Probe("right label first", ManyLabels(knowing, first, SECOND_THOUGHT), Wanted.WITHDRAWN),
        Probe("right label last", ManyLabels(knowing, last, SECOND_THOUGHT), Wanted.CORRECTED),
    ]


def fault_probes(knowing: Policy, timeout_s: float) -> list[Probe]:
    """Return a probe for each fault, which every call has, or only the first; attempts have ``timeout_s`` seconds."""
    slow_s = min(_SLOW_S, timeout_s * _SLOW_SHARE)
    faulty = {name: FaultyPolicy(knowing, [_always(name, slow_s)]) for name in FAULTS}
    return [
        *(Probe(f"fault {name}", faulty[name], *_FAULTS[name]) for name in FAULTS),
        *(Probe(f"{name} once", FailingOnce(faulty[name], knowing), Wanted.ANYTHING) for name in _PASSING),
    ]


def _always(name: str, slow_s: float) -> Fault:
    return Fault(name, 1.0, slow_s if name == "slow" else FAULTS[name].seconds or 0.0)


def _apart(label: str, others: Sequence[str]) -> str:
    """Return another label, which does not hold ``label`` if there is such a one."""
    return next((other for other in others if label not in other), others[0])


def _around(label: str, others: Sequence[str]) -> list[str]:
    """Return labels with the right one neither first nor last: a grader that takes either takes a wrong one."""
    before = others[:_MOST_LABELS]
    return [*before, label, *(others[_MOST_LABELS : 2 * _MOST_LABELS] or before)]
