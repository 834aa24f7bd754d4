"""Rollouts as they stand, their own ``main.py`` served: templates of both generations, over our endpoint."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from osmo_runtime.endpoint import Endpoint, Session
from osmo_runtime.model import Attempt, Row
from osmo_runtime.policies.oracle import OraclePolicy

from .scaffolds import make_new, make_rollout
from .sdk_servers import Server, controlling, serving


@pytest.mark.parametrize("contract", ["0.2", "0.3"])
@pytest.mark.parametrize("template", ["single-turn", "multiply-local-strands"])
def test_a_templates_rollout_is_served_and_rewarded(contract: str, template: str, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    assert make_new(workspace, f"contract={contract}") == 0
    assert make_rollout(workspace, template, f"contract={contract}") == 0
    first, *_ = (workspace / "data" / "multiply.jsonl").read_text(encoding="utf-8").splitlines()
    with serving(None, workspace / "rollouts" / template / "main.py") as server:
        sample, calls = asyncio.run(_drive(server, contract, Row(0, json.loads(first))))
    assert sample["reward"] == 1.0
    assert calls == (2 if "strands" in template else 1)


async def _drive(server: Server, contract: str, row: Row) -> tuple[dict[str, Any], int]:
    """Return the one sample of a rollout, and how often it called the model."""
    async with Endpoint(OraclePolicy()) as endpoint, aiohttp.ClientSession() as session:
        attempt = endpoint.open(Attempt(0, 0), row)
        driven = _by_callback if contract == "0.2" else _by_lease
        sample = await driven(session, server, attempt)
        return sample, len(attempt.calls)


def _request(attempt: Session) -> dict[str, Any]:
    row = attempt.row
    prompt = {"rollout_id": "it", "initial_messages": row.messages, "label": row.label}
    return {**prompt, "chat_completions_url": attempt.base_url}


async def _by_callback(session: aiohttp.ClientSession, server: Server, attempt: Session) -> dict[str, Any]:
    async with controlling() as controller:
        urls = {f"{phase}_callback_url": f"{controller.url}/{phase}" for phase in ("completion", "grader")}
        body = {**_request(attempt), **urls, "controller_api_key": attempt.token}
        async with session.post(f"{server.url}/rollout", json=body) as response:
            assert response.status == 200
        await controller.arriving.get()
        _, _, graded = await controller.arriving.get()
    (sample,) = graded["samples"].values()
    assert isinstance(sample, dict)
    return sample


async def _by_lease(session: aiohttp.ClientSession, server: Server, attempt: Session) -> dict[str, Any]:
    body = {**_request(attempt), "llm_api_key": attempt.token}
    async with session.post(f"{server.url}/rollout", json=body) as response:
        lease = {"X-Osmosis-Rollout-Lease": (await response.json())["polling_lease_token"]}
    result: dict[str, Any] = {"status": ""}
    while result["status"] not in ("success", "failure"):
        async with session.get(f"{server.url}/rollout/it/result", headers=lease) as response:
            result = await response.json()
    assert result["status"] == "success", json.dumps(result)
    sample = result["sample"]
    assert isinstance(sample, dict)
    return sample
