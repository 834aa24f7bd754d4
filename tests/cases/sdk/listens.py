"""The real controller of 0.3.0 to 0.3.2: ``python listens.py URL ORDERS`` prints, as JSON, what became of each."""

import asyncio
import json
import sys

from osmosis_ai.rollout.controller.listener import CallbackListener
from osmosis_ai.rollout.controller.store import CallbackStore
from osmosis_ai.rollout.driver import RolloutRunRequest
from osmosis_ai.rollout.http_driver import HttpRolloutDriver

URL, ORDERS = sys.argv[1], json.loads(sys.argv[2])
KEY = "a key"


async def main() -> None:
    async def acknowledge(result):
        return {"ok": True}

    store = CallbackStore(on_terminal_commit=acknowledge)
    async with CallbackListener(store, auth_token=KEY) as listener:
        driver = HttpRolloutDriver(
            rollout_base_url=URL,
            callback_store=store,
            completion_url_for=listener.completion_url,
            grader_url_for=listener.grader_url,
            chat_completions_url_for=listener.chat_completions_url,
            chat_api_key=None,
            controller_api_key=KEY,
            callback_timeout_sec=20,
        )

        async def run(number, order, label):
            prompt = [{"role": "user", "content": order}]
            outcome = await driver.run(RolloutRunRequest(messages=prompt, label=label, rollout_id=f"heard-{number}"))
            shown = {"label", "reward", "remove_sample"}
            sample = outcome.sample and outcome.sample.model_dump(mode="json", include=shown)
            return [outcome.status, outcome.error, sample]

        said = await asyncio.gather(*(run(number, *order) for number, order in enumerate(ORDERS)))
        await driver.aclose()
    sys.stdout.write(json.dumps(said))


asyncio.run(main())
