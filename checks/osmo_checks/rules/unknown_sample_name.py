"""The grader asks for a sample that the workflow does not make.

## What it does
Compares names in `ctx.samples["name"]` and `ctx.set_sample_reward("name", ...)` with the names that the workflow gives
its agents, sessions and sample sources (SDK 0.2). It stays silent where a name cannot be known.

## Why is this bad?
It is a `KeyError` or `ValueError: Sample ... not found` in every rollout. An agent without a `name` gets a random one,
which no grader can know.

## How to fix it
Go over all samples, or give the agent the name that the grader asks for:

```python
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, score(sample))
```
"""

from collections.abc import Iterator
from difflib import get_close_matches

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.sample_sources import makes_sample, sample_name


def check(rollout: Rollout) -> Iterator[Problem]:
    made = _names_made(rollout)
    if made is None:
        return
    for scope in rollout.grader_scopes:
        for node in _names_asked(rollout, scope):
            value = rollout.resolver.expression(node, scope)
            if isinstance(value, Constant) and isinstance(value.value, str) and value.value not in made:
                yield Problem(in_code(rollout, scope, node), _message(value.value, made))


def _message(asked: str, made: set[str]) -> str:
    if not made:
        return f"No sample is called `{asked}`: the workflow gives its agent no `name`, so it gets a random one."
    near = get_close_matches(asked, made, n=1, cutoff=0)
    return f"The workflow makes no sample called `{asked}`: did you mean `{near[0]}`?"


def _names_made(rollout: Rollout) -> set[str] | None:
    """Return the names of all samples the workflow makes; ``None`` where there may be others, or none are named."""
    source = rollout.contract.data.get("sample_source")
    if not source or "name" not in source["parameters"]:
        return None
    calls = [call for scope in rollout.workflow_scopes for call in rollout.calls_in(scope)]
    makes = [makes_sample(rollout, call) for call in calls]
    makers = [call for call, made in zip(calls, makes, strict=True) if made]
    if None in makes or not makers or any(_may_have_any_name(rollout, call) for call in makers):
        return None
    return {name for call in makers if (name := sample_name(rollout, call)) is not None}


def _may_have_any_name(rollout: Rollout, call: Call) -> bool:
    """Tell whether ``call`` is given a name that is not written there."""
    is_agent = call.name == rollout.sdk("OsmosisStrandsAgent")
    given = call.argument("name", None if is_agent else 0) or call.argument("agent_id")
    return call.unpacks or (given is not None and sample_name(rollout, call) is None)


def _names_asked(rollout: Rollout, scope: Scope) -> Iterator[cst.BaseExpression]:
    context = rollout.contract.grader.context if rollout.contract.grader else ""
    for site in scope.each(cst.Subscript):
        index = site.node.slice[0].slice
        samples = rollout.resolver.expression(site.node.value, scope) == External(f"{context}.samples")
        if isinstance(index, cst.Index) and samples:
            yield index.value
    for call in rollout.calls_in(scope):
        given = call.argument("sample_id", 0) if call.name == f"{context}.set_sample_reward" else None
        if given is not None:
            yield given


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"
_AGENT = "print(OsmosisStrandsAgent({}model=OsmosisRolloutModel()))"
_SESSION = "from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisMemorySession"

RULE = Rule(
    code="OSG111",
    name="unknown-sample-name",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_STRANDS,
                run=_AGENT.format('name="multiply", '),
                grade='sample = ctx.samples[«"main"»]\nctx.set_sample_reward(«"main"», float(bool(sample.messages)))',
            )
        ),
        Example(
            main_py(
                imports=_STRANDS,
                run=_AGENT.format(""),
                grade='ctx.set_sample_reward(«"agent"», float(ctx.label == "4"))',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_SESSION,
                above='NAME = "main"',
                run="print(OsmosisMemorySession(NAME))",
                grade='ctx.set_sample_reward("main", float(ctx.label == "4"))',
            )
        ),
        Example(
            main_py(
                imports=_STRANDS,
                run=_AGENT.format("name=self.config.name, "),
                grade='ctx.set_sample_reward("main", float(ctx.label == "4"))',
            )
        ),
        Example(main_py(imports=_STRANDS, run=_AGENT.format(""))),
    ),
)
