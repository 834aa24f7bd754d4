r"""An answer counts as right when the label stands anywhere in it.

## What it does
Looks for `ctx.label in text` in the code that `grade` reaches, where the text is what the model wrote.

## Why is this bad?
`"1" in "10"` is true, and so is `"4" in "it is 3, 4 or 5"`. Training finds this within hours: the model learns to name
every candidate, and the reward goes up while the answers get worse.

## How to fix it
Ask for the answer in a fixed form, take it out, and compare it as a whole:

```python
found = re.findall(r"^####\s*(.+)$", text, re.MULTILINE)
reward = 1.0 if found and found[-1].strip() == ctx.label.strip() else 0.0
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.origins import from_label, from_samples, is_text
from osmo_checks.rules.places import in_code

_MESSAGE = "The label may stand anywhere in this text, also among wrong answers: take the answer out and compare it."


def check(rollout: Rollout) -> Iterator[Problem]:
    label, samples = from_label(rollout), from_samples(rollout)
    for scope in rollout.grader_scopes:
        for site in scope.each(cst.Comparison):
            for target in site.node.comparisons:
                searched = target.comparator
                if not isinstance(target.operator, cst.In) or not is_text(rollout, searched, scope):
                    continue
                if label.of(site.node.left, scope) and samples.of(searched, scope):
                    yield Problem(in_code(rollout, scope, site.node), _MESSAGE)


_EACH = "for name, sample in ctx.samples.items():\n    {}\n    ctx.set_sample_reward(name, float(right))"
_LAST = 'text = sample.messages[-1]["content"]'

RULE = Rule(
    code="OSG105",
    name="label-substring",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_EACH.format("right = «ctx.label in str(sample.messages)»"))),
        Example(
            main_py(
                above="def is_right(text: str, expected: str) -> bool:\n    return «expected.lower() in text.lower()»",
                grade=_EACH.format(f"{_LAST}\n    right = is_right(text, ctx.label)"),
            )
        ),
    ),
    good=(
        Example(main_py(grade=_EACH.format(f"{_LAST}\n    right = ctx.label in text.split()"))),
        Example(
            main_py(
                imports="import re", grade=_EACH.format(f'{_LAST}\n    right = ctx.label in re.findall("[A-D]", text)')
            )
        ),
        Example(main_py(grade=_EACH.format(f'{_LAST}\n    right = ctx.label == text and "####" in text'))),
        Example(main_py(grade=_EACH.format(f'{_LAST}\n    right = text in ctx.label.split("|")'))),
    ),
)
