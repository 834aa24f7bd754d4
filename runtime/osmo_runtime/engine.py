"""The batch engine: owed are all attempts less the journal's; however it stops, nothing counted is lost."""

import asyncio
import errno
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osmo_checks.errors import InputError
from osmo_runtime import inputs, journal, policies, redact, times
from osmo_runtime.drivers.base import Driver, Work
from osmo_runtime.drivers.inprocess import InProcessDriver, Limits
from osmo_runtime.drivers.worker_process import RolloutLoadError, RolloutPlan
from osmo_runtime.endpoint import Endpoint
from osmo_runtime.journal import Entry
from osmo_runtime.log import Log
from osmo_runtime.metrics import Totals
from osmo_runtime.model import Attempt, Failed, Row
from osmo_runtime.orphans import adopted
from osmo_runtime.recorder import Recorder
from osmo_runtime.results import RUNS, RunFolder, opened
from osmo_runtime.rows import PackedRows
from osmo_runtime.times import Times
from osmo_runtime.write_errors import in_a_sentence

if TYPE_CHECKING:
    from osmo_runtime.drivers.server.plan import ServerPlan

#: Attempts that one worker should have before a second is worth its start.
_ATTEMPTS_PER_WORKER = 32
DEFAULT_CONCURRENCY = 32
#: Errors of a machine that has no more files, processes or memory to give.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM}


@dataclass(frozen=True, slots=True)
class RunPlan:
    """All that a run is. ``dataset`` is how results name it; ``inputs`` is what resuming compares.

    ``policy_from`` names the file that chose the policy, where nobody did on the command line. ``fault`` is what goes
    wrong in front of the policy, and ``secrets`` are values that are written nowhere, whatever their names. ``fresh``
    puts an earlier run of the name aside, ``retry_failed`` owes its failed attempts again. A worker is replaced once it
    has had more than ``worker_mb`` of memory, by default its share of half the machine's. Without a ``server``,
    attempts run in workers. Attempts begin at the row ``first_row``, and those before it come last. After ``time_s``
    seconds, what is not counted by then is given up.
    """

    name: str
    workspace: Path
    rollout: RolloutPlan
    rows: Sequence[Row]
    repeats: int
    dataset: str
    policy: str
    seed: int
    pass_threshold: float
    load_timeout_s: float
    cores: int
    inputs: Mapping[str, Any]
    concurrency: int | None = None
    policy_from: str = ""
    fault: str = ""
    workers: int | None = None
    worker_mb: float | None = None
    fresh: bool = False
    retry_failed: bool = False
    first_row: int = 0
    server: "ServerPlan | None" = None
    time_s: float | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class OutOfTimeError(Exception):
    """The plan's time is over; what counted by then is in the journal."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run. ``fresh`` attempts were run now, in ``duration_s``; the others were in the journal already.

    ``policy`` is the plan's as it may be shown, without secrets; ``failures`` are those of ``metrics.Totals``.
    """

    folder: Path
    policy: str
    summary: Mapping[str, Any]
    failures: Mapping[str, Mapping[str, Any]]
    fresh: int
    duration_s: float


@dataclass(slots=True)
class Tally:
    """How many attempts count so far, and how many of those failed."""

    counted: int = 0
    failed: int = 0

    def add(self, entry: Entry) -> None:
        self.counted += 1
        self.failed += isinstance(entry.outcome, Failed)


#: Called with what counts so far, and the number of all attempts.
Progress = Callable[[Tally, int], None]


def run(
    plan: RunPlan,
    environment: Mapping[str, str],
    progress: Progress,
    in_front: Callable[[policies.Policy], policies.Policy] | None = None,
) -> RunResult:
    """Run what is owed and write the results. ``in_front`` puts something in front of the policy.

    Raises ``InputError`` for a rollout that cannot be loaded or a folder that cannot be written, ``UsageError`` for a
    policy or a run name that cannot be used, ``OutOfTimeError`` when the plan's time is over, and ``KeyboardInterrupt``
    for Ctrl-C, when all that counted is in the journal.
    """
    policy = policies.parse(plan.policy, plan.fault)
    policy = in_front(policy) if in_front else policy
    secrets = redact.secrets_of({**environment, **plan.rollout.env}, plan.secrets)
    plan = replace(plan, policy=secrets(plan.policy), inputs=redact.in_values(dict(plan.inputs), secrets))
    with _said_as_sentences(plan), opened(plan.workspace, plan.name, fresh=plan.fresh) as folder:
        tally = Tally()
        with in_a_sentence(plan.name):
            before = _taken_up(plan, folder, tally)
        started = time.monotonic()
        total = len(plan.rows) * plan.repeats
        progress(tally, total)
        if len(before) < total:
            setting = _setting(plan, environment, Log(folder.logs / "policy.log", secrets))
            batch = _Batch(plan, folder, policy, setting, secrets, tally, lambda: progress(tally, total))
            asyncio.run(batch.run(before))
        duration = time.monotonic() - started
        if tally.counted != total:
            raise AssertionError(f"{total} attempts were owed, {tally.counted} were counted")
        with in_a_sentence(plan.name):
            totals = _results(plan, folder, before)
        fresh = total - len(before)
        return RunResult(folder.path, plan.policy, totals.summary(), totals.failures, fresh, duration)


def _taken_up(plan: RunPlan, folder: RunFolder, tally: Tally) -> set[Attempt]:
    """Begin or resume a run: return the attempts that count already."""
    inputs.write_or_compare(folder.inputs, plan.name, plan.inputs)
    if plan.retry_failed:
        folder.owe_again(lambda entry: isinstance(entry.outcome, Failed))
    return _counted_before(folder, tally)


