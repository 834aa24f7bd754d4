"""The protocol of SDK 0.2: the server takes an order, and calls back after the workflow and after grading.

It keeps to no times, and cannot be told to stop.
"""

from osmo_runtime.drivers.server import delivered
from osmo_runtime.drivers.server.callback_endpoint import CallbackEndpoint, Said
from osmo_runtime.drivers.server.http import GarbageError, Http
from osmo_runtime.drivers.server.wire import Order, ReadReward, Result, require_accepted, sample_of
from osmo_runtime.model import Sample

_ACCEPTED = 200


class Callbacks:
    slack_s = 0.0

    def __init__(self, http: Http, endpoint: CallbackEndpoint) -> None:
        self._http = http
        self._endpoint = endpoint

    async def execute(self, order: Order) -> Result:
        delivery = self._endpoint.open(order.token)
        try:
            answer = await self._http.post("/rollout", delivered.request(order, delivery), timeout_s=None)
            require_accepted(answer, _ACCEPTED)
            return await delivered.result(order, delivery, _samples)
        finally:
            self._endpoint.close(delivery)

    async def cancel(self, order: Order) -> None:
        """There are no words for it: the attempt ends when its next model call is refused."""


def _samples(said: Said, read_reward: ReadReward) -> tuple[Sample, ...]:
    """Return the samples, which have names in this generation."""
    samples = said.get("samples", {})
    if not isinstance(samples, dict):
        raise GarbageError("it delivered samples that are no object")
    return tuple(sample_of(sample, name, read_reward) for name, sample in samples.items())
