"""Runs attempts in worker processes, each of which imports the rollout and runs many attempts in one event loop.

A worker that dies, or whose event loop user code blocks, is replaced. One in which much goes on after its attempts'
time, or that has much memory, is given no more attempts, and replaced when its others have ended.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from osmo_runtime import redact
from osmo_runtime.drivers.base import Work
from osmo_runtime.drivers.flight import Flight
from osmo_runtime.drivers.owed import Owed, is_worn_out
from osmo_runtime.drivers.replies import ReplyError, Result, read_result
from osmo_runtime.drivers.worker_memory import WorkerMemory
from osmo_runtime.drivers.worker_process import FOREIGN_LINE, RolloutLoadError, RolloutPlan, WorkerProcess
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.log import Log
from osmo_runtime.memory import machine_mb
from osmo_runtime.model import Boundary, Failed, Outcome, Report, Sample

#: Seconds between looks at what a worker does.
_LOOK_EVERY_S = 0.25
#: Seconds past both timeouts after which a worker that says nothing at all is ended.
_SILENCE_S = 5.0
#: What comes of an attempt whose worker said nothing in all its time, nor when it was run again, alone.
SILENT = Failed(
    Boundary.TIMEOUT,
    "twice, its worker gave no sign of life in time: look for code that never lets go of the interpreter, "
    "such as a regular expression that backtracks without end",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """``concurrency`` is attempts at a time, over all workers; ``load_timeout_s`` is seconds.

    ``worker_mb`` is the memory that each worker may have, as ``WorkerMemory`` takes it.
    """

    concurrency: int
    workers: int
    load_timeout_s: float
    worker_mb: float | None


class InProcessDriver:
    def __init__(
        self,
        plan: RolloutPlan,
        endpoint: Endpoint,
        *,
        limits: Limits,
        folder: Path,
        secrets: redact.Replacer,
        run_name: str,
    ) -> None:
        self._plan = plan
        self._endpoint = endpoint
        self._limits = limits
        self._folder = folder
        self._secrets = secrets
        self._run_name = run_name
        self._memory = WorkerMemory(limits.worker_mb, limits.workers, machine_mb() / 2)
        self._owed = Owed()
        self._report: Callable[[Report], None] = lambda _: None
        self._has_loaded = False
        self._not_loaded: Failed | None = None

    async def run(self, work: Iterable[Work], report: Callable[[Report], None]) -> None:
        """Run all of ``work`` and report each attempt once, in the order they end.

        Raises ``RolloutLoadError`` if no worker can load the rollout. If one could and a later one cannot, because the
        rollout changed something on this machine, the attempts that are left have failed.
        """
        self._owed, self._report = Owed(work), report
        seats = [asyncio.create_task(self._seat(number)) for number in range(self._limits.workers)]
        try:
            await asyncio.gather(*seats)
        finally:
            for seat in seats:
                seat.cancel()
            await asyncio.gather(*seats, return_exceptions=True)
        if self._not_loaded is not None:
            self._give_up(self._not_loaded)

    async def _seat(self, number: int) -> None:
        """Keep one worker at work, and replace it as long as there is any."""
        log = Log(self._folder / "logs" / f"worker-{number}.log", self._secrets)
        while self._owed:
            async with WorkerProcess(self._plan, log) as worker:
                loaded = await worker.load(self._limits.load_timeout_s)
                if isinstance(loaded, Failed):
                    self._not_loaded = redact.in_failed(loaded, self._secrets)
                    return
                self._has_loaded = True
                share = self._share(number, loaded.max_concurrent)
                if share == 0:
                    return
                with self._memory.watched(worker, loaded.memory_mb):
                    await self._serve(worker, share)

    def _give_up(self, failed: Failed) -> None:
        if not self._has_loaded:
            raise RolloutLoadError(failed)
        why = "its worker had to be replaced, and the rollout cannot be loaded any more"
        for report in self._owed.give_up(why, failed):
            self._report(report)

    def _share(self, number: int, own_limit: int | None) -> int:
        """Return how many attempts at a time are this seat's, under the rollout's own limit as well."""
        total = min(self._limits.concurrency, own_limit or self._limits.concurrency)
        return total // self._limits.workers + (number < total % self._limits.workers)

    async def _serve(self, worker: WorkerProcess, share: int) -> None:
        """Give the worker attempts until there are none, or it is no use any more."""
        flights: dict[int, Flight] = {}
        watch = asyncio.create_task(self._watch(worker, flights))
        try:
            while self._fill(worker, flights, share):
                if not await self._hear(worker, flights, watch):
                    return
        finally:
            watch.cancel()
            for flight in flights.values():
                self._endpoint.close(flight.session)

    def _fill(self, worker: WorkerProcess, flights: dict[int, Flight], share: int) -> bool:
        """Start as many attempts as there is room for; return whether any is under way."""
        room = 0 if worker.is_spent or is_worn_out(worker.left_behind, share) else share
        while len(flights) < room:
            work = self._owed.take(flights.values())
            if work is None:
                break
            self._start(worker, flights, work)
        return bool(flights)

    def _start(self, worker: WorkerProcess, flights: dict[int, Flight], work: Work) -> None:
        attempt, row = work
        session = self._endpoint.open(attempt, row)
        number = worker.given
        worker.given += 1
        flights[number] = Flight(attempt, row, session)
        worker.send(
            {
                "id": number,
                "rollout_id": f"{self._run_name}-{attempt}",
                "prompt": row.messages,
                "label": row.label,
                "metadata": row.metadata,
                "url": session.base_url,
                "token": session.token,
                "workflow_timeout_s": self._plan.agent_timeout_s,
                "grader_timeout_s": self._plan.grader_timeout_s,
                "artifacts_dir": str(self._folder / "artifacts" / str(attempt)),
            }
        )

    async def _hear(self, worker: WorkerProcess, flights: dict[int, Flight], watch: asyncio.Task[Failed]) -> bool:
        """Wait for the worker's next line and settle what it is about; return whether the worker can go on."""
        try:
            line = await worker.receive()
            if line:
                result = read_result(line)
                return self._handle(worker, result, flights)
            how = f"twice, the process that ran it {await worker.ended()}"
            failed = watch.result() if watch.done() else Failed(Boundary.CRASH, how)
        except ReplyError:
            failed = Failed(Boundary.PROTOCOL, f"twice, {FOREIGN_LINE}")
        self._worker_died(flights, failed)
        return False

    def _handle(self, worker: WorkerProcess, result: Result, flights: dict[int, Flight]) -> bool:
        """Settle the attempt, unless it was before: what goes on after it can still block the worker."""
        if not 0 <= result.number < worker.given:
            return True
        worker.left_behind = result.left_behind
        worker.is_spent = worker.is_spent or result.memory_mb > worker.enough_mb
        flight = flights.pop(result.number, None)
        if flight is not None:
            self._settle(flight, result.outcome, result.samples)
        if result.stuck:
            self._owed.give_back([other.work for other in flights.values()])
        return not result.stuck

    def _worker_died(self, flights: dict[int, Flight], failed: Failed) -> None:
        """Let the worker's attempts run once more, alone; ``failed`` is for one that did so already."""
        for flight in flights.values():
            if not self._owed.owe_again(flight.work):
                self._settle(flight, failed)

    async def _watch(self, worker: WorkerProcess, flights: dict[int, Flight]) -> Failed:
        """End a worker that has far too much memory, or is over time and does not even say so; return which it was."""
        over_s = self._plan.agent_timeout_s + self._plan.grader_timeout_s + _SILENCE_S
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            too_much = self._memory.look(worker)
            if too_much:
                worker.kill()
                return Failed(Boundary.CRASH, f"twice, {too_much}")
            if any(time.monotonic() - flight.started > over_s for flight in flights.values()):
                worker.kill()
                return SILENT

    def _settle(self, flight: Flight, outcome: Outcome, samples: tuple[Sample, ...] = ()) -> None:
        self._endpoint.close(flight.session)
        self._report(flight.report(outcome, samples))
