"""A path through `grade` gives no reward.

## What it does
Follows the branches of `grade` and looks for a `return`, a `continue` or an end that is reached without a reward. A
branch that raises is left alone, and so is one for there being no sample.

## Why is this bad?
A sample without a reward fails its rollout. Those rows never train, and the failures look like trouble with the
platform.

## How to fix it
Give a reward on that path too, or raise an error that says what is wrong with the row:

```python
if ctx.label is None:
    raise ValueError("This row has no ground_truth.")
```
"""

from collections.abc import Iterator
from typing import Any

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.flow import ends_of
from osmo_checks.rules.places import in_code, name_of
from osmo_checks.rules.rewarding import may_reward, reward_sites
from osmo_checks.rules.stopping import stops_in


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        if player.role is not rollout.contract.grader or not method.function:
            continue
        marked = _marked(rollout, method)
        if not marked:
            continue
        stops = stops_in(rollout, method)
        ends = ends_of(method.function.body, marked.__contains__, _is_over_samples, stops)
        for end in ends.unmarked:
            if not _has_no_sample(method, end):
                word = "return" if isinstance(end, cst.Return) else "continue"
                message = f"This `{word}` is reached without a reward: set one before it, or raise an error."
                yield Problem(in_code(rollout, method, end), message)
        if False in ends.falls:
            message = "A path through this `grade` ends without a reward: set one on every path, or raise an error."
            yield Problem(name_of(rollout, method), message)


def _marked(rollout: Rollout, method: Scope) -> set[cst.CSTNode]:
    """Return the nodes of ``method`` in which a reward is given, or may be."""
    marked: set[cst.CSTNode] = set()
    for scope in (method, *(inner for inner in method.below() if inner.kind == "comprehension")):
        sites = [*reward_sites(scope), *(call.site for call in rollout.calls_in(scope) if may_reward(rollout, call))]
        for site in sites:
            marked |= {site.node, *site.ancestors()}
    return marked


def _has_no_sample(method: Scope, end: cst.CSTNode) -> bool:
    """Tell whether ``end`` stands below `if not samples` or `if sample is None`."""
    sites: list[Site[Any]] = [*method.each(cst.Return), *method.each(cst.Continue)]
    around = next((site.ancestors() for site in sites if site.node is end), iter(()))
    return any(isinstance(node, cst.If) and _asks_for_sample(node.test) for node in around)


def _is_over_samples(loop: cst.For) -> bool:
    source = loop.iter.func if isinstance(loop.iter, cst.Call) else loop.iter
    names = [last_name(source), last_name(source.value) if isinstance(source, cst.Attribute) else ""]
    return any("sample" in name for name in names)


def _asks_for_sample(test: cst.BaseExpression) -> bool:
    if isinstance(test, cst.BooleanOperation):
        return _asks_for_sample(test.left) or _asks_for_sample(test.right)
    asked = test.expression if isinstance(test, cst.UnaryOperation) else None
    if isinstance(test, cst.Comparison):
        asked = test.left
    if isinstance(asked, cst.Call):
        asked = asked.args[0].value if asked.args else asked.func
    return asked is not None and "sample" in last_name(asked).lower()


_EVERY = "for name, sample in ctx.samples.items():\n"

RULE = Rule(
    code="OSG103",
    name="ungraded-path",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=f"if ctx.label is None:\n    «return»\n{_EVERY}    ctx.set_sample_reward(name, 1.0)")),
        Example(
            main_py(
                grade=f"{_EVERY}    if len(sample.messages) < 2:\n        «continue»\n"
                "    ctx.set_sample_reward(name, float(len(sample.messages)))"
            )
        ),
        Example(
            main_py(
                grade="try:\n    expected = int(ctx.label)\nexcept ValueError:\n    print(ctx.label)\nelse:\n"
                "    ctx.set_reward(expected)"
            ).replace("grade(", "«grade»("),
            contract="0.3",
        ),
    ),
    good=(
        Example(
            main_py(grade="sample = ctx.sample\nif sample is None:\n    return\nctx.set_reward(1.0)"),
            contract="0.3",
        ),
        Example(
            main_py(
                imports="from our_company import judge",
                grade="try:\n    await judge(ctx)\nexcept TimeoutError:\n    ctx.set_reward(0.0)\n    raise",
            ),
            contract="0.3",
        ),
        Example(
            main_py(
                grade="def give(value):\n    for name in ctx.samples:\n        ctx.set_sample_reward(name, value)\n\n"
                "match ctx.label:\n    case None:\n        give(0.0)\n    case _:\n        give(1.0)"
            )
        ),
        Example(
            main_py(
                imports="from our_company import give_up",
                grade="if ctx.label is None:\n    give_up('no label')\nelse:\n    ctx.set_reward(1.0)",
            ),
            contract="0.3",
        ),
        Example(main_py(grade="[ctx.set_sample_reward(name, 1.0) for name in ctx.samples]")),
        Example(
            main_py(
                grade="while True:\n    try:\n        ctx.set_reward(float(ctx.label))\n        break\n"
                "    except TimeoutError:\n        continue"
            ),
            contract="0.3",
        ),
    ),
)
