"""The server of the built-in SDK of 0.2: results by callback, as the real server sends them."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest

from osmo_checks.contracts import load_contract

from .sdk_servers import CASES, Controller, Server, controlling, serving

ENTRYPOINT = CASES / "served-0.2" / "main.py"
KEY = "a key"


def order(text: str, **fields: Any) -> dict[str, Any]:
    return {"initial_messages": [{"role": "user", "content": text}], **fields}


#: What is posted, beside an id and URLs, and how the controller refuses callbacks before it takes them.
ROLLOUTS: dict[str, tuple[dict[str, Any], dict[str, list[int]]]] = {
    "plain": (order("What is 2 times 3?", label="6"), {}),
    "calls the model": (order("ask", label="6", controller_api_key=KEY), {}),
    "metadata alone": (order("hello", metadata={"grade": "6"}), {}),
    "neither label nor metadata": (order("hello"), {}),
    "nobody to hear of grades": (order("hello", label="6", grader_callback_url=None), {}),
    "unknown fields": (order("hello", label="6", unknown=1, extra_fields={"a": 1}), {}),
    "raises": (order("raise", label="6"), {}),
    "no sample": (order("no sample", label="6"), {}),
    "two samples": (order("two", label="6"), {}),
    "grader raises": (order("hello", label="raise"), {}),
    "grader gives nothing": (order("hello", label="nothing"), {}),
    "a reward that is no number": (order("hello", label="nan"), {}),
    "messages that are no JSON": (order("no json", label="6"), {}),
    "a controller that is busy once": (order("hello", label="6"), {"completed": [503]}),
    "a controller that is busy later": (order("hello", label="6"), {"graded": [500]}),
    "a controller that wants no completion": (order("hello", label="6"), {"completed": [400, 200]}),
    "a controller that wants nothing": (order("hello", label="6"), {"completed": [404] * 9, "graded": [302] * 9}),
}
REFUSED: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "id with a slash": {"rollout_id": "a/b"},
    "no callback": {"completion_callback_url": None},
    "prompt is text": {"initial_messages": "hello"},
    "no time": {"agent_timeout_sec": "soon"},
}


async def talk_about(session: aiohttp.ClientSession, server: Server, number: int, name: str) -> Any:
    """Return the answer to a request, and the callbacks that follow it, as many as come within a while."""
    fields, refusals = ROLLOUTS[name]
    async with controlling() as controller:
        controller.refusals.update({f"/{path}": list(codes) for path, codes in refusals.items()})
        answer = await ask(session, server, {**request(controller, f"rollout-{number}"), **fields})
        await quiet(controller)
        return {"answer": answer, "heard": controller.heard}


def request(controller: Controller, rollout_id: str) -> dict[str, Any]:
    return {
        "rollout_id": rollout_id,
        "chat_completions_url": f"{controller.url}/v1",
        "completion_callback_url": f"{controller.url}/completed",
        "grader_callback_url": f"{controller.url}/graded",
    }


async def quiet(controller: Controller) -> None:
    """Wait until nothing was heard for longer than a callback waits before it is tried again."""
    before = -1
    while before < len(controller.heard):
        before = len(controller.heard)
        await asyncio.sleep(1.5)


async def ask(session: aiohttp.ClientSession, server: Server, body: Any) -> tuple[int, Any]:
    async with session.post(f"{server.url}/rollout", json=body) as response:
        return response.status, await response.json()


async def transcript(server: Server) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        talks = (talk_about(session, server, number, name) for number, name in enumerate(ROLLOUTS))
        said = dict(zip(ROLLOUTS, await asyncio.gather(*talks), strict=True))
        async with controlling() as controller:
            for name, body in REFUSED.items():
                sent = {**request(controller, "refused"), **order("hello"), **body} if body else body
                said[name] = await ask(session, server, sent)
        async with session.get(f"{server.url}/health") as response:
            said["health"] = response.status, await response.json()
    said["files"] = sorted(str(path.relative_to(server.root)) for path in server.root.rglob("*") if path.is_file())
    return said


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, Any]]:
    """Return the transcripts of both servers, or of the built-in one alone where the real one cannot be had."""

    def talk(version: str | None) -> dict[str, Any]:
        with serving(version, ENTRYPOINT) as server:
            return asyncio.run(transcript(server))

    with ThreadPoolExecutor() as pool:
        real = pool.submit(talk, str(load_contract("0.2").data["verified_with"]))
        found = {"built in": talk(None)}
        try:
            found["real"] = real.result()
        except pytest.skip.Exception as skipped:
            found["skipped"] = {"why": str(skipped)}
    return found


@pytest.mark.parametrize("part", [*ROLLOUTS, *REFUSED, "health", "files"])
def test_it_answers_as_the_real_server_does(said: dict[str, dict[str, Any]], part: str) -> None:
    if "real" not in said:
        pytest.skip(said["skipped"]["why"])
    assert _plain(said["built in"][part]) == _plain(said["real"][part])


def _plain(value: Any) -> Any:
    """Return a value in which numbers that are none equal themselves."""
    return json.loads(json.dumps(value, sort_keys=True))


def test_a_rollout_from_request_to_callbacks(said: dict[str, dict[str, Any]]) -> None:
    talk = said["built in"]["calls the model"]
    assert talk["answer"] == (200, {})
    calls, completed, graded = talk["heard"]
    assert (calls[0], calls[1]) == ("/v1/chat/completions", f"Bearer {KEY}")
    about = {"rollout_id": "rollout-1", "status": "success", "err_message": None, "err_category": None}
    assert completed == ("/completed", f"Bearer {KEY}", {**about, "extra_fields": None})
    sample: dict[str, Any] = {
        "id": "main",
        "messages": [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "6"}],
        "label": None,
        "reward": 0.5,
        "remove_sample": False,
        "metrics": {},
        "extra_fields": {},
    }
    assert graded == ("/graded", f"Bearer {KEY}", {**about, "samples": {"main": sample}})


def test_callbacks_are_tried_again_where_that_may_help(said: dict[str, dict[str, Any]]) -> None:
    def paths(name: str) -> list[str]:
        return [path for path, _, _ in said["built in"][name]["heard"]]

    assert paths("a controller that is busy once") == ["/completed", "/completed", "/graded"]
    assert paths("a controller that is busy later") == ["/completed", "/graded", "/graded"]
    assert paths("a controller that wants no completion") == ["/completed", "/completed", "/graded"]


def test_what_cannot_be_sent_is_told_as_a_failure(said: dict[str, dict[str, Any]]) -> None:
    heard = said["built in"]["a reward that is no number"]["heard"]
    assert [path for path, _, _ in heard] == ["/completed", "/completed", "/graded"]
    assert heard[1][2]["err_message"] == "Internal server error"
    assert (heard[2][2]["status"], heard[2][2]["samples"]) == ("failure", {})
