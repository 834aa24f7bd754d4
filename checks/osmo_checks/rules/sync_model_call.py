"""A model is called without `await`, by the twin of a coroutine.

## What it does
Follows the code that `run`, `grade` and async tools reach and looks for `agent("...")`, `agent.structured_output(...)`
and sync clients of model providers: `OpenAI`, `Anthropic`, `litellm.completion`.

## Why is this bad?
A whole conversation, tools included, passes before any other rollout of the process moves again: however many rollouts
the config admits, they run one by one, and most run into their deadline.

## How to fix it
Await the coroutine that every framework offers beside the sync call:

```python
result = await agent.invoke_async(prompt)
```

`--fix` rewrites calls of Strands agents in coroutines.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.coroutines import agent_names, calls_agent
from osmo_checks.rules.edits import awaited
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.loop_calls import loop_calls
from osmo_checks.rules.places import in_code

#: Sync calls of a model, and what to await instead.
_TWINS = {
    "litellm.completion": "litellm.acompletion(...)",
    "litellm.responses": "litellm.aresponses(...)",
    "openai.OpenAI.chat.completions.create": "AsyncOpenAI(...).chat.completions.create(...)",
    "openai.OpenAI.chat.completions.parse": "AsyncOpenAI(...).chat.completions.parse(...)",
    "openai.OpenAI.responses.create": "AsyncOpenAI(...).responses.create(...)",
    "openai.AzureOpenAI.chat.completions.create": "AsyncAzureOpenAI(...).chat.completions.create(...)",
    "anthropic.Anthropic.messages.create": "AsyncAnthropic(...).messages.create(...)",
    "google.genai.Client.models.generate_content": "client.aio.models.generate_content(...)",
    "groq.Groq.chat.completions.create": "AsyncGroq(...).chat.completions.create(...)",
    "strands.tools.mcp.MCPClient.call_tool_sync": "client.call_tool_async(...)",
}


def check(rollout: Rollout) -> Iterator[Problem]:
    structured = {f"{agent}.structured_output" for agent in agent_names(rollout)}
    for call in loop_calls(rollout):
        if isinstance(call.site.parent, cst.Await) and calls_agent(rollout, call):
            # Another rule says the same of a call that is awaited, which fails.
            continue
        if calls_agent(rollout, call):
            yield _problem(rollout, call, "agent.invoke_async(...)", _repair(rollout, call, ".invoke_async"))
        elif call.name in structured:
            repair = _repair(rollout, call, "_async")
            yield _problem(rollout, call, "agent.structured_output_async(...)", repair)
        elif call.name in _TWINS:
            yield _problem(rollout, call, _TWINS[call.name], None)


def _problem(rollout: Rollout, call: Call, twin: str, repair: Repair | None) -> Problem:
    message = f"This call holds up every rollout in the process until the model has answered: write `await {twin}`."
    return Problem(in_code(rollout, call.site.scope, call.site.node.func), message, repair)


def _repair(rollout: Rollout, call: Call, ending: str) -> Repair | None:
    edits = awaited(rollout, call.site)
    function = in_code(rollout, call.site.scope, call.site.node.func)
    return Repair("Await the coroutine.", (*edits, Rewrite(function, ending, "after"))) if edits else None


_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OSA102",
    name="sync-model-call",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
answer = str(«agent»(ctx.prompt[-1]["content"]))
print(answer)
""",
            )
        ),
        Example(
            main_py(
                imports=f"{_AGENT} as Agent",
                above="""
class Patient(Agent):
    def ask(self, question: str) -> str:
        return str(«self»(question))
""",
                run='print(Patient(model=OsmosisRolloutModel()).ask(ctx.prompt[-1]["content"]))',
            )
        ),
        Example(
            main_py(
                imports="from openai import OpenAI",
                above="judge = OpenAI()",
                grade="""
for sample_id, sample in ctx.samples.items():
    question = f"Does this say {ctx.label}? yes or no: {sample.messages[-1]}"
    verdict = «judge.chat.completions.create»(model="gpt-5-mini", messages=[{"role": "user", "content": question}])
    ctx.set_sample_reward(sample_id, float(verdict.choices[0].message.content == "yes"))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
await agent.invoke_async(ctx.prompt[-1]["content"])
async for event in agent.stream_async("Are you sure?"):
    print(event)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\n\nfrom openai import AsyncOpenAI, OpenAI",
                above="""
class Judge:
    def __init__(self, client):
        self.client = client

    def __call__(self, text):
        return self.client.moderations.create(input=text)


judge = AsyncOpenAI()
""",
                grade="""
moderate = Judge(OpenAI())
for sample_id, sample in ctx.samples.items():
    flagged = await asyncio.to_thread(moderate, str(sample.messages[-1]))
    verdict = await judge.chat.completions.create(model="gpt-5-mini", messages=sample.messages)
    ctx.set_sample_reward(sample_id, 0.0 if flagged else float(len(verdict.choices) == 1))
""",
            )
        ),
    ),
)
