"""The protocol of SDK 0.3.3 and later: the server grants a lease, and is asked for the result until there is one."""

import asyncio
import math
from typing import Any
from urllib.parse import quote

from osmo_runtime.drivers.server import admission
from osmo_runtime.drivers.server.http import Answer, GarbageError, Http, RefusedError, UnreachableError
from osmo_runtime.drivers.server.wire import (
    ENFORCED_SLACK_S,
    SUCCESS,
    Order,
    Result,
    failed,
    graded,
    one_sample,
    reader_of_rewards,
    refused,
    status_of,
)
from osmo_runtime.model import Boundary, Failed

HEADER = "X-Osmosis-Rollout-Lease"
_OK = 200
_BUSY = (502, 503, 504)
_UNDER_WAY = ("queued", "running", "grading")
#: Seconds beyond its own wait that a server has to answer a question for the result.
_LATE_S = 10.0
#: Seconds between questions that failed, before the server is given up. A lease outlives them all.
_RETRIES_S = (0.1, 0.5, 1.0, 2.0)
#: Seconds between questions to a server that answers at once, over and over, that nothing has changed.
_PAUSE_S = 0.05


class Lease:
    slack_s = ENFORCED_SLACK_S

    def __init__(self, http: Http) -> None:
        self._http = http

    async def execute(self, order: Order) -> Result:
        request = {**order.request, "llm_api_key": order.token, "grade": True}
        terms = (await admission.admitted(self._http, request)).json()
        token, wait_s = _token(terms), _wait_s(terms)
        phase, before = "workflow", ""
        while True:
            said = await self._asked(order, token, wait_s)
            status = status_of(said)
            if status == "grading" and phase == "workflow":
                phase = "grader"
                order.graded_from_now()
            if status not in _UNDER_WAY:
                return _result(order, status, phase, said)
            if status == before:
                await asyncio.sleep(_PAUSE_S)
            before = status

    async def cancel(self, order: Order) -> None:
        await admission.cancel(self._http, order)

    async def _asked(self, order: Order, token: str, wait_s: float) -> dict[str, Any]:
        """Ask for the result, which may take ``wait_s``. Raises ``UnreachableError`` and ``GarbageError``."""
        path = f"/rollout/{quote(order.rollout_id, safe='')}/result"
        for pause_s in _RETRIES_S:
            try:
                answer = await self._http.get(path, headers={HEADER: token}, timeout_s=wait_s + _LATE_S)
            except RefusedError:
                raise
            except UnreachableError:
                await asyncio.sleep(pause_s)
                continue
            if answer.status not in _BUSY:
                return _said(answer)
            await asyncio.sleep(pause_s)
        return _said(await self._http.get(path, headers={HEADER: token}, timeout_s=wait_s + _LATE_S))


def _said(answer: Answer) -> dict[str, Any]:
    if answer.status != _OK:
        raise GarbageError(f"asked for the result, {refused(answer)}")
    return answer.json()


def _token(terms: dict[str, Any]) -> str:
    token = terms.get("polling_lease_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise GarbageError("it took the order but gave no lease for it")
    return token


def _wait_s(terms: dict[str, Any]) -> float:
    wait = terms.get("result_wait_timeout_sec")
    if isinstance(wait, bool) or not isinstance(wait, int | float) or not 0 < wait < math.inf:
        raise GarbageError("it took the order but did not say how long a question for the result may take")
    return float(wait)


def _result(order: Order, status: str, phase: str, said: dict[str, Any]) -> Result:
    samples = one_sample(said.get("sample"), reader_of_rewards(status))
    if status == SUCCESS:
        return graded(samples)
    if status == "failure" and said.get("err_category") == "lease_expired":
        return Result(
            Failed(Boundary.PROTOCOL, "the server let the attempt's lease expire, though it was asked in time")
        )
    if status == "failure":
        # A workflow that failed leaves no sample to be graded.
        return Result(failed("grader" if samples or phase == "grader" else "workflow", said, order), samples)
    if status == "cancelled":
        return Result(Failed(Boundary.PROTOCOL, "somebody else cancelled the attempt on its server"), samples)
    raise GarbageError(f"it sent a result with the status {status[:40]!r}, which there is not")