def _results(plan: RunPlan, folder: RunFolder, before: Collection[Attempt]) -> Totals:
    """Write the numbers of a run whose attempts all count, unless they are there as they would be written."""
    totals = folder.written_totals(plan.pass_threshold)
    if totals is None:
        journal.rewrite_in_order(folder.journal)
        totals = folder.write_metrics(_about(plan, times.read(folder.times)), plan.pass_threshold, before)
    return totals


def _counted_before(folder: RunFolder, tally: Tally) -> set[Attempt]:
    """Count what an earlier run of the name left in the journal, and return the attempts."""
    found = set()
    for entry in journal.entries(folder.journal):
        tally.add(entry)
        found.add(entry.attempt)
    return found


def _owed(plan: RunPlan, counted: Collection[Attempt]) -> Iterator[Work]:
    before = (row for row in plan.rows if row.number < plan.first_row)
    rows = chain((row for row in plan.rows if row.number >= plan.first_row), before)
    attempts = ((Attempt(row.number, repeat), row) for row in rows for repeat in range(plan.repeats))
    return (work for work in attempts if work[0] not in counted)


def _setting(plan: RunPlan, environment: Mapping[str, str], log: Log) -> policies.Setting:
    labels = (label for row in plan.rows if (label := row.label) is not None)
    return policies.Setting(labels, {**environment, **plan.secrets}, log.redact, log)


@contextmanager
def _said_as_sentences(plan: RunPlan) -> Iterator[None]:
    rollout = plan.rollout
    try:
        yield
    except RolloutLoadError as error:
        printed = RunFolder(plan.workspace / RUNS / plan.name).logs
        where = f"; what it printed is in {RUNS}/{plan.name}/logs" if printed.exists() else ""
        message = str(error).rstrip(".")
        raise InputError(f"rollouts/{rollout.name}/{rollout.entrypoint} cannot be loaded: {message}{where}.") from None
    except OSError as error:
        if error.errno not in _EXHAUSTED:
            raise
        raise InputError(
            f"The run {plan.name} stopped, for the machine gave it no more ({error.strerror}): "
            f"lower --concurrency or --workers; the same command with `--name {plan.name}` goes on."
        ) from error


@dataclass(frozen=True, slots=True)
class _Batch:
    """One invocation's share of a run."""

    plan: RunPlan
    folder: RunFolder
    policy: policies.Policy
    setting: policies.Setting
    secrets: redact.Replacer
    tally: Tally
    progressed: Callable[[], None]

    async def run(self, before: Collection[Attempt]) -> None:
        """Run all attempts but those that counted ``before``."""
        rows = PackedRows.of(self.plan.rows)
        owed = _owed(self.plan, before)
        count_owed = len(rows) * self.plan.repeats - len(before)

        def count(entry: Entry) -> None:
            self.tally.add(entry)
            self.progressed()

        with (
            times.measured(self.folder.times, self.folder.journal),
            Recorder(self.folder, row=rows.numbered, secrets=self.secrets, counted=count) as recorder,
        ):
            async with adopted(), self._policy_in_use():
                try:
                    await self._drive(owed, self._limits(count_owed), recorder)
                finally:
                    await recorder.write()
                    self.folder.drop_empty_artifacts()

    @asynccontextmanager
    async def _policy_in_use(self) -> AsyncIterator[None]:
        try:
            if isinstance(self.policy, policies.Prepared):
                self.policy.prepare(self.setting)
            yield
        finally:
            if isinstance(self.policy, policies.Closable):
                await self.policy.close()

    async def _drive(self, owed: Iterable[Work], limits: Limits, recorder: Recorder) -> None:
        """Run the driver and the recorder side by side, until the driver is done, either fails or time is over."""
        async with Endpoint(self.policy, self.plan.seed) as endpoint:
            driver = self._driver(endpoint, limits)
            driving = asyncio.create_task(driver.run(owed, recorder.add))
            writing = asyncio.create_task(recorder.keep_writing())
            try:
                wait = asyncio.wait({driving, writing}, timeout=self.plan.time_s, return_when=asyncio.FIRST_COMPLETED)
                done, _ = await wait
            finally:
                driving.cancel()
                writing.cancel()
                ended = await asyncio.gather(driving, writing, return_exceptions=True)
        for result in ended:
            if isinstance(result, Exception):
                raise result
        if not done:
            raise OutOfTimeError

    def _driver(self, endpoint: Endpoint, limits: Limits) -> Driver:
        make = InProcessDriver if self.plan.server is None else self.plan.server.driver
        return make(
            self.plan.rollout,
            endpoint,
            limits=limits,
            folder=self.folder.path,
            secrets=self.secrets,
            run_name=self.plan.name,
        )

    def _limits(self, attempts: int) -> Limits:
        worth_it = min(self.plan.cores, -(-attempts // _ATTEMPTS_PER_WORKER))
        workers = self.plan.workers or max(1, worth_it)
        concurrency = max(self.plan.concurrency or DEFAULT_CONCURRENCY, self.plan.workers or 1)
        workers = min(workers, concurrency, attempts)
        return Limits(concurrency, workers, self.plan.load_timeout_s, self.plan.worker_mb)


def _about(plan: RunPlan, found: Times) -> dict[str, Any]:
    return {
        "status": "finished",
        "dataset_name": plan.dataset,
        "model_name": f"policy:{plan.policy}",
        "rollout_name": plan.rollout.name,
        "started_at": found.started_at,
        "duration_ms": found.duration_ms,
        "completed_at": datetime.now(UTC).isoformat(),
    }
