"""``litellm:`` with the real LiteLLM, which asks a server on loopback.

It needs an older openai than the one that is developed with, so it has a Python 3.12 of its own.
"""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest

from osmo_checks.contracts import load_contract

from .real_sdk import interpreter
from .test_model_server import CALL, KEY, TOOL, Server, completion, error

#: Later ones import names at each call that only an mcp has which the SDK's openai-agents does not allow.
LITELLM = "litellm==1.94.3"
ROOT = Path(__file__).parents[1]
PROGRAM = """
import asyncio, json, sys
from osmo_runtime.model import Attempt
from osmo_runtime.policies import ChatRequest, PolicyError, Setting, parse

given = json.loads(sys.argv[1])

async def main():
    policy = parse("litellm:openai/m")
    policy.prepare(Setting(environment={"OPENAI_API_KEY": given["key"]}))
    messages = [{"role": "user", "content": "2 + 2?"}]
    request = ChatRequest(messages, Attempt(0, 0), tools=given["tools"], options={"temperature": 0.5, "model": "mine"})
    try:
        reply = await policy.answer(request)
    except PolicyError as error:
        return {"error": str(error)}
    calls = [[call.name, call.arguments] for call in reply.tool_calls]
    return {"content": reply.content, "calls": calls, "finish_reason": reply.finish_reason}

print("answer", json.dumps(asyncio.run(main())))
"""


def ask(server: Server, python: str, environment: dict[str, str]) -> dict[str, object]:
    """Return what the policy answers in the other Python, which LiteLLM writes to as well."""
    folders = (ROOT / "runtime", ROOT / "checks", environment["PYTHONPATH"])
    given = json.dumps({"key": KEY, "tools": [TOOL]})

    async def main() -> str:
        async with server:
            process = await asyncio.create_subprocess_exec(
                *(python, "-c", PROGRAM, given),
                env={**environment, "PYTHONPATH": os.pathsep.join(map(str, folders)), "OPENAI_API_BASE": server.url},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            out, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return next(line for line in out.decode().splitlines() if line.startswith("answer "))

    answer: dict[str, object] = json.loads(asyncio.run(main()).removeprefix("answer "))
    return answer


@pytest.fixture(scope="module")
def real() -> tuple[str, dict[str, str]]:
    return interpreter(load_contract("0.3").data["verified_with"], LITELLM)


def test_it_asks_and_answers(real: tuple[str, dict[str, str]]) -> None:
    server = Server(completion(content="4", tool_calls=[CALL]))
    assert ask(server, *real) == {"content": "4", "calls": [["add", '{"a": ']], "finish_reason": "tool_calls"}
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    (body,) = server.bodies
    assert (body["model"], body["temperature"]) == ("m", 0.5)
    assert body["tools"] == [{"type": "function", "function": TOOL}]


def test_a_refusal_is_the_servers_own_words_without_the_key(real: tuple[str, dict[str, str]]) -> None:
    server = Server(error(401, f"Incorrect API key provided: {KEY}"))
    said = str(ask(server, *real)["error"])
    assert said.startswith("openai/m: ")
    assert "Incorrect API key provided: <API key>" in said
    assert KEY not in said
