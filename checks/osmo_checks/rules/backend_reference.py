"""A backend is given the name of something that is not there.

## What it does
Looks at texts given for `workflow=`, `grader=` and their configs: whether they have the form `module:Name`, and whether
a module of the rollout has that name.

## Why is this bad?
The backend imports the reference when it is made. A wrong one is a `ValueError` or `ImportError`, and the server never
starts.

## How to fix it
Write the module as it is imported, a colon, and the name: `"my_rollout.workflow:MyWorkflow"`. Or give the class itself,
which your editor can check.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python.values import Constant
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.references import mistake_in

_PARAMETERS = ("workflow", "workflow_config", "grader", "grader_config")


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in rollout.calls:
        for parameter in _PARAMETERS if call.name == rollout.sdk("LocalBackend") else ():
            given = call.argument(parameter)
            value = rollout.resolver.expression(given, call.site.scope) if given else None
            if given and isinstance(value, Constant) and isinstance(value.value, str):
                mistake = mistake_in(rollout, value.value)
                if mistake:
                    yield Problem(in_code(rollout, call.site.scope, given), mistake)


_IMPORTS = "from osmosis_ai.rollout.backend.local import LocalBackend"
_GRADING = """\
from osmosis_ai.rollout import Grader


class ExactGrader(Grader):
    async def grade(self, ctx) -> None:
        for name in ctx.samples:
            ctx.set_sample_reward(name, 1.0)
"""


def _served(by: str) -> Example:
    main = main_py(imports=_IMPORTS, below=f"backend = LocalBackend(workflow=MyWorkflow, grader={by})")
    return Example({"rollouts/demo/main.py": main, "rollouts/demo/grading.py": _GRADING})


RULE = Rule(
    code="OSC120",
    name="backend-reference",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(_served('«"grading:Exactgrader"»'), _served('«"grading.ExactGrader"»')),
    good=(_served('"grading:ExactGrader"'), _served('"our_company.graders:ExactGrader"')),
)
