"""A backend is given an instance where it needs the class.

## What it does
Looks at `workflow=`, `grader=` and `agent=` of `LocalBackend` and `HarborBackend`.

## Why is this bad?
The backend makes a fresh workflow and grader for every rollout by calling what it was given. Calling an instance is a
`TypeError`, in every rollout.

## How to fix it
Give the class itself: `LocalBackend(workflow=MyWorkflow, grader=MyGrader)`. `--fix` takes the parentheses away where
nothing stands in them. What the constructor should get goes into `workflow_config=` and `grader_config=`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import Instance, UserClass, UserFunction
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_PARAMETERS = ("workflow", "grader", "agent")


def check(rollout: Rollout) -> Iterator[Problem]:
    backends = {rollout.sdk(name) for name in ("LocalBackend", "HarborBackend")}
    for call in rollout.calls:
        for parameter in _PARAMETERS if call.name in backends else ():
            given = call.argument(parameter)
            made = _instance_of(rollout, given, call) if given else None
            if given and made:
                message = f"`{parameter}` has to be the class, which is called for every rollout: write `{made.name}`."
                yield Problem(in_code(rollout, call.site.scope, given), message, _repair(rollout, call, given))


def _instance_of(rollout: Rollout, given: cst.BaseExpression, call: Call) -> Scope | None:
    """Return the workflow or grader class that ``given`` is an instance of; one that can be called is let pass."""
    value = rollout.resolver.expression(given, call.site.scope)
    if not isinstance(value, Instance) or not isinstance(value.of, UserClass):
        return None
    bases = [role.base for role in rollout.contract.roles]
    derives = rollout.resolver.derives(value.of.scope, bases)
    callable_ = rollout.resolver.attribute(value, "__call__")
    return value.of.scope if derives and not isinstance(callable_, UserFunction) else None


def _repair(rollout: Rollout, call: Call, given: cst.BaseExpression) -> Repair | None:
    if not isinstance(given, cst.Call) or given.args or not isinstance(given.func, cst.Name):
        return None
    place = in_code(rollout, call.site.scope, given)
    return Repair("Give the class.", (Rewrite(place, given.func.value),))


_IMPORTS = "from osmosis_ai.rollout.backend.local import LocalBackend"
_CALLABLE = """\
class Maker:
    def __call__(self, config):
        return MyWorkflow(config)
"""

RULE = Rule(
    code="OSE106",
    name="instance-for-class",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(imports=_IMPORTS, below="backend = LocalBackend(workflow=«MyWorkflow()», grader=«MyGrader()»)")
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                below="def backend(config):\n    grader = MyGrader(config)\n"
                "    return LocalBackend(workflow=MyWorkflow, grader=«grader»)",
            )
        ),
    ),
    good=(
        Example(main_py(imports=_IMPORTS, below="backend = LocalBackend(workflow=MyWorkflow, grader=MyGrader)")),
        Example(
            main_py(
                imports=_IMPORTS, below='backend = LocalBackend(workflow="main:MyWorkflow", grader="main:MyGrader")'
            )
        ),
        Example(
            main_py(imports=_IMPORTS, below=f"{_CALLABLE}\n\nbackend = LocalBackend(workflow=Maker(), grader=MyGrader)")
        ),
    ),
)
