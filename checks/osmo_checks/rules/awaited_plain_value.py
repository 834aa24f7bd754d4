"""`await` stands before a call that gives nothing to await.

## What it does
Looks for `await` before functions of the user's that are not coroutines and return plain values, before the SDK's plain
methods (`ctx.set_reward`, `get_rollout_context`), and before well-known sync functions such as `requests.get`.

## Why is this bad?
The call itself still runs; then `await` fails with `TypeError: object NoneType can't be used in 'await' expression`. A
`grade` that fails after it set the reward has failed all the same.

## How to fix it
Leave `await` out, as `--fix` does, or make the function a coroutine with `async def`. Of a Strands agent, await
`agent.invoke_async(...)`, which `--fix` writes.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.coroutines import calls_agent, gives_plain_value
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code, written


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in rollout.calls:
        around = call.site.parent
        if isinstance(around, cst.Await) and gives_plain_value(rollout, call):
            agent = calls_agent(rollout, call)
            yield _to_coroutine(rollout, call, around) if agent else _without_await(rollout, call, around)


def _without_await(rollout: Rollout, call: Call, around: cst.Await) -> Problem:
    message = f"`{last_name(call.site.node.func)}` gives nothing to await: leave `await` out."
    place, code = in_code(rollout, call.site.scope, around), written(rollout, call.site.scope, call.site.node)
    return Problem(place, message, Repair("Leave `await` out.", (Rewrite(place, code),)))


def _to_coroutine(rollout: Rollout, call: Call, around: cst.Await) -> Problem:
    """Say what to await of an agent: without `await` the call would hold up every other rollout."""
    message = "Calling an agent gives nothing to await: write `await agent.invoke_async(...)`."
    function = in_code(rollout, call.site.scope, call.site.node.func)
    repair = Repair("Await the coroutine.", (Rewrite(function, ".invoke_async", "after"),))
    return Problem(in_code(rollout, call.site.scope, around), message, repair)


RULE = Rule(
    code="OSA105",
    name="awaited-plain-value",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                grade="""
for sample_id, sample in ctx.samples.items():
    «await ctx.set_sample_reward(sample_id, float(len(sample.messages) == 2))»
""",
            )
        ),
        Example(
            main_py(
                imports="import re",
                above="""
def last_number(text: str) -> str | None:
    found = re.findall(r"\\d+", text)
    if not found:
        return None
    return f"{int(found[-1])}"
""",
                grade="""
for sample_id, sample in ctx.samples.items():
    said = «await last_number(str(sample.messages[-1]))»
    ctx.set_sample_reward(sample_id, float(said == ctx.label))
""",
            )
        ),
        Example(
            """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent


class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
        «await agent("Good morning.")»


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        «await ctx.set_reward(1.0)»
""",
            contract="0.3",
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\n\nimport httpx",
                above="""
def later(text):
    return asyncio.sleep(0, text)


class Base:
    def prepare(self):
        print("nothing to prepare")

    def ask(self):
        raise NotImplementedError

    async def start(self):
        await self.prepare()
        return await self.ask()


class Patient(Base):
    async def prepare(self):
        await asyncio.sleep(1)


def fetch(url):
    if not url:
        return ""
    return httpx.AsyncClient().get(url)
""",
                run="""
print(await later(ctx.prompt))
print(await asyncio.create_task(Patient().start()))
print(await fetch("https://example.org"))
""",
            )
        ),
        Example(
            main_py(
                imports="from osmosis_ai.rollout import get_rollout_context",
                run="""
rollout = get_rollout_context()
samples = await rollout.get_samples()
print(len(samples), ctx.prompt)
""",
            )
        ),
    ),
)
