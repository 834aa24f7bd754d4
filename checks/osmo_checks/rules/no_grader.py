"""The entrypoint leads to no `Grader`.

## What it does
Looks for the class that derives from `Grader`: among the names of the entrypoint's module (SDK 0.2), or among what is
given to `LocalBackend` (SDK 0.3). In both, it looks for backends that are given none.

## Why is this bad?
Without a grader no sample gets a reward. The rollout runs, uses up the machines it was given, and trains nothing.

## How to fix it
Define the class in the entrypoint or import it there, and give it to the backend:

```python
from my_rollout.grader import MyGrader

backend = LocalBackend(workflow=MyWorkflow, grader=MyGrader)
```
"""

from collections.abc import Iterator

from osmo_checks.casting import Given, given_to_backends
from osmo_checks.contracts import Role
from osmo_checks.finding import Severity
from osmo_checks.python.values import Constant
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code, name_of

_WORKFLOW = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext


class {}(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)
"""


def check(rollout: Rollout) -> Iterator[Problem]:
    role, graders = rollout.contract.grader, rollout.graders
    if not role or not rollout.workflows.players:
        return
    if not graders.players and graders.complete:
        base = role.base.rpartition(".")[2]
        message = f"The entrypoint leads to no class that derives from `{base}`, so no sample gets a reward: add one."
        yield Problem(name_of(rollout, rollout.workflows.players[0].scope), message)
    else:
        yield from _not_given(rollout, role)


def _not_given(rollout: Rollout, role: Role) -> Iterator[Problem]:
    """Point at the backends of a rollout of which none is given a grader."""
    backends = list(given_to_backends(rollout, role))
    if any(given.call.name != rollout.sdk("LocalBackend") or not _lacks(given) for given in backends):
        return
    players = rollout.graders.players
    name = players[0].scope.name if len(players) == 1 else "MyGrader"
    for given in backends:
        message = f"This backend has no grader, so no sample gets a reward: give it `grader={name}`."
        yield Problem(in_code(rollout, given.call.site.scope, given.call.site.node.func), message)


def _lacks(given: Given) -> bool:
    return not given.call.unpacks and given.value in (None, Constant(None))


def _served(backend: str) -> str:
    imports = "from osmosis_ai.rollout.backend.local import LocalBackend"
    return main_py(imports=imports, grade="ctx.set_reward(1.0)", below=backend)


RULE = Rule(
    code="OSC105",
    name="no-grader",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_WORKFLOW.format("«MyWorkflow»")),
        Example(_served("backend = «LocalBackend»(workflow=MyWorkflow)"), "0.3"),
        Example(_served("backend = «LocalBackend»(workflow=MyWorkflow, grader=None)"), "0.3"),
    ),
    good=(
        Example("from our_company.graders import ExactMatchGrader\n" + _WORKFLOW.format("MyWorkflow")),
        Example(
            _served(
                "def backend(graded=True):\n    if graded:\n        return LocalBackend(workflow=MyWorkflow, "
                "grader=MyGrader)\n    return LocalBackend(workflow=MyWorkflow)"
            ),
            "0.3",
        ),
        Example(
            _served('rest = {"grader": MyGrader}\nbackend = LocalBackend(workflow=MyWorkflow, **rest)'),
            "0.3",
        ),
    ),
)
