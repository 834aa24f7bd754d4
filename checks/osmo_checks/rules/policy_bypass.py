"""The workflow calls a fixed model instead of the current policy.

## What it does
Follows the code that `run` reaches and looks for clients and agents of model providers that are made with a fixed
model or address: `OpenAI()`, `litellm.acompletion(model="gpt-5.2")`, `strands.Agent(model="...")`. Clients that are
given the rollout's own address are left alone, and so are graders, which may well ask a judge. Nothing is said where
the policy is asked as well: another model may play the user or judge a turn.

## Why is this bad?
The calls do not pass through the rollout context. The platform cannot serve the model that is being trained, records
no sample, and the run trains nothing while it pays for somebody else's model.

## How to fix it
Use `OsmosisStrandsAgent` or `OsmosisAgent` with an `OsmosisRolloutModel`, or give a client of your own the address and
key of `get_rollout_context()`:

```python
rollout = get_rollout_context()
client = AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import Constant, UserClass, UserFunction
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.names import value_of
from osmo_checks.rules.places import in_code
from osmo_checks.rules.policy_calls import may_ask_policy

#: Makers of clients, and functions that call a model, with the parameters that can lead them to the rollout's address.
_PROVIDERS = {
    **dict.fromkeys(("openai.OpenAI", "openai.AsyncOpenAI"), ("base_url",)),
    **dict.fromkeys(("anthropic.Anthropic", "anthropic.AsyncAnthropic"), ("base_url",)),
    **dict.fromkeys(("litellm.completion", "litellm.acompletion", "litellm.responses"), ("api_base", "base_url")),
    **dict.fromkeys(("google.genai.Client", "mistralai.Mistral", "groq.Groq", "groq.AsyncGroq"), ()),
    **dict.fromkeys(("openai.chat.completions.create", "openai.responses.create"), ()),
}
#: Agents, whose model is the policy only if it is given as an object.
_AGENTS = ("strands.Agent", "strands.agent.Agent", "agents.Agent")


def check(rollout: Rollout) -> Iterator[Problem]:
    found = list(_bypasses(rollout))
    if found and not may_ask_policy(rollout):
        yield from found


def _bypasses(rollout: Rollout) -> Iterator[Problem]:
    for call in _in_workflow(rollout):
        used = call.name.rpartition(".")[2]
        if call.name in _PROVIDERS and not _led_elsewhere(rollout, call):
            yield Problem(
                in_code(rollout, call.site.scope, call.site.node.func),
                f"`{used}` calls a fixed provider, so the model in training never answers: "
                "use the address of `get_rollout_context()` or an Osmosis agent.",
            )
        elif call.name in _AGENTS and _has_fixed_model(rollout, call):
            yield Problem(
                in_code(rollout, call.site.scope, call.site.node.func),
                f"This `{used}` answers with a fixed model, so the model in training never does: "
                f"use `{'OsmosisAgent' if call.name.startswith('agents') else 'OsmosisStrandsAgent'}` "
                "with an `OsmosisRolloutModel`.",
            )


def _in_workflow(rollout: Rollout) -> Iterator[Call]:
    """Yield the calls that `run` reaches, and those that make the module-level clients it uses."""
    scopes = dict.fromkeys([*rollout.workflow_scopes, *_constructors(rollout)])
    calls = [call for scope in scopes for call in rollout.calls_in(scope)]
    yield from calls
    used = {call.name for call in calls}
    for module in rollout.modules:
        for call in rollout.calls_in(module.scope):
            if call.name and any(name.startswith(f"{call.name}.") for name in used):
                yield call


def _constructors(rollout: Rollout) -> Iterator[Scope]:
    """Yield what is reached from the `__init__` of the workflow."""
    for player in rollout.workflows.players:
        constructor = rollout.resolver.attribute(UserClass(player.scope), "__init__")
        if isinstance(constructor, UserFunction):
            yield from rollout.reached_from(constructor.scope)


def _may_unpack(call: Call, parameters: tuple[str, ...]) -> bool:
    """Tell whether ``**`` may give one of ``parameters``: not where its keys can be seen."""
    for argument in call.site.node.args:
        node, _scope = value_of(argument.value, call.site.scope)
        if argument.star and not isinstance(node, cst.Dict):
            return True
        for element in node.elements if argument.star and isinstance(node, cst.Dict) else ():
            key = element.key if isinstance(element, cst.DictElement) else None
            if not isinstance(key, cst.SimpleString) or key.text in parameters:
                return True
    return False


def _led_elsewhere(rollout: Rollout, call: Call) -> bool:
    """Tell whether the call is given an address that is not written there in full."""
    if _may_unpack(call, _PROVIDERS[call.name]):
        return True
    for parameter in _PROVIDERS[call.name]:
        given = call.argument(parameter)
        if given is not None:
            return not isinstance(rollout.resolver.expression(given, call.site.scope), Constant)
    return False


def _has_fixed_model(rollout: Rollout, call: Call) -> bool:
    if call.unpacks:
        return False
    given = call.argument("model")
    return given is None or isinstance(rollout.resolver.expression(given, call.site.scope), Constant)


_MAIN = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext, get_rollout_context
{}

class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        {}


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)
"""

RULE = Rule(
    code="OSM101",
    name="policy-bypass",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            _MAIN.format(
                "from openai import AsyncOpenAI\n",
                'chat = «AsyncOpenAI»().chat\n        await chat.completions.create(model="gpt-5.2", messages=[])',
            )
        ),
        Example(
            _MAIN.format(
                "from openai import OpenAI as Client\n\nclient = «Client»()\n",
                'client.chat.completions.create(model="gpt-5.2", messages=ctx.prompt)',
            )
        ),
        Example(
            _MAIN.format("import litellm\n", 'await «litellm.acompletion»(model="gpt-5.2", messages=ctx.prompt)'),
        ),
        Example(
            _MAIN.format("from strands import Agent\n", 'await «Agent»(model="us.amazon.nova").invoke_async("hi")')
        ),
    ),
    good=(
        Example(
            _MAIN.format(
                "from openai import AsyncOpenAI\n",
                "rollout = get_rollout_context()\n"
                "        client = AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)\n"
                '        await client.chat.completions.create(model="policy", messages=ctx.prompt)',
            )
        ),
        Example(
            _MAIN.format(
                "import litellm\nfrom osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent\n",
                'user = await litellm.acompletion(model="gpt-5.2", messages=ctx.prompt)\n'
                "        agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())\n"
                "        await agent.invoke_async(user.choices[0].message.content)",
            )
        ),
        Example(
            _MAIN.format(
                "from osmosis_ai.rollout import OsmosisRolloutModel\n"
                "from osmosis_ai.rollout import OsmosisStrandsAgent as Agent\n",
                "await Agent(model=OsmosisRolloutModel()).invoke_async(ctx.prompt)",
            )
        ),
    ),
)
