"""Runs probes: twice one attempt at a time, then all at once and the other way round, then the faults.

Each pass has a worker process of its own. Where two did the same in the same order and came to different results,
something is not deterministic; a third, in another order and all at once, shows what attempts do to each other. Chance
does both now and then, and a busy machine makes attempts late: what looks like a leak or a hang is run again, alone.
A probe that hangs is left out of what follows: each of its attempts would take all the time it may.
"""

import asyncio
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from osmo_runtime import redact
from osmo_runtime.drivers.base import Work
from osmo_runtime.drivers.inprocess import InProcessDriver, Limits
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.model import Attempt, Boundary, Outcome, Report, Row
from osmo_runtime.orphans import adopted
from osmo_runtime.policies import ChatReply, ChatRequest
from osmo_runtime.policies.base import fraction
from osmo_runtime.probe.probes import Probe, is_sure

#: Attempts at a time in the passes that run many.
_AT_ONCE = 16
#: Seconds: the longest that an answer is held back, so that attempts overlap.
_HELD_BACK_S = 0.1
#: How often at most attempts are run once more, alone and all at once by turns, where they seem to change each other.
#: Where chance decides, in each pass with a probability of its choice, all of them agree once in 7,000 times at most.
_REPEATS = 5

#: What came of each probe, row by row; of one that hangs, some rows may be missing.
Pass: TypeAlias = Mapping[str, Sequence[Report]]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where probes are run. ``folder`` is for what the rollout writes and prints, and may be thrown away after it."""

    plan: RolloutPlan
    rows: Sequence[Row]
    folder: Path
    secrets: redact.Replacer
    load_timeout_s: float


@dataclass(frozen=True, slots=True)
class Passes:
    """``alone`` ran alike, twice at least; ``together`` ran what they did, at once. Faults have ``alone`` only.

    What hangs is only in the passes up to the one that found it.
    """

    alone: Sequence[Pass]
    together: Sequence[Pass]

    def hung(self, probes: Iterable[Probe]) -> frozenset[str]:
        """Return the names of ``probes`` that took too long in any pass."""
        return frozenset(probe.name for probe in probes if any(map(probe.is_hanging, self._outcomes(probe.name))))

    def _outcomes(self, name: str) -> Iterator[Outcome]:
        return (report.outcome for one in (*self.alone, *self.together) for report in one.get(name, ()))


#: Tells whether attempts seem to have changed each other.
Suspicion: TypeAlias = Callable[[Passes], bool]


async def run_passes(
    bench: Bench,
    answers: Sequence[Probe],
    faults: Sequence[Probe],
    is_suspicious: Suspicion,
    progress: Callable[[str], None],
) -> Passes:
    """Run all probes. Raises ``RolloutLoadError`` where the rollout cannot be loaded.

    What the rollout started and left behind is ended with the last pass.
    """
    async with adopted():
        progress("answers, one at a time")
        first = await _pass(bench, answers, at_once=1)
        # An attempt that waits in vain may hold a thread that others need: those that may are kept apart, beside them.
        waiting = [probe for probe in faults if Boundary.TIMEOUT in probe.may_fail_at]
        others = [probe for probe in faults if probe not in waiting]
        (passes, spoiled), silent = await asyncio.gather(
            _more_passes(bench, answers, others, first, progress), _pass(bench, [*waiting, *waiting], at_once=_AT_ONCE)
        )
        passes = await _repeated(bench, answers, passes, is_suspicious, progress)
    struck, half = {**spoiled, **silent}, len(bench.rows)
    once = {name: reports[:half] for name, reports in struck.items()}
    twice = {name: reports[half:] for name, reports in struck.items()}
    return Passes([{**passes.alone[0], **once}, {**passes.alone[1], **twice}, *passes.alone[2:]], passes.together)


async def _more_passes(
    bench: Bench, answers: Sequence[Probe], faults: Sequence[Probe], first: Pass, progress: Callable[[str], None]
) -> tuple[Passes, Pass]:
    progress("answers, once more")
    passes = await _with_more(Passes([first], []), bench, answers, are_together=False)
    progress("answers, all at once")
    passes = await _with_more(passes, bench, answers, are_together=True)
    progress("faults")
    return passes, await _pass(bench, [*faults, *faults], at_once=_AT_ONCE)


async def _repeated(
    bench: Bench,
    answers: Sequence[Probe],
    passes: Passes,
    is_suspicious: Suspicion,
    progress: Callable[[str], None],
) -> Passes:
    for _ in range(_REPEATS):
        if not is_suspicious(passes):
            break
        progress("answers, again and again, because they came to other results beside each other")
        passes = await _with_more(passes, bench, answers, are_together=False)
        passes = await _with_more(passes, bench, answers, are_together=True)
    return passes


async def _with_more(passes: Passes, bench: Bench, answers: Sequence[Probe], *, are_together: bool) -> Passes:
    """Return ``passes`` and one more, of the probes that did not hang so far."""
    hung = passes.hung(answers)
    if are_together:
        more = await _pass(bench, answers, at_once=_AT_ONCE, is_mixed=True, without=hung)
        return Passes(passes.alone, [*passes.together, more])
    return Passes([*passes.alone, await _pass(bench, answers, at_once=1, without=hung)], passes.together)


async def _pass(
    bench: Bench,
    probes: Sequence[Probe],
    *,
    at_once: int,
    is_mixed: bool = False,
    without: Collection[str] = (),
) -> Pass:
    """Run every probe on every row; the repeat of an attempt is the place of its probe.

    ``is_mixed`` is another order, in which answers are held back, so that attempts overlap.
    """
    places = [place for place, probe in enumerate(probes) if probe.name not in without]
    work = [(Attempt(row.number, place), row) for place in places for row in bench.rows]
    trial = _Trial(bench, probes)
    if at_once == 1:
        await trial.run_alone(work)
    else:
        held_back_s = _HELD_BACK_S if is_mixed else 0.0
        await trial.run(work[::-1] if is_mixed else work, at_once, held_back_s)
    await trial.confirm(work)
    found: dict[str, list[Report]] = {}
    for attempt, _ in work:
        if attempt in trial.reports:
            found.setdefault(probes[attempt.repeat].name, []).append(trial.reports[attempt])
    return found


class _Trial:
    """Runs attempts of ``probes``; ``reports`` has the last one of each."""

    def __init__(self, bench: Bench, probes: Sequence[Probe]) -> None:
        self._bench = bench
        self._probes = probes
        self.reports: dict[Attempt, Report] = {}

    async def run(self, work: Iterable[Work], at_once: int, held_back_s: float = 0.0) -> None:
        bench = self._bench
        (bench.folder / "logs").mkdir(exist_ok=True)
        async with Endpoint(_Probing(self._probes, held_back_s)) as endpoint:
            limits = Limits(at_once, 1, bench.load_timeout_s, math.inf)
            driver = InProcessDriver(
                bench.plan, endpoint, limits=limits, folder=bench.folder, secrets=bench.secrets, run_name="probe"
            )
            await driver.run(work, self._note)

    def _note(self, report: Report) -> None:
        self.reports[report.attempt] = redact.in_report(report, self._bench.secrets)

    async def run_alone(self, work: Iterable[Work]) -> None:
        """Run one attempt at a time, row by row, and none of a probe that hung in an earlier row."""
        by_row = sorted(work, key=lambda one: one[0])
        await self.run((one for one in by_row if not self._has_hung(one[0].repeat)), 1)

    async def confirm(self, work: Sequence[Work]) -> None:
        """Run once more, alone, what hung: the time that others took counts against an attempt.

        One attempt of each probe shows whether it hangs by itself; the others are run where it does not.
        """
        unsettled = [one for one in work if one[0] not in self.reports or self._is_hanging(one[0])]
        doubtful = [one for one in unsettled if one[0] in self.reports and not is_sure(self.reports[one[0]].outcome)]
        samples = {attempt.repeat: (attempt, row) for attempt, row in reversed(doubtful)}
        await self.run(samples.values(), 1)
        innocent = {place for place, (attempt, _) in samples.items() if not self._is_hanging(attempt)}
        rest = [one for one in unsettled if one[0].repeat in innocent and one not in samples.values()]
        for attempt, _ in rest:
            self.reports.pop(attempt, None)
        await self.run_alone(rest)

    def _has_hung(self, place: int) -> bool:
        return any(attempt.repeat == place and self._is_hanging(attempt) for attempt in self.reports)

    def _is_hanging(self, attempt: Attempt) -> bool:
        return self._probes[attempt.repeat].is_hanging(self.reports[attempt].outcome)


class _Probing:
    """Answers each attempt with the policy of its probe."""

    def __init__(self, probes: Sequence[Probe], held_back_s: float) -> None:
        self._probes = probes
        self._held_back_s = held_back_s

    async def answer(self, request: ChatRequest) -> ChatReply:
        await asyncio.sleep(self._held_back_s * fraction(request.seed, "held back"))
        return await self._probes[request.attempt.repeat].policy.answer(request)
