"""The label is compared with something that is no text.

## What it does
Looks for comparisons of `ctx.label` itself with numbers, booleans, lists, tuples, dicts and sets, in the code that
`grade` reaches. Functions that ask `isinstance` are left alone.

## Why is this bad?
A label is a text, whatever the dataset holds: `"5" == 5` is false, so every answer gets the reward of a wrong one, and
`"5" > 4` is a `TypeError`.

## How to fix it
Turn one side into what the other is, and expect that this fails:

```python
try:
    right = abs(float(answer) - float(ctx.label)) < 1e-6
except ValueError:
    right = False
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.shapes import BOOLEAN, DICT, INFINITE, LIST, NAN, NUMBER, SET, TUPLE, shape_of

_NEVER_EQUAL = (NUMBER, INFINITE, NAN, BOOLEAN, LIST, TUPLE, DICT, SET)
_OPERATORS = (cst.Equal, cst.NotEqual, cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.grader_scopes:
        if any(call.name == "builtins.isinstance" for call in rollout.calls_in(scope)):
            continue
        for site in scope.each(cst.Comparison):
            shape = _compared_with(rollout, site.node, scope)
            if shape:
                message = f"The label is a text, and this compares it with {shape}: turn one into what the other is."
                yield Problem(in_code(rollout, scope, site.node), message)


def _compared_with(rollout: Rollout, comparison: cst.Comparison, scope: Scope) -> str | None:
    """Return what the label is compared with, where that is no text."""
    target = comparison.comparisons[0]
    if len(comparison.comparisons) > 1 or not isinstance(target.operator, _OPERATORS):
        return None
    sides = (comparison.left, target.comparator)
    for label, other in (sides, sides[::-1]):
        if _is_label(rollout, label, scope):
            shape = shape_of(rollout, other, scope)
            return shape if shape in _NEVER_EQUAL else None
    return None


def _is_label(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    grader = rollout.contract.grader
    return grader is not None and rollout.resolver.expression(node, scope) == External(f"{grader.context}.label")


_EACH = "for name, sample in ctx.samples.items():\n    {}\n    ctx.set_sample_reward(name, float(right))"
_LAST = 'text = sample.messages[-1]["content"]'

RULE = Rule(
    code="OSG116",
    name="label-is-text",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_EACH.format("right = «ctx.label == 5»"))),
        Example(main_py(grade=_EACH.format(f"{_LAST}\n    expected = ctx.label\n    right = «int(text) == expected»"))),
        Example(
            main_py(
                above="def points(text, expected):\n    return 1.0 if «len(text) <= expected» else 0.0",
                grade="text = ctx.sample.messages[-1]['content']\nctx.set_reward(points(text, ctx.label))",
            ),
            contract="0.3",
        ),
    ),
    good=(
        Example(main_py(grade=_EACH.format(f"{_LAST}\n    right = int(text) == int(ctx.label)"))),
        Example(main_py(grade=_EACH.format(f'{_LAST}\n    right = text == ctx.label and ctx.label != "5"'))),
        Example(main_py(grade=_EACH.format(f"{_LAST}\n    right = len(ctx.label) == 5 or text[0] == ctx.label[0]"))),
        Example(main_py(grade=_EACH.format("right = isinstance(ctx.label, int) and ctx.label == 5"))),
    ),
)
