import asyncio
import json
import urllib.request

from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext, get_rollout_context


def ask(url: str, key: str, messages: list) -> dict:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    body = json.dumps({"model": "any", "messages": messages}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/chat/completions", body, headers)) as answer:
        return json.load(answer)["choices"][0]["message"]


class Workflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> list:
        here = get_rollout_context()
        return [*ctx.prompt, await asyncio.to_thread(ask, here.chat_completions_url, here.api_key, ctx.prompt)]


class OneGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        ctx.set_reward(1.0)
