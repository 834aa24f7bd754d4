"""A server over a backend of the user's own, which cancels by itself and has room for three."""

import asyncio
import os

import uvicorn

from osmosis_ai.rollout import (
    ExecutionBackend,
    ExecutionOutcome,
    ExecutionResult,
    RolloutSample,
    RolloutStatus,
    get_rollout_context,
)
from osmosis_ai.rollout.server import create_rollout_server


class Own(ExecutionBackend):
    def __init__(self):
        self.waiting = {}
        self.finished = set()

    async def execute(self, request):
        order = request.prompt[-1]["content"]
        if order == "raise nothing said":
            raise RuntimeError
        if order == "raise a validation":
            raise ValueError("no such thing")
        if order == "exit":
            raise asyncio.CancelledError
        status = RolloutStatus.SUCCESS
        if order.startswith("wait"):
            self.waiting[request.id] = asyncio.get_running_loop().create_future()
            await get_rollout_context().set_status(RolloutStatus.GRADING)
            try:
                status = await self.waiting[request.id]
            finally:
                del self.waiting[request.id]
        sample = RolloutSample(messages=request.prompt, reward=1.0)
        return ExecutionOutcome(workflow=ExecutionResult(status=status, sample=sample, extra_fields={"a": 1}))

    def has_capacity(self):
        return len(self.waiting) < 3

    def cancel_rollouts(self, ids=None, prefix=None, all=False):
        said = {}
        for rollout_id in ids or ():
            if rollout_id.startswith("own"):
                self.waiting[rollout_id].set_result(RolloutStatus.CANCELLED)
                said[rollout_id] = "cancelled_running"
            if rollout_id.startswith("late"):
                said[rollout_id] = "not_found"
            if rollout_id.startswith("broken"):
                raise RuntimeError("cannot cancel")
        return said

    def health(self):
        return {"status": "mine", "waiting": len(self.waiting)}


if __name__ == "__main__":
    app = create_rollout_server(backend=Own())
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
