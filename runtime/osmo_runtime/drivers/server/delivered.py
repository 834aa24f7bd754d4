"""What servers deliver by calling back, in both protocols that do: first how the workflow ended, then the grading."""

import asyncio
from collections.abc import Callable
from typing import Any

from osmo_runtime.drivers.server.callback_endpoint import Delivery, Said
from osmo_runtime.drivers.server.http import GarbageError
from osmo_runtime.drivers.server.wire import (
    SUCCESS,
    Order,
    ReadReward,
    Result,
    failed,
    graded,
    reader_of_rewards,
    status_of,
)
from osmo_runtime.model import Boundary, Failed, Sample

#: Seconds that the second of two callbacks may take where the first has said all.
_FORMALITY_S = 2.0
_STATUSES = (SUCCESS, "failure", "cancelled")

#: Reads the samples out of what was delivered after grading. Raises ``GarbageError`` and ``RewardError``.
ReadSamples = Callable[[Said, ReadReward], tuple[Sample, ...]]


def request(order: Order, delivery: Delivery) -> dict[str, Any]:
    return {
        **order.request,
        "controller_api_key": order.token,
        "completion_callback_url": delivery.completion_url,
        "grader_callback_url": delivery.grader_url,
    }


async def result(order: Order, delivery: Delivery, samples_in: ReadSamples) -> Result:
    """Wait until the attempt has ended, and return how. Raises ``GarbageError`` and ``RewardError``."""
    completion = await delivery.completed
    _require_ours(completion, order)
    if status_of(completion) != SUCCESS:
        # The server calls once more, and would count a closed door as an error of its own.
        await asyncio.wait({delivery.graded}, timeout=_FORMALITY_S)
        return Result(failed("workflow", completion, order))
    order.graded_from_now()
    grading = await delivery.graded
    _require_ours(grading, order)
    status = status_of(grading)
    samples = samples_in(grading, reader_of_rewards(status))
    if status == SUCCESS:
        return graded(samples)
    if delivery.crash is not None and not grading.get("err_message"):
        return Result(_crashed(delivery.crash, order), samples)
    return Result(failed("grader", grading, order), samples)


def _crashed(said: Said, order: Order) -> Failed:
    """Return the failure of a rollout that broke outside of what the server guards."""
    return Failed(
        Boundary.GRADER, f"{failed('workflow', said, order).message} (the traceback is in what the server printed)"
    )


def _require_ours(said: Said, order: Order) -> None:
    if status_of(said) not in _STATUSES:
        raise GarbageError(f"it delivered a result with the status {said['status'][:40]!r}, which there is not")
    if said.get("rollout_id") not in (None, order.rollout_id):
        raise GarbageError("it delivered another attempt's result")
