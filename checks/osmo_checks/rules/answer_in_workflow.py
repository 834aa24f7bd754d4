"""The workflow reads the right answer.

## What it does
Looks for `ctx.metadata["answer"]` and other names of answers (`label`, `ground_truth`, `solution`, `expected`, ...) in
the code that `run` reaches, and in tools.

## Why is this bad?
What the workflow knows can reach the prompt or a tool's result. The model then learns to copy the answer, rewards are
perfect, and what was trained is worthless without it.

## How to fix it
Read the answer in `grade` only, as `ctx.label` or from `ctx.metadata`. If it is needed to play the environment's part,
as a hidden card is, silence this line: `# osmo: ignore[OSG104]`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_ANSWERS = frozenset(
    (
        *("answer", "answers", "label", "labels", "ground_truth", "groundtruth", "solution", "expected", "gold"),
        *("expected_answer", "correct_answer", "reference_answer", "gold_answer", "final_answer", "target_answer"),
    )
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in dict.fromkeys((*rollout.workflow_scopes, *rollout.tools)):
        for node, key in _keys(rollout, scope):
            value = rollout.resolver.expression(key, scope)
            if isinstance(value, Constant) and isinstance(value.value, str) and value.value.lower() in _ANSWERS:
                message = f"The workflow knows the `{value.value}`, which only the grader should: read it in `grade`."
                yield Problem(in_code(rollout, scope, node), message)


def _keys(rollout: Rollout, scope: Scope) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """Yield the places that take something out of the row's metadata, and what they take."""
    for site in scope.each(cst.Subscript):
        index = site.node.slice[0].slice
        if isinstance(index, cst.Index) and _is_metadata(rollout, site.node.value, scope):
            yield site.node, index.value
    for call in scope.each(cst.Call):
        function, given = call.node.func, call.node.args
        if isinstance(function, cst.Attribute) and function.attr.value in ("get", "pop") and given:
            yield from [(call.node, given[0].value)] if _is_metadata(rollout, function.value, scope) else []


def _is_metadata(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    """Tell whether ``node`` is `ctx.metadata`, or a name for it, `or {}` allowed."""
    bindings = scope.bindings.get(node.value, ()) if isinstance(node, cst.Name) else ()
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, ValueBinding) and only.value is not None and not isinstance(only.value, cst.Name):
        node = only.value
    while isinstance(node, cst.BooleanOperation):
        node = node.left
    value = rollout.resolver.expression(node, scope)
    return value == External(f"{rollout.contract.workflow.context}.metadata")


RULE = Rule(
    code="OSG104",
    name="answer-in-workflow",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(run="print(f\"Hint: {«ctx.metadata['answer']»}\")")),
        Example(main_py(run='row = ctx.metadata or {}\nprint(row["question"], «row.get("ground_truth")»)')),
    ),
    good=(
        Example(main_py(run='print(ctx.metadata["question"], (ctx.metadata or {}).get("difficulty"))')),
        Example(
            main_py(
                run='reply = {"answer": "4"}\nprint(reply["answer"])',
                grade='for name in ctx.samples:\n    ctx.set_sample_reward(name, float(ctx.metadata["answer"] == "4"))',
            )
        ),
    ),
)
