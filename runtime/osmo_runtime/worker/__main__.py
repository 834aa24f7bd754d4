"""``python -m osmo_runtime.worker``: loads one rollout and runs its attempts, as its supervisor orders."""

import asyncio
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

from osmo_runtime.channel import Channel, Order, line_of
from osmo_runtime.memory import own_mb
from osmo_runtime.sdk import finder
from osmo_runtime.worker.attempt import AttemptRunner, Phase, timeout_message
from osmo_runtime.worker.contract import contract_of
from osmo_runtime.worker.failures import failure, said, stack_of
from osmo_runtime.worker.loader import Rollout, load
from osmo_runtime.worker.threads import Threads
from osmo_runtime.worker.watchdog import Watchdog


def main() -> None:
    channel = Channel()
    order = channel.read()
    if order is None:
        return
    loop = asyncio.new_event_loop()
    loop.set_default_executor(Threads())
    orders: asyncio.Queue[Order] = asyncio.Queue()

    def enqueue(order: Order) -> None:
        loop.call_soon_threadsafe(orders.put_nowait, order)

    channel.listen(enqueue)
    rollout = _load(channel, order)
    if rollout is not None:
        _run_despite_exits(loop, _Worker(channel, rollout, loop).serve(orders))


def _load(channel: Channel, order: Order) -> Rollout | None:
    folder = Path(order["folder"])
    # The OpenAI Agents SDK logs what a tool raised only if it is asked to, and tells the model only that it did.
    os.environ.setdefault("OPENAI_AGENTS_DONT_LOG_TOOL_DATA", "0")
    try:
        rollout = load(folder, order["entrypoint"], order["generation"])
        loaded = {"sdk": rollout.sdk, "generation": rollout.generation, "max_concurrent": rollout.max_concurrent}
        channel.send(line_of({"type": "loaded", **loaded, "memory_mb": _memory_mb()}))
    except BaseException as error:  # noqa: BLE001 - the user's module may raise anything
        failed = failure("load", error, folder)
        if isinstance(error, ImportError):
            failed["message"] = _explain_missing_name(failed["message"])
        channel.send(line_of({"type": "load_failed", "failed": failed}))
        return None
    return rollout


def _explain_missing_name(message: str) -> str:
    """Python says of a name our module lacks where our file is; the user needs to know which package has it."""
    if not finder.is_installed():
        return message
    cannot_import = r"cannot import name '(\w+)' from '(osmosis_ai[\w.]*)' \([^)]*\)"
    return re.sub(cannot_import, lambda found: finder.not_built_in(f"{found[2]}.{found[1]}"), message)


class _Worker:
    def __init__(self, channel: Channel, rollout: Rollout, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._rollout = rollout
        self._watchdog = Watchdog(loop, self._stuck)
        self._runner = AttemptRunner(rollout, contract_of(rollout.generation), self._watchdog.tasks_of)
        self._running: set[asyncio.Task[None]] = set()
        self._late: list[Phase] = []

    async def serve(self, orders: asyncio.Queue[Order]) -> NoReturn:
        self._watchdog.start()
        while True:
            order = await orders.get()
            phase = Phase(order["id"])
            task = asyncio.get_running_loop().create_task(self._attempt(order, phase))
            self._watchdog.belongs_to(task, phase)
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _attempt(self, order: Order, phase: Phase) -> None:
        about = {"type": "result", "id": order["id"]}
        try:
            result = await self._runner.run(order, phase)
            line = line_of({**about, **result, "left_behind": self._left_behind(phase), "memory_mb": _memory_mb()})
        except BaseException as error:  # noqa: BLE001 - user code may leave anything in its samples
            message = f"what the workflow and the grader left cannot be written as JSON: {said(error)}"
            failed = {"boundary": "protocol", "message": message, "traceback": ""}
            line = line_of({**about, "failed": failed, "samples": []})
        phase.has_ended = True
        self._channel.send(line)

    def _left_behind(self, ended: Phase) -> int:
        """Return how many attempts, with the one that has just ``ended``, left something behind that still goes on."""
        self._late = [phase for phase in (*self._late, ended) if phase.left_behind and self._runner.goes_on(phase)]
        return len(self._late)

    def _stuck(self, phase: Phase, frame: Any) -> None:
        message = (
            f"{timeout_message(phase.name, phase.limit_s)} and blocked the event loop: "
            "await what takes long, or use asyncio.to_thread for code that cannot be awaited"
        )
        failed = {"boundary": "timeout", "message": message, "traceback": stack_of(frame, self._rollout.folder)}
        self._channel.send(line_of({"type": "stuck", "id": phase.attempt, "failed": failed}))


def _memory_mb() -> float:
    """Return the memory that is this process's own now, in MB; where the system does not show it, its peak."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, kilobytes elsewhere (getrusage(2)).
    return own_mb(os.getpid()) or peak / (1024**2 if sys.platform == "darwin" else 1024)


def _run_despite_exits(loop: asyncio.AbstractEventLoop, serving: Any) -> None:
    """Run for ever: a task of user code that calls ``sys.exit`` stops the loop, and the loop goes on."""
    asyncio.set_event_loop(loop)
    main_task = loop.create_task(serving)
    while not main_task.done():
        try:
            loop.run_until_complete(main_task)
        except (SystemExit, KeyboardInterrupt) as error:
            sys.stderr.write(f"a background task of the rollout ended with {type(error).__name__}\n")


if __name__ == "__main__":
    main()
