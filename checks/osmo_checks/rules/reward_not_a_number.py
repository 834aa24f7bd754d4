"""A reward is no finite number.

## What it does
Looks at what is given to `ctx.set_sample_reward`, `ctx.set_reward` and `sample.reward`: `None`, texts, tuples and other
collections, `nan`, infinity, and results of functions of yours that give one of these, or end without a value on some
path.

## Why is this bad?
The SDK sends the reward to the trainer as a JSON number. `None` fails the rollout, as if it had not been graded, and so
do `nan` and infinity, which JSON does not have. A text or tuple is rejected where the reward arrives.

## How to fix it
Give a `float`, and let every path of a scoring function return one:

```python
ctx.set_sample_reward(sample_id, 1.0 if answer == expected else 0.0)
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.rewarding import Reward, rewards
from osmo_checks.rules.shapes import BOOLEAN, NUMBER, forgetful, shape_of


def check(rollout: Rollout) -> Iterator[Problem]:
    for reward in (one for given in rewards(rollout) for one in _sides(given)):
        shape = shape_of(rollout, reward.value, reward.scope)
        forgets = None if shape else forgetful(rollout, reward.value, reward.scope)
        if shape not in (None, NUMBER, BOOLEAN):
            message = f"This reward is {shape}: give a finite number."
            yield Problem(in_code(rollout, reward.scope, reward.value), message)
        elif forgets:
            message = f"`{forgets}` ends without a value on some path, so the reward is `None`: return a number."
            yield Problem(in_code(rollout, reward.scope, reward.value), message)


def _sides(reward: Reward) -> Iterator[Reward]:
    """Yield the values of which `if` and `else` in the reward choose one."""
    if isinstance(reward.value, cst.IfExp):
        for side in (reward.value.body, reward.value.orelse):
            yield from _sides(reward._replace(value=side))
    else:
        yield reward


_SCORE = """\
def score(text, label):
    if label is None:
        {}
    if text.strip() == label:
        return 1.0
    {}
"""
_SET = "for name, sample in ctx.samples.items():\n    ctx.set_sample_reward(name, {})"
_CALL = 'score(sample.messages[-1]["content"], ctx.label)'

RULE = Rule(
    code="OSG102",
    name="reward-not-a-number",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_SET.format("«None»"))),
        Example(main_py(imports="import math", grade="ctx.set_reward(«math.nan»)"), contract="0.3"),
        Example(main_py(above=_SCORE.format("return 0.0", "print('wrong')"), grade=_SET.format(f"«{_CALL}»"))),
        Example(
            main_py(
                above="def score(text):\n    return (1.0, 'exact match') if text else (0.0, 'empty')",
                grade=_SET.format("«score(sample.messages[-1]['content'])»"),
            )
        ),
        Example(
            main_py(
                imports="import re",
                grade="for name, sample in ctx.samples.items():\n"
                '    found = re.search(r"score: ([0-9]+)", sample.messages[-1]["content"])\n'
                "    ctx.set_sample_reward(name, «found.group(1)» if found else 0.0)",
            )
        ),
        Example(main_py(grade='for sample in ctx.samples.values():\n    sample.reward = «f"{len(sample.messages)}"»')),
    ),
    good=(
        Example(main_py(above=_SCORE.format("return 0.0", "return 0.0"), grade=_SET.format(_CALL))),
        Example(
            main_py(
                above=_SCORE.format("raise ValueError('no label')", "raise AssertionError(text)"),
                grade=_SET.format(_CALL),
            )
        ),
        Example(
            main_py(
                imports="from typing import NoReturn",
                above="def fail(why) -> NoReturn:\n    raise ValueError(why)\n\n\n"
                + _SCORE.format("return 0.0", "fail('no answer')"),
                grade=_SET.format(_CALL),
            )
        ),
        Example(
            main_py(
                above="def score(text):\n    for attempt in range(3):\n        try:\n            return float(text)\n"
                "        except ValueError:\n            if attempt == 2:\n                raise",
                grade=_SET.format("score(ctx.label)"),
            )
        ),
        Example(main_py(grade=_SET.format("ctx.label == sample.messages[-1]['content']"))),
        Example(main_py(grade="best = max(0, 1)\nctx.set_reward(min(best, float('0.5')))"), contract="0.3"),
    ),
)
