"""The policy's answers are cached.

## What it does
Looks for LiteLLM's cache being switched on, and for `functools.cache` and the like on functions of the workflow that
ask the model.

## Why is this bad?
The samples of one prompt are then copies of the first, and so are their rewards: there is nothing to compare. Worse,
answers of an older policy are trained as if the present one had given them.

## How to fix it
Take the cache away. What tools and judges fetch may be cached by itself.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code, name_of
from osmo_checks.rules.policy_calls import asks_model

_KEEPERS = ("functools.cache", "functools.lru_cache", "async_lru.alru_cache", "joblib.Memory.cache")
_MESSAGE = "All samples of a prompt become copies of the first answer: do not cache what the model says."


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in (scope for module in rollout.modules for scope in module.scope.below()):
        yield from (Problem(in_code(rollout, scope, node), _MESSAGE) for node in _switched_on(rollout, scope))
    for scope in rollout.workflow_scopes:
        if _is_kept(rollout, scope) and any(asks_model(rollout, call) for call in rollout.calls_in(scope)):
            yield Problem(name_of(rollout, scope), _MESSAGE)


def _switched_on(rollout: Rollout, scope: Scope) -> Iterator[cst.CSTNode]:
    """Yield the places in ``scope`` that switch LiteLLM's cache on."""
    yield from (call.site.node.func for call in rollout.calls_in(scope) if call.name == "litellm.enable_cache")
    for site in scope.each(cst.Assign):
        target = site.node.targets[0].target
        if isinstance(target, cst.Attribute) and target.attr.value == "cache":
            is_cache = rollout.resolver.expression(target, scope) == External("litellm.cache")
            off = rollout.resolver.expression(site.node.value, scope) == Constant(None)
            yield from [target] if is_cache and not off else []


def _is_kept(rollout: Rollout, scope: Scope) -> bool:
    marks = rollout.resolver.decorators(scope) if scope.function and scope.function.decorators else []
    return any(isinstance(mark, External) and mark.name in _KEEPERS for mark in marks)


_ASK = """\
{}
async def {}(question):
    client = AsyncOpenAI(base_url=url(), api_key="x")
    return await client.chat.completions.create(model="policy", messages=[question])"""

RULE = Rule(
    code="OSM111",
    name="answers-cached",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports="import litellm", above='«litellm.cache» = litellm.Cache(type="local")')),
        Example(main_py(imports="import litellm", above='«litellm.enable_cache»(type="disk")')),
        Example(
            main_py(
                imports="from async_lru import alru_cache\nfrom openai import AsyncOpenAI\nfrom ours import url",
                above=_ASK.format("@alru_cache", "«ask»"),
                run="await ask(ctx.prompt[-1])",
            )
        ),
    ),
    good=(
        Example(main_py(imports="import litellm", above="litellm.cache = None")),
        Example(
            main_py(
                imports="import functools",
                above="@functools.cache\ndef prices(day):\n    return {}",
                run="print(prices(ctx.prompt))",
            )
        ),
    ),
)
