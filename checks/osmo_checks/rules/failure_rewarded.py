"""A failure while grading is rewarded.

## What it does
Looks for `except` branches, in the code that `grade` reaches, that set a reward above zero, or return a number above
zero from a function whose result is the reward.

## Why is this bad?
The model learns which answers make the grader fail. An answer that cannot be parsed then pays as much as a right one,
and an outage of a judge looks like progress.

## How to fix it
Give `0.0` where the answer is at fault. Where the grader is, let the error out: the rollout then counts as failed, and
trains nothing.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Site
from osmo_checks.python.values import Constant, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.rewarding import Reward, rewards


def check(rollout: Rollout) -> Iterator[Problem]:
    for reward in dict.fromkeys([*rewards(rollout), *_returned(rollout)]):
        value = rollout.resolver.expression(reward.value, reward.scope)
        number = value.value if isinstance(value, Constant) and isinstance(value.value, int | float) else 0
        if number > 0 and _in_handler(reward):
            message = f"A failure pays {number} here, so the model learns to cause it: give 0.0, or let the error out."
            yield Problem(in_code(rollout, reward.scope, reward.value), message)


def _returned(rollout: Rollout) -> Iterator[Reward]:
    """Yield what functions of the user's return whose result is a reward."""
    for reward in rewards(rollout):
        node = reward.value.expression if isinstance(reward.value, cst.Await) else reward.value
        called = rollout.resolver.expression(node.func, reward.scope) if isinstance(node, cst.Call) else None
        for site in called.scope.each(cst.Return) if isinstance(called, UserFunction) else ():
            if site.node.value is not None:
                yield Reward(site.node.value, site.scope)


def _in_handler(reward: Reward) -> bool:
    scope = reward.scope
    sites: list[Site[cst.Call] | Site[cst.Assign] | Site[cst.Return]]
    sites = [*scope.each(cst.Call), *scope.each(cst.Assign), *scope.each(cst.Return)]
    giving = [site for site in sites if any(part is reward.value for part in _parts(site.node))]
    return any(isinstance(node, cst.ExceptHandler) for site in giving for node in site.ancestors())


def _parts(node: cst.Call | cst.Assign | cst.Return) -> list[cst.BaseExpression | None]:
    if isinstance(node, cst.Call):
        return [argument.value for argument in node.args]
    return [node.value]


_SCORE = """\
def score(text: str, label: str) -> float:
    try:
        return 1.0 if float(text) == float(label) else 0.0
    except ValueError:
        return {}
"""
_EACH = "for name, sample in ctx.samples.items():\n    {}"

RULE = Rule(
    code="OSG108",
    name="failure-rewarded",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                above=_SCORE.format("«0.5»"),
                grade=_EACH.format("ctx.set_sample_reward(name, score(sample.messages[-1]['content'], ctx.label))"),
            )
        ),
        Example(
            main_py(
                imports="from our_company import judge",
                grade=_EACH.format(
                    "try:\n        sample.reward = await judge(sample)\n"
                    "    except TimeoutError:\n        ctx.set_sample_reward(name, «1.0»)"
                ),
            )
        ),
    ),
    good=(
        Example(
            main_py(
                above=_SCORE.format("0.0"),
                grade=_EACH.format("ctx.set_sample_reward(name, score(sample.messages[-1]['content'], ctx.label))"),
            )
        ),
        Example(
            main_py(
                above="def turns(text):\n    try:\n        return int(text)\n    except ValueError:\n        return 1",
                grade=_EACH.format("print(turns(ctx.label))\n    sample.reward = float(len(sample.messages) < 4)"),
            )
        ),
    ),
)
