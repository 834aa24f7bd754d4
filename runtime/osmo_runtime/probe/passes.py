"""Runs probes: twice one attempt at a time, then all at once and the other way round, then the faults.

Each pass has a worker process of its own. Where two did the same in the same order and came to different results,
something is not deterministic; a third, in another order and all at once, shows what attempts do to each other. Chance
does both now and then, so that what looks like it is run again; and so, alone, is what took too long beside others.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from osmo_runtime import redact
from osmo_runtime.drivers.base import Work
from osmo_runtime.drivers.inprocess import InProcessDriver, Limits
from osmo_runtime.drivers.worker_process import RolloutPlan
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.model import Attempt, Boundary, Report, Row
from osmo_runtime.policies import ChatReply, ChatRequest
from osmo_runtime.policies.base import fraction
from osmo_runtime.probe.probes import Probe

#: Attempts at a time in the passes that run many.
_AT_ONCE = 16
#: Seconds: the longest that an answer is held back, so that attempts overlap.
_HELD_BACK_S = 0.1
#: How often attempts are run once more, alone and all at once by turns, where they seem to change each other.
_REPEATS = 3

#: What came of each probe, row by row.
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
    """``alone`` ran alike, twice at least; ``together`` ran what they did, at once. Faults have ``alone`` only."""

    alone: Sequence[Pass]
    together: Sequence[Pass]


#: Tells whether attempts seem to have changed each other.
Suspicion: TypeAlias = Callable[[Passes], bool]


async def run_passes(
    bench: Bench,
    answers: Sequence[Probe],
    faults: Sequence[Probe],
    is_suspicious: Suspicion,
    progress: Callable[[str], None],
) -> Passes:
    """Run all probes. Raises ``RolloutLoadError`` where the rollout cannot be loaded."""
    progress("answers, one at a time")
    first = await _pass(bench, answers, at_once=1)
    # An attempt that waits in vain may hold a thread that others need: those that may are kept apart, and wait beside.
    waiting = [probe for probe in faults if Boundary.TIMEOUT in probe.may_fail_at]
    others = [probe for probe in faults if probe not in waiting]
    (passes, spoiled), silent = await asyncio.gather(
        _more_passes(bench, answers, others, first, progress), _pass(bench, [*waiting, *waiting], at_once=_AT_ONCE)
    )
    if is_suspicious(passes):
        passes = await _repeated(bench, answers, passes, progress)
    struck, half = {**spoiled, **silent}, len(bench.rows)
    once = {name: reports[:half] for name, reports in struck.items()}
    twice = {name: reports[half:] for name, reports in struck.items()}
    return Passes([{**passes.alone[0], **once}, {**passes.alone[1], **twice}, *passes.alone[2:]], passes.together)


async def _more_passes(
    bench: Bench, answers: Sequence[Probe], faults: Sequence[Probe], first: Pass, progress: Callable[[str], None]
) -> tuple[Passes, Pass]:
    progress("answers, once more")
    again = await _pass(bench, answers, at_once=1)
    progress("answers, all at once")
    together = await _pass(bench, answers, at_once=_AT_ONCE, backwards=True)
    progress("faults")
    return Passes([first, again], [together]), await _pass(bench, [*faults, *faults], at_once=_AT_ONCE)


async def _repeated(bench: Bench, answers: Sequence[Probe], passes: Passes, progress: Callable[[str], None]) -> Passes:
    alone, together = [*passes.alone], [*passes.together]
    for _ in range(_REPEATS):
        progress("answers, again and again, because they came to other results beside each other")
        alone.append(await _pass(bench, answers, at_once=1))
        together.append(await _pass(bench, answers, at_once=_AT_ONCE, backwards=True))
    return Passes(alone, together)


async def _pass(bench: Bench, probes: Sequence[Probe], *, at_once: int, backwards: bool = False) -> Pass:
    """Run every probe on every row; the repeat of an attempt is the place of its probe."""
    work = [(Attempt(row.number, place), row) for place in range(len(probes)) for row in bench.rows]
    policy = _Probing(probes, held_back_s=_HELD_BACK_S if backwards else 0.0)
    reports = await _run(bench, policy, reversed(work) if backwards else work, at_once)
    if at_once > 1:
        reports |= await _tried_alone(bench, probes, work, reports)
    found: dict[str, list[Report]] = {}
    for attempt, _ in work:
        found.setdefault(probes[attempt.repeat].name, []).append(reports[attempt])
    return found


async def _tried_alone(
    bench: Bench, probes: Sequence[Probe], work: Sequence[Work], reports: Mapping[Attempt, Report]
) -> dict[Attempt, Report]:
    """Run once more, one at a time, what hung: the time that others took counts against an attempt beside them.

    One attempt of each probe shows whether it hangs by itself; the others are run where it does not.
    """
    policy = _Probing(probes, held_back_s=0.0)

    def is_hanging(report: Report) -> bool:
        return probes[report.attempt.repeat].is_hanging(report.outcome)

    hung = [one for one in work if is_hanging(reports[one[0]])]
    samples = {attempt.repeat: (attempt, row) for attempt, row in reversed(hung)}
    tried = await _run(bench, policy, samples.values(), 1)
    innocent = {attempt.repeat for attempt, report in tried.items() if not is_hanging(report)}
    rest = [one for one in hung if one[0].repeat in innocent and one[0] not in tried]
    return tried | await _run(bench, policy, rest, 1)


async def _run(bench: Bench, policy: "_Probing", work: Iterable[Work], at_once: int) -> dict[Attempt, Report]:
    reports: dict[Attempt, Report] = {}

    def note(report: Report) -> None:
        reports[report.attempt] = redact.in_report(report, bench.secrets)

    (bench.folder / "logs").mkdir(exist_ok=True)
    async with Endpoint(policy) as endpoint:
        limits = Limits(at_once, 1, bench.load_timeout_s, math.inf)
        driver = InProcessDriver(
            bench.plan, endpoint, limits=limits, folder=bench.folder, secrets=bench.secrets, run_name="probe"
        )
        await driver.run(work, note)
    return reports


class _Probing:
    """Answers each attempt with the policy of its probe."""

    def __init__(self, probes: Sequence[Probe], held_back_s: float) -> None:
        self._probes = probes
        self._held_back_s = held_back_s

    async def answer(self, request: ChatRequest) -> ChatReply:
        await asyncio.sleep(self._held_back_s * fraction(request.seed, "held back"))
        return await self._probes[request.attempt.repeat].policy.answer(request)
