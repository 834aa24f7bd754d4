"""A backend of the user's own behind the server of 0.3: its room, cancelling and errors; and how the server ends."""

import asyncio
from contextlib import ExitStack
from typing import Any

import aiohttp
import pytest

from osmo_checks.contracts import load_contract

from .sdk_servers import CASES, Server, controlling, serving

ENTRYPOINT = CASES / "own-backend" / "main.py"
LEASE = "X-Osmosis-Rollout-Lease"


async def transcript(server: Server) -> dict[str, Any]:
    async with aiohttp.ClientSession(server.url) as session:

        async def start(rollout_id: str, order: str) -> Any:
            prompt = [{"role": "user", "content": order}]
            body = {"rollout_id": rollout_id, "initial_messages": prompt, "chat_completions_url": "http://127.0.0.1:1"}
            async with session.post("/rollout", json=body) as response:
                said = await response.json()
                return said.get("polling_lease_token") or (response.status, said, response.headers.get("Retry-After"))

        async def result(rollout_id: str, token: str) -> Any:
            said: dict[str, Any] = {"status": ""}
            while said["status"] not in ("success", "failure", "cancelled"):
                async with session.get(f"/rollout/{rollout_id}/result", headers={LEASE: token}) as response:
                    said = await response.json()
            return said

        async def cancel(**selector: Any) -> Any:
            async with session.post("/rollout/cancel", json=selector) as response:
                return response.status, await response.json()

        said = {}
        for order in ("answer", "raise nothing said", "raise a validation", "exit"):
            said[order] = await result(order, await start(order, order))
        tokens = {name: await start(name, "wait") for name in ("own", "late", "broken")}
        async with session.get("/health") as response:
            health = await response.json()
        said["health"] = {key: value for key, value in health.items() if not key.endswith("_id")}
        said["no room"] = await start("fourth", "answer")
        said["cancelled"] = await cancel(ids=["own", "late", "broken"])
        for name, token in tokens.items():
            said[name] = await result(name, token)
        said["cancelled again"] = await cancel(prefix="l")
        return said


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    with serving(None, ENTRYPOINT) as server:
        return asyncio.run(transcript(server))


def test_it_is_used_as_by_the_real_server(said: dict[str, Any]) -> None:
    with serving(load_contract("0.3").data["verified_with"], ENTRYPOINT) as server:
        assert said == asyncio.run(transcript(server))


def test_its_room_and_its_cancelling(said: dict[str, Any]) -> None:
    assert said["no room"] == (429, {"detail": "rollout queue is full; retry later"}, "5")
    assert set(said["cancelled"][1]["dispositions"].values()) == {"cancelled_running"}
    assert said["raise nothing said"]["err_message"] == "Internal server error"


def test_what_runs_when_the_server_is_told_to_end_is_finished_and_told() -> None:
    async def drive() -> list[str]:
        with ExitStack() as stack:
            server = stack.enter_context(serving(None, CASES / "served-0.3" / "main.py"))
            async with controlling() as controller, aiohttp.ClientSession() as session:
                body = {
                    "initial_messages": [{"role": "user", "content": "nap"}],
                    "label": "6",
                    "chat_completions_url": controller.url,
                    "completion_callback_url": f"{controller.url}/completed",
                    "grader_callback_url": f"{controller.url}/graded",
                }
                async with session.post(f"{server.url}/rollout", json=body) as response:
                    assert (response.status, await response.json()) == (202, {})
                await asyncio.to_thread(stack.close)
                return [f"{path} {said['status']}" for path, _, said in controller.heard]

    assert asyncio.run(drive()) == ["/completed success", "/graded success"]
