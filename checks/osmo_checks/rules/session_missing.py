"""An OpenAI Agents run has no `OsmosisMemorySession`.

## What it does
Looks at `Runner.run(agent, ...)` with an `OsmosisAgent` and no `session=`, or with a session that is not Osmosis'.

## Why is this bad?
The session is what keeps the conversation as the sample. Without it, SDK 0.2 raises `RuntimeError` at the first model
call, and SDK 0.3 has nothing to grade.

## How to fix it
```python
await Runner.run(agent, question, session=OsmosisMemorySession())
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import Constant, External, Instance
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Place, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_RUNS = ("agents.Runner.run", "agents.Runner.run_sync", "agents.Runner.run_streamed")


def check(rollout: Rollout) -> Iterator[Problem]:
    if _returns_messages(rollout):
        return
    agent = Instance(External(rollout.sdk("OsmosisAgent")))
    for call in (call for scope in rollout.workflow_scopes for call in rollout.calls_in(scope)):
        given = call.argument("starting_agent", 0) if call.name in _RUNS and not call.unpacks else None
        if given and rollout.resolver.expression(given, call.site.scope) == agent:
            place = _mistake(rollout, call)
            if place:
                yield Problem(place, "This run leaves no sample: give `session=OsmosisMemorySession()`.")


def _mistake(rollout: Rollout, call: Call) -> Place | None:
    session = call.argument("session")
    if session is None:
        return in_code(rollout, call.site.scope, call.site.node.func)
    value = rollout.resolver.expression(session, call.site.scope)
    foreign = isinstance(value, Instance) and isinstance(value.of, External) and value.of.name.startswith("agents.")
    return in_code(rollout, call.site.scope, session) if foreign or value == Constant(None) else None


def _returns_messages(rollout: Rollout) -> bool:
    """Tell whether `run` itself returns what may be the sample, where the generation takes that."""
    if not rollout.contract.data["workflow"].get("uses_result"):
        return False
    methods = [method for player, method in rollout.methods() if player.role is rollout.contract.workflow]
    return any(site.node.value for method in methods for site in method.each(cst.Return))


_IMPORTS = """\
from agents import Runner, SQLiteSession
from osmosis_ai.rollout.integrations.agents import openai_agents
from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisAgent, OsmosisMemorySession"""
_RUN = (
    'agent = OsmosisAgent(name="main", model=openai_agents.OsmosisRolloutModel())\nresult = await {}(agent, "hi"{})\n'
)
_ONE = "ctx.set_reward(1.0)"

RULE = Rule(
    code="OSM104",
    name="session-missing",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports=_IMPORTS, run=_RUN.format("«Runner.run»", ""))),
        Example(main_py(imports=_IMPORTS, run=_RUN.format("Runner.run", ', session=«SQLiteSession("a")»'))),
        Example(
            main_py(imports=_IMPORTS, run=_RUN.format("«Runner.run»", ", max_turns=4"), grade=_ONE), contract="0.3"
        ),
    ),
    good=(
        Example(main_py(imports=_IMPORTS, run=_RUN.format("Runner.run", ", session=OsmosisMemorySession()"))),
        Example(
            main_py(
                imports=_IMPORTS,
                run=_RUN.format("Runner.run", "") + "return result.to_input_list()",
                grade=_ONE,
                returns="list",
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                run=f'session = OsmosisMemorySession(name="a")\n{_RUN.format("Runner.run", ", session=session")}',
            )
        ),
    ),
)
