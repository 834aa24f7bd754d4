"""From what came of probes to verdicts: what is expected of each, what was got, and whether that is a flaw."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from osmo_runtime.model import Failed, Graded, Outcome, Report, Row
from osmo_runtime.probe.passes import Passes
from osmo_runtime.probe.probes import Probe, Wanted


class Verdict(StrEnum):
    """What is wrong with a rollout, the worst first; all but the last two are flaws."""

    HANGS = "hangs"
    LOSES = "loses attempts"
    REWARDS = "rewards a non-answer"
    MISSES = "misses the right answer"
    LEAKS = "leaks state"
    VARIES = "not deterministic"
    SOUND = "sound"

    @property
    def is_flaw(self) -> bool:
        return self not in (Verdict.VARIES, Verdict.SOUND)


@dataclass(frozen=True, slots=True)
class Judged:
    """``why`` is one sentence, with the rows and what they came to; empty where nothing is wrong."""

    probe: str
    expected: str
    got: str
    verdict: Verdict
    why: str = ""


def judge(probes: Sequence[Probe], passes: Passes, rows: Sequence[Row]) -> list[Judged]:
    """Return a verdict on every probe, in their order; ``rows`` are those that were run."""
    bar = _Bar.of(probes, passes)
    return [_judge_one(_Runs.of(probe, passes), rows, bar) for probe in probes]


def seem_to_leak(probes: Sequence[Probe], passes: Passes, rows: Sequence[Row]) -> bool:
    """Tell whether attempts of ``probes`` seem to change each other: repeat the passes before it is said."""
    return any(_leak(runs) or _mixture(runs, rows) for runs in (_Runs.of(probe, passes) for probe in probes))


@dataclass(frozen=True, slots=True)
class _Bar:
    """Half way between the lowest reward there is, 0 or less, and what the oracle earns: non-answers stay below."""

    lowest: float
    best: float

    @classmethod
    def of(cls, probes: Sequence[Probe], passes: Passes) -> "_Bar":
        knowing = next(probe.name for probe in probes if probe.wanted is Wanted.MOST)
        best = _rewards(passes.alone[0][knowing])
        everything = _rewards(chain.from_iterable(passes.alone[0].values()))
        return cls(min(0.0, *everything), sum(best) / len(best) if best else 0.0)

    @property
    def height(self) -> float:
        return (self.lowest + self.best) / 2


def _judge_one(runs: "_Runs", rows: Sequence[Row], bar: _Bar) -> Judged:
    probe = runs.probe
    reports = [*chain.from_iterable(runs.alone), *chain.from_iterable(runs.together)]
    found = (
        _hang(probe, reports)
        or _loss(probe, reports)
        # What attempts do to each other may well be why a non-answer is rewarded.
        or _leak(runs)
        or _mixture(runs, rows)
        or _wrong_reward(probe, [*chain.from_iterable(runs.alone)], bar)
        or _variation(runs)
    )
    verdict, why = found or (Verdict.SOUND, "")
    return Judged(probe.name, probe.expected, _got(reports), verdict, why)


Found = tuple[Verdict, str] | None


def _hang(probe: Probe, reports: Sequence[Report]) -> Found:
    for report, failed in _failures(reports):
        if probe.is_hanging(failed):
            return Verdict.HANGS, f"row {report.attempt.row}: {_line(failed)}"
    return None


def _loss(probe: Probe, reports: Sequence[Report]) -> Found:
    for report, failed in _failures(reports):
        if failed.boundary not in probe.may_fail_at:
            return Verdict.LOSES, f"row {report.attempt.row} failed at {failed.boundary.value}: {_line(failed)}"
    return None


def _wrong_reward(probe: Probe, reports: Sequence[Report], bar: _Bar) -> Found:
    rewards = [(report, _reward(report.outcome)) for report in reports]
    if probe.wanted is Wanted.MOST and bar.best <= bar.lowest:
        return Verdict.MISSES, f"the right answer earns {bar.best:g}, which is no more than any other"
    if probe.wanted is Wanted.LITTLE:
        for report, reward in rewards:
            if reward is not None and reward > bar.height:
                return Verdict.REWARDS, (
                    f"row {report.attempt.row} earns {reward:g}, where the right answer earns {bar.best:g}"
                )
    return None


@dataclass(frozen=True, slots=True)
class _Runs:
    """What came of one probe, in each pass row by row."""

    probe: Probe
    alone: Sequence[Sequence[Report]]
    together: Sequence[Sequence[Report]]

    @classmethod
    def of(cls, probe: Probe, passes: Passes) -> "_Runs":
        alone, together = (
            [one[probe.name] for one in some if probe.name in one] for some in (passes.alone, passes.together)
        )
        return cls(probe, alone, together)

    def difference(self, others: Sequence[Report]) -> tuple[Report, Report] | None:
        """Return the reports of the first row that came to another result in ``others`` than alone at first."""
        pairs = zip(self.alone[0], others, strict=True)
        return next((pair for pair in pairs if not self._are_alike(pair[0].outcome, pair[1].outcome)), None)

    def _are_alike(self, one: Outcome, other: Outcome) -> bool:
        if isinstance(one, Failed) and isinstance(other, Failed):
            return one.boundary == other.boundary or {one.boundary, other.boundary} <= self.probe.may_fail_at
        return one == other


def _leak(runs: _Runs) -> Found:
    """Find a leak where attempts always agree alone, and never beside each other: anything else may be chance."""
    if any(map(runs.difference, runs.alone)):
        return None
    differences = [runs.difference(reports) for reports in runs.together]
    if not differences or differences[0] is None or not all(differences):
        return None
    one, other = differences[0]
    return Verdict.LEAKS, (
        f"row {one.attempt.row}: {_said(one.outcome)} in one order, "
        f"{_said(other.outcome)} with other attempts before and beside it"
    )


def _mixture(runs: _Runs, rows: Sequence[Row]) -> Found:
    """Find a model call that has another row's prompt in it, and is another one alone: an attempt saw a second one."""
    for place, row in enumerate(rows):
        alone = [_asked(reports[place]) for reports in runs.alone]
        together = [_asked(reports[place]) for reports in runs.together]
        if any(calls != alone[0] for calls in alone) or not together:
            continue
        strangers = [_stranger("".join(calls - alone[0]), row, rows) for calls in together]
        if strangers[0] is not None and None not in strangers:
            return Verdict.LEAKS, (
                f"row {row.number}: with other attempts beside it, its model calls hold the prompt of row "
                f"{strangers[0].number}, and alone they are others"
            )
    return None


