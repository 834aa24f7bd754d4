"""The real client of 0.3: ``python polls.py URL`` prints, as JSON, what became of each order, and a cancelled one."""

import asyncio
import json
import sys

from osmosis_ai.rollout.client import RolloutClient

URL, ORDERS = sys.argv[1], json.loads(sys.argv[2])


async def main() -> None:
    client = RolloutClient(url=URL, admission_timeout_sec=30)

    async def run(number, order, **more):
        prompt = [{"role": "user", "content": order}]
        return await client.run_rollout_async(prompt, "http://127.0.0.1:1/v1", f"polled-{number}", **more)

    handles = [await run(number, order, label=label) for number, (order, label) in enumerate(ORDERS)]
    said = [(await handle).model_dump(mode="json", exclude={"sample": {"messages"}}) for handle in handles]
    sleeping = await run("sleep", "sleep", label="6")
    await asyncio.sleep(0.3)
    cancelled = await client.cancel_rollout("polled-sleep")
    ended = await sleeping
    idle = await client.wait_idle(timeout_sec=30, poll_interval_sec=0.1)
    await client.aclose()
    answer = {
        "results": said,
        "cancelled": [cancelled.dispositions, ended.status],
        "idle": idle["lifecycle"],
    }
    sys.stdout.write(json.dumps(answer))


asyncio.run(main())
