"""One attempt inside the worker: workflow, then grader, each within its time, whatever the user's code does."""

import asyncio
import copy
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from osmo_runtime.grading import NO_LABEL
from osmo_runtime.worker.artifacts import make_artifacts_folder
from osmo_runtime.worker.contract import Contract
from osmo_runtime.worker.failures import PhaseError, failure
from osmo_runtime.worker.loader import Rollout
from osmo_runtime.worker.threads import OwnThreads

#: Seconds a cancelled phase has to end before it is left behind.
GRACE_S = 2.0
_WENT_ON = " and went on when it was cancelled: let asyncio.CancelledError through"


@dataclass(slots=True)
class Phase:
    """What an attempt is doing now; the watchdog reads it. ``deadline`` is on the monotonic clock.

    It ``left_behind`` tasks or threads if some go on after its time, and after its workflow or grader was cancelled.
    """

    attempt: int
    name: str = "workflow"
    limit_s: float = 0.0
    deadline: float = math.inf
    threads: OwnThreads = field(default_factory=OwnThreads)
    left_behind: bool = False
    has_ended: bool = False


class PhaseTimeoutError(PhaseError):
    pass


#: Returns the tasks of an attempt that have not ended.
TasksOf = Callable[[Phase], set[asyncio.Task[Any]]]


class AttemptRunner:
    """Runs attempts of one rollout; an instance serves them all."""

    def __init__(self, rollout: Rollout, contract: Contract, tasks_of: TasksOf) -> None:
        self._rollout = rollout
        self._contract = contract
        self._tasks_of = tasks_of

    async def run(self, order: dict[str, Any], phase: Phase) -> dict[str, Any]:
        """Return ``{outcome…, samples}`` for an order; never raises for anything that user code does."""
        phase.threads.serve()
        samples: list[Any] = []
        artifacts = make_artifacts_folder(Path(order["artifacts_dir"]))
        try:
            samples = await self._timed(phase, "workflow", order, lambda: self._workflow(order, artifacts))
            samples = await self._timed(phase, "grader", order, lambda: self._grader(order, samples, artifacts))
            reward = self._contract.mean_reward(samples)
            outcome: dict[str, Any] = {"reward": reward}
        except PhaseTimeoutError as error:
            outcome = {"failed": failure("timeout", error, self._rollout.folder)}
        except BaseException as error:  # noqa: BLE001 - user code may raise anything, sys.exit included
            outcome = {"failed": failure(phase.name, error, self._rollout.folder)}
        return {**outcome, "samples": [self._contract.sample_json(sample) for sample in samples]}

    async def _workflow(self, order: dict[str, Any], artifacts: Path | None) -> list[Any]:
        config = copy.deepcopy(self._rollout.workflow_config)
        context = self._contract.workflow_context(order, config, artifacts)
        with self._contract.rollout_context(order) as ambient:
            output = await self._rollout.workflow_cls(config).run(context)
            return await self._contract.samples(output, ambient, order["label"])

    async def _grader(self, order: dict[str, Any], samples: list[Any], artifacts: Path | None) -> list[Any]:
        if self._rollout.grader_cls is None:
            raise PhaseError("The rollout has no Grader, so nothing can be graded: define one in the entrypoint.")
        if order["label"] is None and order["metadata"] is None:
            raise PhaseError(NO_LABEL)
        context = self._contract.grader_context(order, samples, artifacts)
        await self._rollout.grader_cls(self._rollout.grader_config).grade(context)
        return self._contract.graded(context)

    async def _timed(
        self, phase: Phase, name: str, order: dict[str, Any], step: Callable[[], Awaitable[list[Any]]]
    ) -> list[Any]:
        """Await ``step`` in a task. Raises what it raises, and ``PhaseTimeoutError`` where it takes too long."""
        limit = order[f"{name}_timeout_s"]
        started = time.monotonic()
        phase.name, phase.limit_s, phase.deadline = name, limit, started + limit
        task = asyncio.create_task(_contained(step))
        await asyncio.wait({task}, timeout=limit)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=GRACE_S)
            phase.left_behind = self.goes_on(phase)
            raise PhaseTimeoutError(timeout_message(name, limit) + ("" if task.done() else _WENT_ON))
        value, error, ended = task.result()
        if ended - started > limit:
            raise PhaseTimeoutError(timeout_message(name, limit))
        if error is not None:
            raise error
        return value

    def goes_on(self, phase: Phase) -> bool:
        """Tell whether another task of the attempt does, or a thread. None is cancelled: other attempts may need it."""
        return phase.threads.are_at_work or bool(self._tasks_of(phase) - {asyncio.current_task()})


def timeout_message(name: str, limit: float) -> str:
    return f"{name} exceeded its {limit:g}s deadline"


async def _contained(step: Callable[[], Awaitable[list[Any]]]) -> tuple[list[Any], BaseException | None, float]:
    """Return what ``step`` came to, and when: ``SystemExit`` in a task would take the event loop with it."""
    try:
        return await step(), None, time.monotonic()
    except BaseException as error:  # noqa: BLE001 - as above
        return [], error, time.monotonic()
