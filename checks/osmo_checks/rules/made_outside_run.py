"""Something that belongs to one rollout is made once for all.

## What it does
Looks for Osmosis agents, sessions and `get_rollout_context()` in the code of modules and class bodies, and in functions
that keep their result with `functools.cache` or `lru_cache`.

## Why is this bad?
While a module is imported no rollout is running: `get_rollout_context()` is `None` there, and an Osmosis agent raises
`RuntimeError`. What is kept from the first rollout sends the calls of all later ones to the first one's address, and
their samples never arrive.

## How to fix it
Make them inside of `run`. A placeholder, `OsmosisRolloutModel(...)`, may stay at the top.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.python.walk import all_below
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.sample_sources import is_rollout_model
from osmo_checks.rules.startup import calls_on_import

_KEEPERS = ("functools.cache", "functools.lru_cache", "async_lru.alru_cache")


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in calls_on_import(rollout):
        if _needs_rollout(rollout, call):
            name = call.name.rpartition(".")[2]
            message = f"No rollout is running while this is imported: call `{name}` inside of `run`."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message)
    for scope in rollout.workflow_scopes:
        for call in rollout.calls_in(scope) if _is_kept(rollout, scope) else ():
            if _needs_rollout(rollout, call):
                message = f"`{scope.name}` keeps what belongs to the first rollout for all later ones: do not cache it."
                yield Problem(in_code(rollout, scope, call.site.node.func), message)

    for scope in rollout.workflow_scopes:
        for value in _kept_globally(rollout, scope):
            message = "This is kept for all later rollouts, whose address is another: make it in each `run`."
            yield Problem(in_code(rollout, scope, value), message)


def _kept_globally(rollout: Rollout, scope: Scope) -> Iterator[cst.BaseExpression]:
    """Yield what is assigned to a `global` name and made of the rollout's address or key."""
    names = {item.name.value for site in scope.each(cst.Global) for item in site.node.names}
    context = Instance(External(rollout.sdk("RolloutContext")))
    for site in scope.each(cst.Assign) if names else ():
        parts = [part for part in all_below(site.node.value) if isinstance(part, cst.Attribute)]
        of_rollout = any(rollout.resolver.expression(part.value, scope) == context for part in parts)
        if of_rollout and any(last_name(target.target) in names for target in site.node.targets):
            yield site.node.value


def _needs_rollout(rollout: Rollout, call: Call) -> bool:
    if call.name in (rollout.sdk("get_rollout_context"), rollout.sdk("OsmosisMemorySession")):
        return True
    given = call.argument("model")
    is_agent = call.name in (rollout.sdk("OsmosisStrandsAgent"), rollout.sdk("OsmosisAgent"))
    return is_agent and given is not None and is_rollout_model(rollout, given, call.site.scope) is True


def _is_kept(rollout: Rollout, scope: Scope) -> bool:
    return any(isinstance(mark, External) and mark.name in _KEEPERS for mark in rollout.resolver.decorators(scope))


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"
_CLIENT = """\
import functools

from openai import AsyncOpenAI
from osmosis_ai.rollout import get_rollout_context"""
_MAKE = """\
{}def client():
    rollout = {}()
    return AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)
"""

RULE = Rule(
    code="OSM105",
    name="made-outside-run",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_STRANDS,
                above="AGENT = «OsmosisStrandsAgent»(model=OsmosisRolloutModel())",
                run='await AGENT.invoke_async("hi")',
            )
        ),
        Example(
            main_py(
                imports=_CLIENT,
                above="ROLLOUT = «get_rollout_context»()",
                run="print(AsyncOpenAI(base_url=ROLLOUT.chat_completions_url))",
            )
        ),
        Example(
            main_py(
                imports=_CLIENT,
                above=_MAKE.format("@functools.lru_cache(maxsize=1)\n", "«get_rollout_context»"),
                run='await client().chat.completions.create(model="policy", messages=ctx.prompt)',
            )
        ),
        Example(
            main_py(
                imports=_CLIENT,
                above="CLIENT = None\n\n\ndef client():\n    global CLIENT\n    rollout = get_rollout_context()\n"
                "    CLIENT = CLIENT or «AsyncOpenAI(base_url=rollout.chat_completions_url)»\n    return CLIENT",
                run="print(client())",
            ).replace("CLIENT or «", "«CLIENT or "),
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_STRANDS,
                above='MODEL = OsmosisRolloutModel()\nHELPER = OsmosisStrandsAgent(model="nova")',
                run="print(OsmosisStrandsAgent(model=MODEL))",
            )
        ),
        Example(main_py(imports=_CLIENT, above=_MAKE.format("", "get_rollout_context"), run="print(client())")),
        Example(
            main_py(
                imports="import functools",
                above="@functools.cache\ndef prices():\n    return {}",
                run="print(prices(), ctx.prompt)",
            )
        ),
    ),
)
