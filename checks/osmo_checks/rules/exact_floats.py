"""Two floats are compared exactly.

## What it does
Looks for `float(...) == float(...)` in the code that `grade` reaches, where one of them is made of what the model
wrote.

## Why is this bad?
`0.1 + 0.2` is not `0.3`, and `3.33` is not `3.3333`. Right answers that are rounded or written another way get no
reward, and the model learns to avoid them.

## How to fix it
Say how close is close enough: `math.isclose(float(text), float(ctx.label), rel_tol=1e-6)`. Where every digit counts,
compare `decimal.Decimal`s.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.origins import from_samples
from osmo_checks.rules.places import in_code

_FLOAT = Instance(External("builtins.float"))


def check(rollout: Rollout) -> Iterator[Problem]:
    samples = from_samples(rollout)
    for scope in rollout.grader_scopes:
        for site in scope.each(cst.Comparison):
            if _is_exact(rollout, site.node, scope) and samples.of(site.node, scope):
                message = "Right answers that are rounded differ in the last digit: compare with `math.isclose`."
                yield Problem(in_code(rollout, scope, site.node), message)


def _is_exact(rollout: Rollout, node: cst.Comparison, scope: Scope) -> bool:
    if len(node.comparisons) != 1 or not isinstance(node.comparisons[0].operator, cst.Equal | cst.NotEqual):
        return False
    sides = (node.left, node.comparisons[0].comparator)
    return all(rollout.resolver.expression(side, scope) == _FLOAT for side in sides)


_EACH = """\
for name, sample in ctx.samples.items():
    text = sample.messages[-1]["content"]
    ctx.set_sample_reward(name, float({}))"""

RULE = Rule(
    code="OSG114",
    name="exact-floats",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_EACH.format("«float(text) == float(ctx.label)»"))),
        Example(
            main_py(
                above="def is_right(text: str, label: str) -> bool:\n"
                "    value = float(text)\n    return not «value != float(label)»",
                grade=_EACH.format("is_right(text, ctx.label)"),
            )
        ),
    ),
    good=(
        Example(main_py(grade=_EACH.format("int(text) == int(ctx.label)"))),
        Example(main_py(imports="import math", grade=_EACH.format("math.isclose(float(text), float(ctx.label))"))),
        Example(
            main_py(imports="from decimal import Decimal", grade=_EACH.format("Decimal(text) == Decimal(ctx.label)"))
        ),
    ),
)
