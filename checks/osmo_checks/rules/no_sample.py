"""`run` makes no sample.

## What it does
Follows the code that `run` reaches and looks for what makes a sample: `OsmosisStrandsAgent` with an
`OsmosisRolloutModel`, `OsmosisMemorySession`, a sample source that is registered, and in SDK 0.3 a returned message
list. It stays silent where the context is handed to code that cannot be followed.

## Why is this bad?
There is nothing to grade and nothing to learn from. Every rollout ends with "No samples after grading" (SDK 0.2) or "No
sample to grade" (SDK 0.3).

## How to fix it
Let an Osmosis agent answer:

```python
agent = OsmosisStrandsAgent(name="main", model=OsmosisRolloutModel())
await agent.invoke_async(ctx.prompt[-1]["content"])
```
"""

import sys
from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance, Unknown, UserClass, UserFunction
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import name_of
from osmo_checks.rules.sample_sources import makes_sample

#: Packages that know nothing of rollouts.
_FOREIGN = {
    *sys.stdlib_module_names,
    *("builtins", "openai", "anthropic", "litellm", "httpx", "aiohttp", "requests", "numpy", "pydantic", "tenacity"),
    *("strands", "agents", "tiktoken", "dotenv", "loguru"),
}


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        if player.role is not rollout.contract.workflow or "sample_source" not in rollout.contract.data:
            continue
        scopes = rollout.reached_from(method)
        returned = rollout.contract.data["workflow"].get("uses_result") and _returns_something(method)
        calls = [call for scope in scopes for call in rollout.calls_in(scope)]
        if not returned and not _only_raises(method) and all(_is_no_source(rollout, call) for call in calls):
            message = f"`{player.scope.name}.run` makes no sample, so there is nothing to grade: use an Osmosis agent."
            yield Problem(name_of(rollout, method), message)


def _returns_something(method: Scope) -> bool:
    values = [site.node.value for site in method.each(cst.Return)]
    return any(value is not None and not (isinstance(value, cst.Name) and value.value == "None") for value in values)


def _only_raises(method: Scope) -> bool:
    return bool(method.each(cst.Raise)) and not method.each(cst.Await)


def _is_no_source(rollout: Rollout, call: Call) -> bool:
    if makes_sample(rollout, call) is not False:
        return False
    if isinstance(call.function, UserFunction | UserClass):
        return True
    if any(_is_context(rollout, argument.value, call.site.scope) for argument in call.site.node.args):
        return False
    if isinstance(call.function, Unknown):
        # A method of an unknown object that is not given the context; a name could be anybody's.
        return isinstance(call.site.node.func, cst.Attribute) and not _is_someones(rollout, call)
    return call.name.partition(".")[0] in {*_FOREIGN, "osmosis_ai", ""}


def _is_someones(rollout: Rollout, call: Call) -> bool:
    """Tell whether a method is one of the user's own classes, or of a package that may know of rollouts."""
    root: cst.BaseExpression = call.site.node.func
    if isinstance(root, cst.Attribute) and _is_own(rollout, root.value, call.site.scope):
        return True
    while isinstance(root, cst.Attribute):
        root = root.value
    value = rollout.resolver.expression(root, call.site.scope)
    owner = value.of if isinstance(value, Instance) else value
    return isinstance(owner, External) and owner.name.partition(".")[0] not in _FOREIGN


def _is_own(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    """Tell whether ``node`` is of a class of the user's, which may inherit what it does: `self`, `super()`."""
    if isinstance(node, cst.Call) and rollout.resolver.expression(node.func, scope) == External("builtins.super"):
        return True
    value = rollout.resolver.expression(node, scope)
    return isinstance(value, Instance) and isinstance(value.of, UserClass)


def _is_context(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    value = rollout.resolver.expression(node, scope)
    model = External(rollout.sdk("OsmosisRolloutModel"))
    # The class of the model is reported by itself where it is given in place of a model.
    return value in (
        Instance(External(rollout.contract.workflow.context)),
        Instance(External(rollout.sdk("RolloutContext"))),
        Instance(model),
        model,
    )


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OSC113",
    name="no-sample",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py().replace("run(", "«run»(")),
        Example(
            main_py(
                imports="from openai import AsyncOpenAI\nfrom osmosis_ai.rollout import get_rollout_context",
                run="rollout = get_rollout_context()\n"
                "client = AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)\n"
                'reply = await client.chat.completions.create(model="policy", messages=ctx.prompt)\n'
                "return reply.choices[0].message.content",
            ).replace("run(", "«run»(")
        ),
        Example(
            main_py(
                imports="from strands import Agent",
                run='agent = Agent(model="us.amazon.nova")  # osmo: ignore[OSM101]\nawait agent.invoke_async("hi")',
                grade="ctx.set_reward(1.0)",
            ).replace("run(", "«run»("),
            contract="0.3",
        ),
    ),
    good=(
        Example(
            main_py(imports=_STRANDS, run="agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())\nprint(agent)")
        ),
        Example(main_py(run="return [*ctx.prompt]", grade="ctx.set_reward(1.0)", returns="list"), contract="0.3"),
        Example(main_py(imports="from our_company import answer", run="await answer(ctx)")),
        Example(
            main_py(
                imports="from osmosis_ai.rollout import get_rollout_context\nfrom our_company import Source",
                run='get_rollout_context().register_sample_source("main", Source())',
            )
        ),
        Example(
            main_py(
                imports=_STRANDS,
                above="""
class Answering:
    async def answer(self, text):
        await OsmosisStrandsAgent(model=OsmosisRolloutModel()).invoke_async(text)
""",
                run='await super().answer(ctx.prompt[-1]["content"])',
            ).replace("MyWorkflow(", "MyWorkflow(Answering, ")
        ),
        Example(
            main_py(imports="from our_company import Answering", run="await self.answer(len(ctx.prompt))").replace(
                "MyWorkflow(", "MyWorkflow(Answering(), "
            )
        ),
        Example(main_py(run='raise NotImplementedError(f"{len(ctx.prompt)} messages")')),
    ),
)
