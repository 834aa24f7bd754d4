"""One run of a workflow registers a second sample.

## What it does
Looks for two Osmosis agents, sessions or registered sources on one path through `run`, or for one in a loop. SDK 0.3
takes one sample per rollout; SDK 0.2 takes several, but each under a name of its own.

## Why is this bad?
The second one raises `ValueError` as soon as it is made, in every rollout that comes by.

## How to fix it
In SDK 0.3, make one agent or session and go on with it; helpers that should not be trained are plain agents. In SDK
0.2, give each its own `name=`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import UserFunction
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.sample_sources import makes_sample, may_both_run, sample_name


class _Source(NamedTuple):
    call: Call
    name: str


def check(rollout: Rollout) -> Iterator[Problem]:
    if "sample_source" not in rollout.contract.data:
        return
    for scope in rollout.workflow_scopes:
        sources = list(_sources(rollout, scope))
        for number, source in enumerate(sources):
            earlier = [one for one in sources[:number] if one.name == source.name]
            if _repeats(source.call) or any(may_both_run(one.call.site, source.call.site) for one in earlier):
                place = in_code(rollout, scope, source.call.site.node.func)
                yield Problem(place, _message(rollout, source.name))


def _sources(rollout: Rollout, scope: Scope) -> Iterator[_Source]:
    """Yield the calls in ``scope`` that make a sample, directly or in the user's functions."""
    for call in rollout.calls_in(scope):
        inside = [call]
        if isinstance(call.function, UserFunction):
            reached = rollout.reached_from(call.function.scope)
            inside = [inner for one in reached for inner in rollout.calls_in(one)]
        names = [_label(rollout, one) for one in inside if makes_sample(rollout, one)]
        if names and names[0] is not None:
            yield _Source(call, names[0])


def _label(rollout: Rollout, call: Call) -> str | None:
    """Return what must not come twice: the sample's name where samples have names."""
    named = "name" in rollout.contract.data["sample_source"]["parameters"]
    return sample_name(rollout, call) if named else ""


def _repeats(call: Call) -> bool:
    """Tell whether the call stands in a loop that nothing leaves early."""
    if call.site.scope.kind == "comprehension":
        return True
    loops = [node for node in call.site.ancestors() if isinstance(node, cst.For | cst.While)]
    leaving: list[Site[Any]] = [*call.site.scope.each(cst.Break), *call.site.scope.each(cst.Return)]
    return any(not any(loop in site.ancestors() for site in leaving) for loop in loops)


def _message(rollout: Rollout, name: str) -> str:
    if name:
        return f"There already is a sample called `{name}`, so this raises `ValueError`: give it a name of its own."
    return (
        f"SDK {rollout.contract.generation} takes one sample per rollout, so this raises `ValueError`: make only one."
    )


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"
_SESSION = "from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisMemorySession"
_AGENT = "OsmosisStrandsAgent({}model=OsmosisRolloutModel())"
_ONE = "ctx.set_reward(1.0)"

RULE = Rule(
    code="OSC114",
    name="several-sample-sources",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_STRANDS,
                run=f"planner = {_AGENT.format('')}\nsolver = «OsmosisStrandsAgent»(model=OsmosisRolloutModel())\n"
                "print(planner, solver)",
                grade=_ONE,
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_SESSION,
                run="for message in ctx.prompt:\n    session = self._session()\n    print(session, message)",
                grade=_ONE,
            )
            .replace("self._session()", "«self._session»()")
            .replace(
                "\n\n\nclass MyGrader",
                "\n\n    def _session(self):\n        return OsmosisMemorySession()\n\n\nclass MyGrader",
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_STRANDS,
                run=f"""first = {_AGENT.format('name="main", ')}\n"""
                'second = «OsmosisStrandsAgent»(name="main", model=OsmosisRolloutModel())\nprint(first, second)',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_STRANDS,
                run=f"if ctx.metadata:\n    agent = {_AGENT.format('')}\nelse:\n    agent = {_AGENT.format('')}",
                grade=_ONE,
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_STRANDS,
                run=f"agent = {_AGENT.format('')}\nhelper = OsmosisStrandsAgent(model=self.config.judge)",
                grade=_ONE,
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_STRANDS,
                run=f"for number in range(2):\n    agent = {_AGENT.format('name=str(number), ')}\n    print(agent)",
            )
        ),
        Example(
            main_py(
                imports=_SESSION,
                run="if ctx.metadata:\n    print(OsmosisMemorySession())\n    return\nprint(OsmosisMemorySession())",
                grade=_ONE,
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_SESSION,
                run="if ctx.metadata: print(OsmosisMemorySession()); return\nprint(OsmosisMemorySession())",
                grade=_ONE,
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_SESSION,
                run="if ctx.metadata:\n    print(OsmosisMemorySession())\n    if len(ctx.prompt) > 1:\n        return\n"
                "    else:\n        raise ValueError(ctx.prompt)\nprint(OsmosisMemorySession())",
                grade=_ONE,
            ),
            contract="0.3",
        ),
    ),
)
