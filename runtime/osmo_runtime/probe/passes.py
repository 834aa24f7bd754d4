"""Runs probes: twice one attempt at a time, then all at once and the other way round, then the faults.

Each pass has a worker process of its own. Where two did the same in the same order and came to different results,
something is not deterministic; a third, in another order and all at once, shows what attempts do to each other.
"""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from osmo_runtime import redact
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
    """``first`` and ``again`` ran alike; ``together`` ran what they did, at once. Faults have the first two only."""

    first: Pass
    again: Pass
    together: Pass


async def run_passes(
    bench: Bench, answers: Sequence[Probe], faults: Sequence[Probe], progress: Callable[[str], None]
) -> Passes:
    """Run all probes. Raises ``RolloutLoadError`` where the rollout cannot be loaded."""
    progress("answers, one at a time")
    first = await _pass(bench, answers, at_once=1)
    # An attempt that waits in vain may hold a thread that others need: those that may are kept apart, and wait beside.
    waiting = [probe for probe in faults if Boundary.TIMEOUT in probe.may_fail_at]
    others = [probe for probe in faults if probe not in waiting]
    (again, together, spoiled), silent = await asyncio.gather(
        _more_passes(bench, answers, others, progress), _pass(bench, [*waiting, *waiting], at_once=_AT_ONCE)
    )
    struck, half = {**spoiled, **silent}, len(bench.rows)
    return Passes(
        {**first, **{name: reports[:half] for name, reports in struck.items()}},
        {**again, **{name: reports[half:] for name, reports in struck.items()}},
        together,
    )


async def _more_passes(
    bench: Bench, answers: Sequence[Probe], faults: Sequence[Probe], progress: Callable[[str], None]
) -> tuple[Pass, Pass, Pass]:
    progress("answers, once more")
    again = await _pass(bench, answers, at_once=1)
    progress("answers, all at once")
    together = await _pass(bench, answers, at_once=_AT_ONCE, backwards=True)
    progress("faults")
    return again, together, await _pass(bench, [*faults, *faults], at_once=_AT_ONCE)


async def _pass(bench: Bench, probes: Sequence[Probe], *, at_once: int, backwards: bool = False) -> Pass:
    """Run every probe on every row; the repeat of an attempt is the place of its probe."""
    work = [(Attempt(row.number, place), row) for place in range(len(probes)) for row in bench.rows]
    policy = _Probing(probes, held_back_s=_HELD_BACK_S if backwards else 0.0)
    reports: dict[Attempt, Report] = {}

    def note(report: Report) -> None:
        reports[report.attempt] = redact.in_report(report, bench.secrets)

    (bench.folder / "logs").mkdir(exist_ok=True)
    async with Endpoint(policy) as endpoint:
        limits = Limits(at_once, 1, bench.load_timeout_s, math.inf)
        driver = InProcessDriver(
            bench.plan, endpoint, limits=limits, folder=bench.folder, secrets=bench.secrets, run_name="probe"
        )
        await driver.run(reversed(work) if backwards else work, note)
    found: dict[str, list[Report]] = {}
    for attempt, _ in work:
        found.setdefault(probes[attempt.repeat].name, []).append(reports[attempt])
    return found


class _Probing:
    """Answers each attempt with the policy of its probe."""

    def __init__(self, probes: Sequence[Probe], held_back_s: float) -> None:
        self._probes = probes
        self._held_back_s = held_back_s

    async def answer(self, request: ChatRequest) -> ChatReply:
        await asyncio.sleep(self._held_back_s * fraction(request.seed, "held back"))
        return await self._probes[request.attempt.repeat].policy.answer(request)
