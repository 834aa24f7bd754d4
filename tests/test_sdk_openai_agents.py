"""OpenAI Agents on the built-in SDK: the same calls, samples and errors as with the real one, without LiteLLM."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from osmo_checks.contracts import load_contract

from .real_sdk import interpreter
from .sdk_servers import CASES

PROBE = CASES / "agents_probe.py"
#: Later ones import names at each call that only an mcp has which the SDK's openai-agents does not allow.
LITELLM = "litellm==1.94.3"


def probe(python: str, generation: str, *more: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    command = [python, str(PROBE), generation, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # LiteLLM writes there as well
    return found


@pytest.fixture(scope="module", params=["0.2", "0.3"])
def generation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built_in(generation: str) -> dict[str, Any]:
    return probe(sys.executable, generation, "--built-in")


def test_it_does_what_the_real_one_does(generation: str, built_in: dict[str, Any]) -> None:
    python, environment = interpreter(load_contract(generation).data["verified_with"], LITELLM)
    assert built_in == probe(python, generation, env=environment)


def test_a_conversation_is_the_sample(built_in: dict[str, Any]) -> None:
    conversation = built_in["conversation"]
    assert conversation["output"] == "6"
    roles = [message["role"] for message in conversation["trajectory"][0]]
    assert roles == ["user", "assistant", "tool", "assistant"]


def test_calls_say_whose_they_are_as_their_generation_does(generation: str, built_in: dict[str, Any]) -> None:
    named = (
        {"x-sample-id": "main", "x-rollout-id": "r"}
        if generation == "0.2"
        else dict.fromkeys(("x-sample-id", "x-rollout-id"))
    )
    for call in built_in["calls"][:2]:
        assert call["headers"] == {"authorization": "Bearer a token", **named}
        assert call["settings"] == {"temperature": 0.5, "max_tokens": 100, "stream": True}


def test_a_call_without_a_session_is_refused(built_in: dict[str, Any]) -> None:
    assert "OsmosisLitellmModel was called without an active OsmosisMemorySession." in built_in["no_session"]


def test_neither_litellm_nor_the_framework_is_imported_unasked(generation: str) -> None:
    code = f"""
import sys
from osmo_runtime.sdk import finder
finder.install({generation!r})
import osmosis_ai.rollout.integrations.agents
assert "agents" not in sys.modules
import osmosis_ai.rollout.integrations.agents.openai_agents
assert "litellm" not in sys.modules
sys.modules["agents"] = None
del sys.modules["osmo_runtime.sdk.shared.openai_agents"]
import osmo_runtime.sdk.shared.openai_agents
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    sentence = "needs a package that is not installed (agents): install osmo-scaffold[openai-agents]."
    assert done.stderr.strip().endswith(sentence)
