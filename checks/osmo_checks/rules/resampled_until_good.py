"""The policy is asked again until its answer pleases.

## What it does
Looks for retry decorators (`tenacity`, `backoff`, `retrying`) on functions of the workflow that ask the model and
either retry on the result or on errors of reading it, or raise an error themselves when it is not good.

## Why is this bad?
Answers that were thrown away are missing from what is trained, so the model never learns that they were bad, and the
reward of the one that was kept is better than the policy deserves. If they stay in the conversation, they are trained
as if they were right.

## How to fix it
Retry on errors of the network only, and let a bad answer be graded as one:

```python
@tenacity.retry(retry=tenacity.retry_if_exception_type(openai.APIConnectionError))
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.python.walk import all_below
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.policy_calls import asks_model

_RETRIES = ("tenacity.retry", "retrying.retry", "backoff.on_exception", "stamina.retry")
_ON_RESULT = ("retry_if_result", "retry_if_not_result", "retry_on_result")
#: What is raised where an answer cannot be read, and what reads it.
_UNREADABLE = (
    "JSONDecodeError",
    "ValueError",
    "KeyError",
    "IndexError",
    "TypeError",
    "ValidationError",
    "AssertionError",
)
_READERS = ("json.loads", "builtins.int", "builtins.float")
_MESSAGE = "Answers that this throws away are never trained, and the kept one is praised for it: let bad answers count."


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.workflow_scopes:
        for decorator in scope.function.decorators if scope.function else ():
            if _retries_answers(rollout, scope, decorator.decorator) and _asks(rollout, scope):
                yield Problem(in_code(rollout, scope, decorator.decorator), _MESSAGE)


def _asks(rollout: Rollout, scope: Scope) -> bool:
    return any(asks_model(rollout, call) for one in rollout.reached_from(scope) for call in rollout.calls_in(one))


def _retries_answers(rollout: Rollout, scope: Scope, decorator: cst.BaseExpression) -> bool:
    called = decorator.func if isinstance(decorator, cst.Call) else decorator
    arguments = decorator.args if isinstance(decorator, cst.Call) else ()
    value = rollout.resolver.expression(called, scope.outer or scope)
    name = value.name if isinstance(value, External) else ""
    if name == "backoff.on_predicate":
        return True
    if name not in _RETRIES:
        return False
    conditions = [argument for argument in arguments if _is_condition(argument, name)]
    if any(last_name(part) in (*_ON_RESULT, *_UNREADABLE) for one in conditions for part in all_below(one)):
        return True
    reads = any(call.name in _READERS for call in rollout.calls_in(scope))
    return not conditions and bool(reads or scope.each(cst.Raise) or scope.each(cst.Assert))


def _is_condition(argument: cst.Arg, decorator: str) -> bool:
    """Tell whether an argument says what to retry on."""
    named = argument.keyword.value if argument.keyword else ""
    return named.startswith(("retry", "on", "exception")) or (
        not named and decorator.startswith(("backoff", "stamina"))
    )


_IMPORTS = "import tenacity\nfrom openai import AsyncOpenAI\nfrom osmosis_ai.rollout import get_rollout_context"
_ASK = """\
@{}
async def ask(messages):
    rollout = get_rollout_context()
    client = AsyncOpenAI(base_url=rollout.chat_completions_url, api_key=rollout.api_key)
    reply = await client.chat.completions.create(model="policy", messages=messages)
    {}
    return reply"""
_THRICE = "tenacity.retry(stop=tenacity.stop_after_attempt(3))"
_ON_ERROR = "tenacity.retry(retry=tenacity.retry_if_exception_type(openai.APIConnectionError))"
_RUN = "await ask(ctx.prompt)"

RULE = Rule(
    code="OSM110",
    name="resampled-until-good",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_IMPORTS,
                above=_ASK.format(
                    f"«{_THRICE}»", 'if "####" not in str(reply):\n        raise ValueError("no final line")'
                ),
                run=_RUN,
            )
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                above=_ASK.format("«tenacity.retry(retry=tenacity.retry_if_result(is_bad))»", "print(reply)"),
                run=_RUN,
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=f"import openai\n{_IMPORTS}",
                above=_ASK.format(_ON_ERROR, "assert reply"),
                run=_RUN,
            )
        ),
        Example(main_py(imports=_IMPORTS, above=_ASK.format(_THRICE, "print(reply)"), run=_RUN)),
    ),
)
