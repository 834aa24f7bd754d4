"""Every sample gets the same reward.

## What it does
Looks at all rewards that `grade` gives: whether they are one and the same number, written in the code.

## Why is this bad?
Training compares the samples of a prompt. Where all rewards are equal there is nothing to compare, no step changes the
model, and the run costs as much as a real one.

## How to fix it
Let the reward depend on the sample. A grader that is still a placeholder can stay like this until the first evaluation.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python.values import Constant
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.rewarding import Reward, lets_go, reward_sites, rewards
from osmo_checks.rules.shapes import forgetful


def check(rollout: Rollout) -> Iterator[Problem]:
    given = list(rewards(rollout))
    values = {rollout.resolver.expression(reward.value, reward.scope) for reward in given}
    only = values.pop() if len(values) == 1 else None
    number = only.value if isinstance(only, Constant) and isinstance(only.value, int | float) else None
    if number is not None and _are_all(rollout, given) and not any(forgetful(rollout, *reward) for reward in given):
        message = f"Every sample gets {number}, so nothing can be learned: let the reward depend on the sample."
        yield Problem(in_code(rollout, given[0].scope, given[0].value), message)


def _are_all(rollout: Rollout, given: list[Reward]) -> bool:
    """Tell whether no reward is given in another way, nor where it cannot be followed."""
    sites = sum(1 for scope in rollout.grader_scopes for _site in reward_sites(scope))
    calls = (call for scope in rollout.grader_scopes for call in rollout.calls_in(scope))
    return sites == len(given) and not any(lets_go(rollout, call) for call in calls)


RULE = Rule(
    code="OSG109",
    name="constant-reward",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade="for name in ctx.samples:\n    ctx.set_sample_reward(name, «1.0»)")),
        Example(
            main_py(
                above="DEFAULT = 0.0",
                grade="if ctx.label is None:\n    ctx.set_reward(«DEFAULT»)\nelse:\n    ctx.set_reward(0.0)",
            ),
            contract="0.3",
        ),
    ),
    good=(
        Example(main_py(grade="ctx.set_reward(0.0)\nif ctx.label:\n    ctx.set_reward(1.0)"), contract="0.3"),
        Example(
            main_py(
                grade="for name, sample in ctx.samples.items():\n    sample.reward = 0.0\n"
                '    sample.reward += "####" in sample.messages[-1]["content"]'
            )
        ),
        Example(
            main_py(
                imports="from our_company import judge",
                grade="ctx.set_reward(0.0)\nawait judge(ctx)",
            ),
            contract="0.3",
        ),
    ),
)