def _asked(report: Report) -> frozenset[str]:
    """Return the messages of each call, as JSON: calls side by side come in any order."""
    return frozenset(json.dumps(call.messages) for call in report.calls)


def _stranger(text: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the first row whose user message is in the JSON ``text`` and not in ``row``'s own prompt."""
    own = json.dumps(row.messages)
    users = ((other, _in_json(other.messages)) for other in rows)
    return next((other for other, prompt in users if prompt and prompt in text and prompt not in own), None)


def _in_json(messages: Sequence[Mapping[str, object]]) -> str:
    return next((json.dumps(message["content"])[1:-1] for message in messages if message["role"] == "user"), "")


def _variation(runs: _Runs) -> Found:
    differences = map(runs.difference, chain(runs.alone, runs.together))
    different = next((difference for difference in differences if difference), None)
    if not different:
        return None
    one, other = different
    return Verdict.VARIES, f"row {one.attempt.row}: {_said(one.outcome)}, then {_said(other.outcome)} for the same"


def _got(reports: Sequence[Report]) -> str:
    rewards = _rewards(reports)
    parts = [f"reward {_span(rewards)}"] if rewards else []
    removed = sum(isinstance(report.outcome, Graded) and report.outcome.reward is None for report in reports)
    if removed:
        parts.append(f"{removed} of {len(reports)} removed")
    for boundary in dict.fromkeys(failed.boundary for _, failed in _failures(reports)):
        number = sum(failed.boundary is boundary for _, failed in _failures(reports))
        parts.append(f"{number} of {len(reports)} failed at {boundary.value}")
    return ", ".join(parts)


def _span(rewards: Sequence[float]) -> str:
    low, high = min(rewards), max(rewards)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _failures(reports: Iterable[Report]) -> list[tuple[Report, Failed]]:
    return [(report, report.outcome) for report in reports if isinstance(report.outcome, Failed)]


def _rewards(reports: Iterable[Report]) -> list[float]:
    rewards = (_reward(report.outcome) for report in reports)
    return [reward for reward in rewards if reward is not None]


def _reward(outcome: Outcome) -> float | None:
    return outcome.reward if isinstance(outcome, Graded) else None


def _said(outcome: Outcome) -> str:
    if isinstance(outcome, Failed):
        return f"failed at {outcome.boundary.value}"
    return "removed" if outcome.reward is None else f"reward {outcome.reward:g}"


def _line(failed: Failed) -> str:
    return failed.message.partition("\n")[0]
