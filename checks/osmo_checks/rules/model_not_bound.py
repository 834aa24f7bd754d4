"""An Osmosis agent has no `OsmosisRolloutModel`, or the placeholder is given to an agent that cannot use it.

## What it does
Looks at `OsmosisStrandsAgent` and `OsmosisAgent` without a model or with a fixed one, in workflows that ask the policy
nowhere else; at those that are given the class `OsmosisRolloutModel` itself; and at `strands.Agent` and `agents.Agent`
that are given an `OsmosisRolloutModel`.

## Why is this bad?
Only the pair works. An Osmosis agent without the placeholder is a plain agent: it asks a fixed provider and registers
no sample. The placeholder alone has no address, and raises `NotImplementedError` when it is asked.

## How to fix it
```python
agent = OsmosisStrandsAgent(name="main", model=OsmosisRolloutModel(), tools=[...])
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python.values import External
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.policy_calls import may_ask_policy
from osmo_checks.rules.sample_sources import is_rollout_model

#: Plain agents, and what to write for them.
_PLAIN = {
    "strands.Agent": "OsmosisStrandsAgent",
    "strands.agent.Agent": "OsmosisStrandsAgent",
    "agents.Agent": "OsmosisAgent",
    "agents.agent.Agent": "OsmosisAgent",
}


def check(rollout: Rollout) -> Iterator[Problem]:
    osmosis = [rollout.sdk(name) for name in ("OsmosisStrandsAgent", "OsmosisAgent")]
    for call in (call for scope in rollout.workflow_scopes for call in rollout.calls_in(scope)):
        place = in_code(rollout, call.site.scope, call.site.node.func)
        if call.name in _PLAIN and _has_placeholder(rollout, call):
            yield Problem(place, f"A plain agent cannot use `OsmosisRolloutModel`: make an `{_PLAIN[call.name]}`.")
        elif call.name in osmosis and _has_class(rollout, call):
            yield _uncalled(rollout, call)
        elif call.name in osmosis and _has_fixed_model(rollout, call) and not may_ask_policy(rollout):
            short = call.name.rpartition(".")[2]
            yield Problem(
                place, f"This `{short}` never asks the model in training: give `model=OsmosisRolloutModel()`."
            )


def _has_class(rollout: Rollout, call: Call) -> bool:
    """Tell whether the agent is given the class of the placeholder, where it needs one."""
    given = call.argument("model")
    value = rollout.resolver.expression(given, call.site.scope) if given else None
    return value == External(rollout.sdk("OsmosisRolloutModel"))


def _uncalled(rollout: Rollout, call: Call) -> Problem:
    given = call.argument("model")
    place = in_code(rollout, call.site.scope, given or call.site.node.func)
    repair = Repair("Call it.", (Rewrite(place, "()", "after"),))
    return Problem(place, "This is the class, and a model is needed: call it, `OsmosisRolloutModel()`.", repair)


def _has_placeholder(rollout: Rollout, call: Call) -> bool:
    given = call.argument("model")
    return given is not None and is_rollout_model(rollout, given, call.site.scope) is True


def _has_fixed_model(rollout: Rollout, call: Call) -> bool:
    given = call.argument("model")
    if given is None:
        return not call.unpacks
    return is_rollout_model(rollout, given, call.site.scope) is False


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"
_AGENT = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisStrandsAgent"
_OPENAI = "from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisAgent"

RULE = Rule(
    code="OSM102",
    name="model-not-bound",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(imports=_AGENT, run='agent = «OsmosisStrandsAgent»(name="main")\nawait agent.invoke_async("hi")')
        ),
        Example(main_py(imports=_OPENAI, run='agent = «OsmosisAgent»(name="main", model="gpt-5.2")\nprint(agent)')),
        Example(main_py(imports=_STRANDS, run="print(OsmosisStrandsAgent(model=«OsmosisRolloutModel»))")),
        Example(
            main_py(
                imports=f"from strands import Agent\n{_STRANDS.replace(', OsmosisStrandsAgent', '')}",
                run='await «Agent»(model=OsmosisRolloutModel()).invoke_async("hi")',
            )
        ),
    ),
    good=(
        Example(main_py(imports=_STRANDS, run="print(OsmosisStrandsAgent(model=OsmosisRolloutModel()))")),
        Example(
            main_py(
                imports=_STRANDS,
                above='MODEL = OsmosisRolloutModel(params={"max_tokens": 1024})',
                run='print(OsmosisStrandsAgent(name="main", model=MODEL))\n'
                'print(OsmosisStrandsAgent(name="simulated user", model="us.amazon.nova"))',
            )
        ),
        Example(main_py(imports=_AGENT, run="print(OsmosisStrandsAgent(model=ctx.config.model))")),
    ),
)
