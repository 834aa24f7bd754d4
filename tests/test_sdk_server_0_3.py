"""The server of the built-in SDK of 0.3: a polling lease, spoken as the real server speaks it."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from osmo_checks.contracts import load_contract

from .sdk_servers import CASES, Controller, Server, controlling, serving

ENTRYPOINT = CASES / "served-0.3" / "main.py"
LEASE = "X-Osmosis-Rollout-Lease"
SHORT = {"result_wait_timeout_sec": 0.2, "polling_lease_timeout_sec": 0.8, "result_retention_sec": 0.5}
FINAL = ("success", "failure", "cancelled")
KEY = "a key"

#: What is posted, beside an id, the prompt and the URL of the model.
ROLLOUTS: dict[str, dict[str, Any]] = {
    "plain": {"label": "6"},
    "calls the model": {
        "initial_messages": [{"role": "user", "content": "ask"}],
        "label": "6",
        "llm_api_key": "secret",
    },
    "metadata alone": {"metadata": {"grade": "6"}},
    "neither label nor metadata": {},
    "not graded": {"label": "6", "grade": False},
    "unknown fields": {"label": "6", "unknown": 1},
    "raises": {"initial_messages": [{"role": "user", "content": "raise"}], "label": "6"},
    "returns text": {"initial_messages": [{"role": "user", "content": "return text"}], "label": "6"},
    "no sample": {"initial_messages": [{"role": "user", "content": "no messages"}], "label": "6"},
    "empty prompt": {"initial_messages": [], "label": "6"},
    "is late": {"initial_messages": [{"role": "user", "content": "sleep"}], "label": "6", "agent_timeout_sec": 0.1},
    "grader is late": {"label": "sleep", "grader_timeout_sec": 0.1},
    "grader raises": {"label": "raise"},
    "grader gives nothing": {"label": "nothing"},
    "sample removed": {"label": "remove"},
    "metrics that are no JSON": {"label": "no json"},
    "messages that are no JSON": {"initial_messages": [{"role": "user", "content": "no json"}], "label": "6"},
    "half a character": {"initial_messages": [{"role": "user", "content": "surrogate"}], "label": "6"},
}
#: Bodies that are no request.
REFUSED: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "id with a slash": {"rollout_id": "a/b"},
    "id that leaves": {"rollout_id": ".."},
    "empty id": {"rollout_id": ""},
    "empty key": {"llm_api_key": ""},
    "no time": {"agent_timeout_sec": "soon"},
    "no finite time": {"grader_timeout_sec": float("inf")},
    "prompt is text": {"initial_messages": "hello"},
    "label is a number": {"label": 6},
    "metadata is a list": {"metadata": []},
}
CANCELLATIONS: dict[str, Any] = {
    "unknown": {"ids": ["nobody"]},
    "no selector": {},
    "two selectors": {"ids": [], "all": True},
    "no such prefix": {"prefix": "nobody-"},
    "wrong type": {"ids": "all"},
}


class Client:
    """Talks to one server; says each answer as status and body, with what differs by chance left out."""

    def __init__(self, session: aiohttp.ClientSession, server: Server, controller: Controller) -> None:
        self._session = session
        self._url = server.url
        self._controller = controller

    def request(self, rollout_id: str, **fields: Any) -> dict[str, Any]:
        prompt = [{"role": "user", "content": "What is 2 times 3?"}]
        url = f"{self._controller.url}/v1/{rollout_id}"
        return {"rollout_id": rollout_id, "initial_messages": prompt, "chat_completions_url": url, **fields}

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self._session.request(method, self._url + path, **options) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())

    async def start(self, rollout_id: str, **fields: Any) -> str:
        status, body = await self.ask("POST", "/rollout", json=self.request(rollout_id, **fields))
        assert (status, body["status"]) == (202, "queued"), body
        return str(body["polling_lease_token"])

    async def poll(self, rollout_id: str, token: str) -> tuple[int, Any]:
        return await self.ask("GET", f"/rollout/{rollout_id}/result", headers={LEASE: token})

    async def result(self, rollout_id: str, token: str) -> Any:
        while True:
            status, body = await self.poll(rollout_id, token)
            if status != 200 or body["status"] in FINAL:
                return status, body


def connection(headers: dict[str, str] | None = None) -> aiohttp.ClientSession:
    """Return a session that connects anew for each request: a server closes its connection after a 500."""
    return aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(force_close=True))


async def outcomes(client: Client) -> dict[str, Any]:
    """Return how each rollout ends; one after the other, so that none has to wait for a slot."""
    ended = {}
    for number, (name, fields) in enumerate(ROLLOUTS.items()):
        rollout_id = f"rollout-{number}"
        ended[name] = await client.result(rollout_id, await client.start(rollout_id, **fields))
    return ended


async def refusals(client: Client) -> dict[str, Any]:
    said = {}
    for name, body in REFUSED.items():
        sent = {**client.request("refused"), **body} if body else body
        said[name] = await client.ask(
            "POST", "/rollout", data=json.dumps(sent), headers={"Content-Type": "application/json"}
        )
    said["no JSON"] = await client.ask("POST", "/rollout", data="{", headers={"Content-Type": "application/json"})
    said["no route"] = await client.ask("GET", "/rollout/x/status")
    said["wrong method"] = await client.ask("GET", "/rollout")
    for name, body in CANCELLATIONS.items():
        said[f"cancel: {name}"] = await client.ask("POST", "/rollout/cancel", json=body)
    return said


async def leases(client: Client) -> dict[str, Any]:
    token = await client.start("leased", label="6")
    twice = await client.ask("POST", "/rollout", json=client.request("leased"))
    first = await client.result("leased", token)
    return {
        "twice": twice,
        "twice once it is over": await client.ask("POST", "/rollout", json=client.request("leased")),
        "the same again": first == await client.result("leased", token),
        "wrong lease": await client.poll("leased", "wrong"),
        "empty lease": await client.poll("leased", ""),
        "no lease": await client.ask("GET", "/rollout/leased/result"),
        "unknown": await client.poll("nobody", token),
        "cancelled when over": await client.ask("POST", "/rollout/cancel", json={"ids": ["leased"]}),
    }


async def statuses(client: Client) -> list[str]:
    """Return what a poller sees of one rollout: every change, and nothing in between."""
    token = await client.start("watched", initial_messages=[{"role": "user", "content": "nap"}], label="6")
    seen: list[str] = []
    while not seen or seen[-1] not in FINAL:
        _, body = await client.poll("watched", token)
        seen.append(body["status"])
    return [status for status, before in zip(seen, ["", *seen], strict=False) if status != before]


async def cancellations(client: Client) -> dict[str, Any]:
    said: dict[str, Any] = {}
    sleeping = {"initial_messages": [{"role": "user", "content": "sleep"}], "label": "6"}
    tokens = {name: await client.start(name, **sleeping) for name in ("by-id", "by-prefix")}
    await asyncio.sleep(0.2)
    for name, body in (("by-id", {"ids": ["by-id", "nobody"]}), ("by-prefix", {"prefix": "by-pre"})):
        said[name] = await client.ask("POST", "/rollout/cancel", json=body)
        said[f"{name}: result"] = await client.result(name, tokens[name])
    return said


async def transcript(server: Server) -> dict[str, Any]:
    """Return all that a server with ordinary terms says."""
    async with controlling() as controller, connection() as session:
        client = Client(session, server, controller)
        said: dict[str, Any] = {
            "outcomes": await outcomes(client),
            "refusals": await refusals(client),
            "leases": await leases(client),
            "statuses": await statuses(client),
            "cancellations": await cancellations(client),
        }
        status, health = await client.ask("GET", "/health")
        assert health.pop("instance_id") == health.pop("process_id")
        said["health"] = (status, health)
        said["model calls"] = [heard for heard in controller.heard if "chat" in heard[0]]
    said["files"] = sorted(str(path.relative_to(server.root)) for path in server.root.rglob("*") if path.is_file())
    said["trajectory"] = _steps(server.root / "rollout-1" / "trajectory.json")
    return said


def _steps(path: Path) -> Any:
    document = json.loads(path.read_text())
    steps = [(step["step_id"], step["source"], step["message"]) for step in document["steps"]]
    return document["schema_version"], document["session_id"], steps, document["final_metrics"]["total_steps"]


async def short_transcript(server: Server) -> dict[str, Any]:
    """Return what a server says that wants a key and has little patience."""
    headers = {"Authorization": f"Bearer {KEY}"}
    async with controlling() as controller, connection() as session:
        stranger = Client(session, server, controller)
        said: dict[str, Any] = {
            "no key": await stranger.ask("GET", "/health"),
            "wrong key": await stranger.ask("GET", "/health", headers={"Authorization": "Bearer other"}),
            "no route": await stranger.ask("GET", "/nothing"),
            "request": await stranger.ask("POST", "/rollout", json=stranger.request("x")),
        }
    async with controlling() as controller, connection(headers) as session:
        client = Client(session, server, controller)
        sleeping = {"initial_messages": [{"role": "user", "content": "sleep"}], "label": "6"}
        token = await client.start("renewed", **sleeping)
        said["waits"] = [(await client.poll("renewed", token))[1]["status"] for _ in range(6)]
        await asyncio.sleep(1.0)
        said["expired"] = await client.poll("renewed", token)
        await asyncio.sleep(1.0)
        said["forgotten"] = await client.poll("renewed", token)
        said["id is free again"] = (await client.ask("POST", "/rollout", json=client.request("renewed")))[0]
    return said


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, Any]]:
    """Return the transcripts of both servers, or of the built-in one alone where the real one cannot be had."""
    short = json.dumps({**SHORT, "api_key": KEY})

    def talk(version: str | None) -> dict[str, Any]:
        with ExitStack() as stack:
            ordinary = stack.enter_context(serving(version, ENTRYPOINT))
            impatient = stack.enter_context(serving(version, ENTRYPOINT, SERVED=short))

            async def both() -> tuple[dict[str, Any], dict[str, Any]]:
                return await asyncio.gather(transcript(ordinary), short_transcript(impatient))

            first, second = asyncio.run(both())
        return {**first, "short": second}

    with ThreadPoolExecutor() as pool:
        running = {
            name: pool.submit(talk, version) for name, version in (("built in", None), ("real", _real_version()))
        }
        found = {"built in": running["built in"].result()}
        try:
            found["real"] = running["real"].result()
        except pytest.skip.Exception as skipped:
            found["skipped"] = {"why": str(skipped)}
    return found


def _real_version() -> str:
    return str(load_contract("0.3").data["verified_with"])


PARTS = ("refusals", "leases", "statuses", "cancellations", "health", "model calls", "files", "trajectory", "short")


@pytest.mark.parametrize("part", PARTS)
def test_it_answers_as_the_real_server_does(said: dict[str, dict[str, Any]], part: str) -> None:
    _require_real(said)
    assert said["built in"][part] == said["real"][part]


@pytest.mark.parametrize("name", ROLLOUTS)
def test_rollouts_end_as_with_the_real_server(said: dict[str, dict[str, Any]], name: str) -> None:
    _require_real(said)
    assert said["built in"]["outcomes"][name] == said["real"]["outcomes"][name]


def _require_real(said: dict[str, dict[str, Any]]) -> None:
    if "real" not in said:
        pytest.skip(said["skipped"]["why"])


def test_a_rollout_from_request_to_result(said: dict[str, dict[str, Any]]) -> None:
    ours = said["built in"]
    assert ours["outcomes"]["calls the model"] == (
        200,
        {
            "rollout_id": "rollout-1",
            "status": "success",
            "sample": {
                "messages": [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "6"}],
                "label": "6",
                "reward": 0.5,
                "remove_sample": False,
                "metrics": {"turns": 1.0},
                "extra_fields": {},
            },
            "err_message": None,
            "err_category": None,
        },
    )
    path, authorization, _ = ours["model calls"][0]
    assert (path, authorization) == ("/v1/rollout-1/chat/completions", "Bearer secret")


def test_a_lease_that_nobody_renews_ends_its_rollout(said: dict[str, dict[str, Any]]) -> None:
    short = said["built in"]["short"]
    assert short["waits"] == ["running"] * 6
    assert short["expired"][1]["err_category"] == "lease_expired"
    assert [short["forgotten"][0], short["id is free again"]] == [404, 202]


def test_a_key_is_asked_for_everywhere(said: dict[str, dict[str, Any]]) -> None:
    short = said["built in"]["short"]
    unauthorized = (401, {"detail": "unauthorized"})
    assert [short[name] for name in ("no key", "wrong key", "no route", "request")] == [unauthorized] * 4
