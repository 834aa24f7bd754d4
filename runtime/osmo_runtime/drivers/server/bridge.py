"""The protocol of SDK 0.3.0 to 0.3.2: callbacks as before, but one sample, a full queue, times and cancelling."""

from osmo_runtime.drivers.server import admission, delivered
from osmo_runtime.drivers.server.callback_endpoint import CallbackEndpoint, Said
from osmo_runtime.drivers.server.http import Http
from osmo_runtime.drivers.server.wire import ENFORCED_SLACK_S, Order, ReadReward, Result, one_sample
from osmo_runtime.model import Sample


class Bridge:
    slack_s = ENFORCED_SLACK_S

    def __init__(self, http: Http, endpoint: CallbackEndpoint) -> None:
        self._http = http
        self._endpoint = endpoint

    async def execute(self, order: Order) -> Result:
        delivery = self._endpoint.open(order.token)
        try:
            await admission.admitted(self._http, delivered.request(order, delivery))
            return await delivered.result(order, delivery, _samples)
        finally:
            self._endpoint.close(delivery)

    async def cancel(self, order: Order) -> None:
        await admission.cancel(self._http, order)


def _samples(said: Said, read_reward: ReadReward) -> tuple[Sample, ...]:
    return one_sample(said.get("sample"), read_reward)
