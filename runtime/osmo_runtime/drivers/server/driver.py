"""Runs attempts on a rollout's server, which is lost by its end or by its silence, and started again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from osmo_runtime.drivers.base import Work
from osmo_runtime.drivers.flight import Flight
from osmo_runtime.drivers.owed import Owed, is_worn_out
from osmo_runtime.drivers.server.callback_endpoint import CallbackEndpoint
from osmo_runtime.drivers.server.http import GarbageError, UnreachableError
from osmo_runtime.drivers.server.registry import detect
from osmo_runtime.drivers.server.servers import Running, Server
from osmo_runtime.drivers.server.wire import Order, Result, Wire
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.grading import RewardError
from osmo_runtime.model import Boundary, Failed, Report
from osmo_runtime.worker.attempt import timeout_message

#: Seconds that a lost server's process has to be seen to have ended, which says more.
_GONE_S = 1.0
_SILENT = Failed(
    Boundary.TIMEOUT,
    "twice, its server gave no sign of life in time: look for code that blocks the event loop, "
    "such as time.sleep or a request that is not awaited",
)


class _LostError(Exception):
    """The server is of no use any more: ``failed`` is for the attempt that did it."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message)
        self.failed = failed


class ServerDriver:
    def __init__(
        self,
        plan: RolloutPlan,
        server: Server,
        endpoint: Endpoint,
        *,
        concurrency: int,
        run_name: str,
    ) -> None:
        self._plan = plan
        self._server = server
        self._endpoint = endpoint
        self._concurrency = concurrency
        self._run_name = run_name
        self._owed = Owed()
        self._report: Callable[[Report], None] = lambda _: None
        self._has_loaded = False
        #: Attempts that are over time and may still be at work on the server.
        self._left_behind = 0

    async def run(self, work: Iterable[Work], report: Callable[[Report], None]) -> None:
        """Run all of ``work`` and report each attempt once, in the order they end.

        Raises ``RolloutLoadError`` if no server can be started, and ``InputError`` if there is none at the address
        that was given. If one could be started and a later one cannot, the attempts that are left have failed.
        """
        self._owed, self._report = Owed(work), report
        async with CallbackEndpoint() as callbacks:
            while self._owed:
                try:
                    async with self._spoken_to(callbacks) as (running, wire):
                        await self._serve(running, wire)
                except RolloutLoadError as error:
                    if not self._has_loaded:
                        raise
                    self._give_up(error.failed)

    @asynccontextmanager
    async def _spoken_to(self, callbacks: CallbackEndpoint) -> AsyncIterator[tuple[Running, Wire]]:
        """Yield the server, and what it speaks."""
        async with self._server.running() as running:
            try:
                kind = await detect(running.http)
            except (UnreachableError, GarbageError) as error:
                raise self._server.useless(str(error)) from None
            self._has_loaded = True
            yield running, kind.make(running.http, callbacks)

    def _give_up(self, failed: Failed) -> None:
        for report in self._owed.give_up("its server had to be started again, and cannot be", failed):
            self._report(report)

    async def _serve(self, running: Running, wire: Wire) -> None:
        """Give the server attempts until there are none, or it is lost, or too many are left behind on it."""
        share = min(self._concurrency, running.capacity or self._concurrency)
        flights: dict[asyncio.Task[Result], Flight] = {}
        gone = asyncio.create_task(running.gone())
        self._left_behind = 0
        try:
            while self._fill(running, wire, flights, share):
                await asyncio.wait({gone, *flights}, return_when=asyncio.FIRST_COMPLETED)
                lost = self._take_ended(flights)
                if lost is not None:
                    await asyncio.wait({gone}, timeout=_GONE_S)
                    self._take_ended(flights)
                if gone.done():
                    lost = Failed(Boundary.CRASH, f"twice, the server that ran it {gone.result()}")
                if lost is not None:
                    self._lose(flights, lost)
                    return
        finally:
            await self._end(flights, gone)

    def _fill(self, running: Running, wire: Wire, flights: dict[asyncio.Task[Result], Flight], share: int) -> bool:
        """Start as many attempts as there is room for; return whether any is under way."""
        room = 0 if is_worn_out(self._left_behind, share) else share
        while len(flights) < room:
            work = self._owed.take(flights.values())
            if work is None:
                break
            self._start(running, wire, flights, work)
        return bool(flights)

    def _start(self, running: Running, wire: Wire, flights: dict[asyncio.Task[Result], Flight], work: Work) -> None:
        attempt, row = work
        flight = Flight(attempt, row, self._endpoint.open(attempt, row))
        flights[asyncio.create_task(self._execute(flight, running, wire))] = flight

    async def _execute(self, flight: Flight, running: Running, wire: Wire) -> Result:
        """Have one attempt executed. Raises ``_LostError`` where the server did not survive it."""
        order = self._order(flight)
        try:
            async with asyncio.timeout(order.agent_timeout_s + wire.slack_s) as clock:
                return await wire.execute(replace(order, graded_from_now=partial(_grade, flight, clock, order, wire)))
        except TimeoutError:
            await wire.cancel(order)
            if not await running.is_alive():
                raise _LostError(_SILENT) from None
            self._left_behind += 1
            limit_s = order.agent_timeout_s if flight.phase == "workflow" else order.grader_timeout_s
            return Result(Failed(Boundary.TIMEOUT, timeout_message(flight.phase, limit_s)))
        except RewardError as error:
            return Result(Failed(Boundary.GRADER, str(error)))
        except GarbageError as error:
            return Result(Failed(Boundary.PROTOCOL, f"its server broke the protocol: {error}"))
        except UnreachableError as error:
            if not await running.is_alive():
                raise _LostError(Failed(Boundary.CRASH, f"twice, the server that ran it was lost: {error}")) from None
            return Result(Failed(Boundary.PROTOCOL, f"its server broke the protocol: {error}"))

    def _order(self, flight: Flight) -> Order:
        return Order(
            rollout_id=f"{self._run_name}-{flight.attempt}{self._server.suffix}",
            row=flight.row,
            url=flight.session.base_url,
            token=flight.session.token,
            agent_timeout_s=self._plan.agent_timeout_s,
            grader_timeout_s=self._plan.grader_timeout_s,
        )

    def _take_ended(self, flights: dict[asyncio.Task[Result], Flight]) -> Failed | None:
        """Settle the attempts that have ended; return why the server is lost, if one of them noticed that it is."""
        lost = None
        for task in [task for task in flights if task.done()]:
            try:
                result = task.result()
            except _LostError as error:
                lost = error.failed
            else:
                self._settle(flights.pop(task), result)
        return lost

    def _lose(self, flights: dict[asyncio.Task[Result], Flight], failed: Failed) -> None:
        """Let the attempts of a lost server run once more, alone; ``failed`` is for one that did so already."""
        for flight in flights.values():
            if not self._owed.owe_again(flight.work):
                self._settle(flight, Result(failed))

    async def _end(self, flights: dict[asyncio.Task[Result], Flight], gone: asyncio.Task[str]) -> None:
        for task in (gone, *flights):
            task.cancel()
        await asyncio.gather(gone, *flights, return_exceptions=True)
        for flight in flights.values():
            self._endpoint.close(flight.session)

    def _settle(self, flight: Flight, result: Result) -> None:
        self._endpoint.close(flight.session)
        self._report(flight.report(result.outcome, result.samples))


def _grade(flight: Flight, clock: asyncio.Timeout, order: Order, wire: Wire) -> None:
    """The workflow is done: its grader has a time of its own, from now."""
    flight.phase = "grader"
    clock.reschedule(asyncio.get_running_loop().time() + order.grader_timeout_s + wire.slack_s)
