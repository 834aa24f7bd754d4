"""From what came of probes to verdicts: what is expected of each, what was got, and whether that is a flaw."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from osmo_runtime.model import Boundary, Failed, Graded, Outcome, Report, Row
from osmo_runtime.probe.passes import Pass, Passes
from osmo_runtime.probe.probes import Probe, Wanted

#: The share of the right answer's reward from which on another answer earns as much.
_AS_GOOD_AS_RIGHT = 0.9


class Verdict(StrEnum):
    """What is wrong with a rollout, the worst first; all but the last three are flaws."""

    HANGS = "hangs"
    LOSES = "loses attempts"
    REWARDS = "rewards a non-answer"
    MISSES = "misses the right answer"
    LEAKS = "leaks state"
    WITHDRAWN = "pays what is withdrawn"
    VARIES = "not deterministic"
    SOUND = "sound"

    @property
    def is_flaw(self) -> bool:
        return self not in (Verdict.WITHDRAWN, Verdict.VARIES, Verdict.SOUND)


@dataclass(frozen=True, slots=True)
class Judged:
    """``why`` is one sentence, with the rows and what they came to; empty where nothing is wrong."""

    probe: Probe
    reports: Sequence[Report]
    verdict: Verdict
    why: str = ""

    @property
    def got(self) -> str:
        """What came of all attempts, for people."""
        rewards, number = _rewards(self.reports), len(self.reports)
        removed = sum(isinstance(report.outcome, Graded) and report.outcome.reward is None for report in self.reports)
        failed = self.failed.total()
        parts = [
            _span(rewards) if rewards else "",
            f"{removed}/{number} removed" if removed else "",
            f"{failed}/{number} failed" if failed else "",
        ]
        return ", ".join(filter(None, parts))

    @property
    def failed(self) -> Counter[Boundary]:
        """How many attempts failed at each boundary."""
        return Counter(failed.boundary for _, failed in _failures(self.reports))


def judge(probes: Sequence[Probe], passes: Passes, rows: Sequence[Row]) -> list[Judged]:
    """Return a verdict on every probe, in their order; ``rows`` are those that were run."""
    bar = _Bar.of(probes, passes)
    return [_judge_one(_Runs.of(probe, passes), rows, bar) for probe in probes]


def seem_to_leak(probes: Sequence[Probe], passes: Passes, rows: Sequence[Row]) -> bool:
    """Tell whether attempts of ``probes`` seem to change each other: repeat the passes before it is said."""
    runs = (_Runs.of(probe, passes) for probe in probes)
    return any(_leak(one) or _mixture(one, rows) for one in runs if not _hang(one.probe, one.reports))


@dataclass(frozen=True, slots=True)
class _Bar:
    """What rewards are measured by: ``lowest`` is 0 or less, ``best`` the mean of what the oracle earns.

    ``corrected`` is the most that the right answer earned where it came last, after another one.
    """

    lowest: float
    best: float
    corrected: float

    @classmethod
    def of(cls, probes: Sequence[Probe], passes: Passes) -> "_Bar":
        first = passes.alone[0]
        best = _rewards(_reports_of(Wanted.MOST, probes, first))
        corrected = _rewards(_reports_of(Wanted.CORRECTED, probes, first))
        lowest = min([0.0, *_rewards(chain.from_iterable(first.values()))])
        return cls(lowest, sum(best) / len(best) if best else 0.0, max(corrected, default=lowest))

    @property
    def height(self) -> float:
        """Half way from the lowest to the best: non-answers stay below."""
        return self.part(0.5)

    def part(self, share: float) -> float:
        return self.lowest + share * (self.best - self.lowest)


def _reports_of(wanted: Wanted, probes: Sequence[Probe], one: Pass) -> Iterator[Report]:
    return chain.from_iterable(one[probe.name] for probe in probes if probe.wanted is wanted)


def _judge_one(runs: "_Runs", rows: Sequence[Row], bar: _Bar) -> Judged:
    probe, reports = runs.probe, runs.reports
    found = (
        _hang(probe, reports)
        or _loss(probe, reports)
        # What attempts do to each other may well be why a non-answer is rewarded.
        or _leak(runs)
        or _mixture(runs, rows)
        or _wrong_reward(runs, bar)
        or _variation(runs)
    )
    verdict, why = found or (Verdict.SOUND, "")
    return Judged(probe, reports, verdict, why)


Found = tuple[Verdict, str] | None


def _hang(probe: Probe, reports: Sequence[Report]) -> Found:
    for report, failed in _failures(reports):
        if probe.is_hanging(failed):
            return Verdict.HANGS, f"row {report.attempt.row}: {_line(failed)}"
    return None


def _loss(probe: Probe, reports: Sequence[Report]) -> Found:
    for report, failed in _failures(reports):
        if failed.boundary not in probe.may_fail_at:
            said = f"row {report.attempt.row} failed at {failed.boundary.value}: {_line(failed)}"
            is_passing = failed.boundary is Boundary.POLICY
            return Verdict.LOSES, f"{said}, for a moment only: let the workflow ask again" if is_passing else said
    return None


def _wrong_reward(runs: "_Runs", bar: _Bar) -> Found:
    if runs.probe.wanted is Wanted.MOST:
        return _miss(runs, bar)
    is_withdrawn = runs.probe.wanted is Wanted.WITHDRAWN
    if not is_withdrawn and runs.probe.wanted is not Wanted.LITTLE:
        return None
    for report in chain.from_iterable(runs.alone):
        reward = _reward(report.outcome)
        if reward is not None and reward > bar.height:
            earned = f"row {report.attempt.row} earns {reward:g}, where the right answer earns {bar.best:g}"
            return _withdrawn(reward, earned, bar) if is_withdrawn else (Verdict.REWARDS, earned)
    return None


def _miss(runs: "_Runs", bar: _Bar) -> Found:
    """Find a row whose right answer never earned more than the lowest reward, in no pass."""
    for row in zip(*runs.alone, *runs.together, strict=True):
        if all(reward <= bar.lowest for reward in _rewards(row)):
            said = _said(row[0].outcome)
            return Verdict.MISSES, f"row {row[0].attempt.row}: {said} for the right answer, and no other earns less"
    return None


def _withdrawn(reward: float, earned: str, bar: _Bar) -> tuple[Verdict, str]:
    """A grader that reads the first answer has to be known of; one that takes either pays for two guesses."""
    if min(reward, bar.corrected) >= bar.part(_AS_GOOD_AS_RIGHT):
        return Verdict.REWARDS, f"{earned}, and so it does where the right one comes last: a model may make two guesses"
    return Verdict.WITHDRAWN, f"{earned}, although it was taken back and another one given"


@dataclass(frozen=True, slots=True)
class _Runs:
    """What came of one probe, in each pass row by row."""

    probe: Probe
    alone: Sequence[Sequence[Report]]
    together: Sequence[Sequence[Report]]

    @property
    def reports(self) -> list[Report]:
        return [*chain.from_iterable(self.alone), *chain.from_iterable(self.together)]

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


def _span(rewards: Sequence[float]) -> str:
    low, high = min(rewards), max(rewards)
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"


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
