"""A backend is given a grader for its workflow, or a workflow for its grader.

## What it does
Looks at `workflow=` and `grader=` of `LocalBackend` and `HarborBackend`, and at what the classes given derive from.

## Why is this bad?
The backend makes one of each for every rollout and calls `run` and `grade`. A class that lacks the method is a
`TypeError` or an `AttributeError`, in every rollout, and nothing says so before.

## How to fix it
Give each class in its place: `LocalBackend(workflow=MyWorkflow, grader=MyGrader)`.
"""

from collections.abc import Iterator

from osmo_checks.casting import given_to_backends
from osmo_checks.contracts import Role
from osmo_checks.finding import Severity
from osmo_checks.python.values import External, UserClass, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code


def check(rollout: Rollout) -> Iterator[Problem]:
    for role in rollout.contract.roles:
        for given in given_to_backends(rollout, role):
            other = _other_role(rollout, role, given.value) if isinstance(given.value, UserClass) else None
            if other and given.argument and isinstance(given.value, UserClass):
                bases = [one.base.rpartition(".")[2] for one in (other, role)]
                what = f"`{given.value.scope.name}` derives from `{bases[0]}`"
                message = f"{what}: give `{role.noun}` a class that derives from `{bases[1]}`."
                yield Problem(in_code(rollout, given.call.site.scope, given.argument), message)


def _other_role(rollout: Rollout, role: Role, given: UserClass) -> Role | None:
    """Return the role that a class plays which certainly does not play ``role``."""
    if rollout.resolver.derives(given.scope, [role.base]) is not False or _has_foreign_base(rollout, given):
        return None
    if isinstance(rollout.resolver.attribute(given, role.method), UserFunction):
        return None
    return next((one for one in rollout.contract.roles if rollout.resolver.derives(given.scope, [one.base])), None)


def _has_foreign_base(rollout: Rollout, given: UserClass) -> bool:
    """Tell whether a base class of somebody else's may bring the method along."""
    known = ("builtins.", "abc.", "typing.", f"{rollout.contract.data['package']}.")
    return any(
        isinstance(base, External) and not base.name.startswith(known) for base in rollout.resolver.mro(given.scope)
    )


_IMPORTS = "from osmosis_ai.rollout.backend.local import LocalBackend"
_GRADED = """\
from osmosis_ai.rollout import AgentWorkflow, GraderContext
from osmosis_ai.rollout.backend.local import LocalBackend
from our_company import Grading


class Alone(AgentWorkflow):
    async def run(self, ctx) -> None:
        print(ctx.prompt)

    async def {}(self, ctx: GraderContext) -> None:
        ctx.set_reward(1.0)


class Ours({}):
    pass


backend = LocalBackend(workflow=Alone, grader=Ours)
"""


def _served(workflow: str, grader: str) -> Example:
    below = f"backend = LocalBackend(workflow={workflow}, grader={grader})"
    return Example(main_py(imports=_IMPORTS, below=below))


RULE = Rule(
    code="OSC122",
    name="roles-swapped",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        _served("«MyGrader»", "«MyWorkflow»"),
        _served("MyWorkflow", "«MyWorkflow»"),
        _served("MyWorkflow", '«"main:MyWorkflow"»'),
    ),
    good=(
        _served("MyWorkflow", "MyGrader"),
        Example(_GRADED.format("grade", "Alone"), "0.3"),
        Example(_GRADED.format("score", "Alone, Grading"), "0.3"),
    ),
)
