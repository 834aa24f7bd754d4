"""`grade` never gives a reward.

## What it does
Follows the code that `grade` reaches and looks for a call that sets a reward: `ctx.set_sample_reward(id, reward)`
(SDK 0.2), `ctx.set_reward(reward)` (SDK 0.3) or an assignment to `.reward`. It stays silent where the context or a
sample is handed to code that cannot be followed.

## Why is this bad?
What `grade` returns is ignored. A sample without a reward fails its rollout, so the run trains nothing.

## How to fix it
Set a reward for every sample:

```python
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, score(sample, ctx.label))
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.places import name_of
from osmo_checks.rules.rewarding import gives_reward, lets_go


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        if player.role is not rollout.contract.grader:
            continue
        # A function written inside another may be called through a name that nobody can follow.
        scopes = [inner for scope in rollout.reached_from(method) for inner in scope.below()]
        if any(gives_reward(scope) or _lets_go(rollout, scope) for scope in scopes) or _only_raises(method):
            continue
        calls = rollout.contract.data["grader"]["reward_calls"]
        message = f"`{player.scope.name}.grade` never sets a reward: call `ctx.{calls[0]}(...)`."
        yield Problem(name_of(rollout, method), message)


def _lets_go(rollout: Rollout, scope: Scope) -> bool:
    return any(lets_go(rollout, call) for call in rollout.calls_in(scope))


def _only_raises(method: Scope) -> bool:
    body = method.function.body.body if method.function else ()
    statements = [small for line in body if isinstance(line, cst.SimpleStatementLine) for small in line.body]
    real = [
        small for small in statements if not (isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString))
    ]
    return len(real) == len(statements) == len(body) and any(isinstance(small, cst.Raise) for small in real)


_MAIN = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
{}

class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)


class MyGrader(Grader):
    async def {}(self, ctx: GraderContext):
{}
"""

RULE = Rule(
    code="OSG101",
    name="no-reward",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_MAIN.format("", "«grade»", '        return 1.0 if ctx.label == "4" else 0.0')),
        Example(
            _MAIN.format(
                "",
                "«grade»",
                "        return self._score(ctx)\n\n    def _score(self, ctx):\n        return float(len(ctx.samples))",
            )
        ),
    ),
    good=(
        Example(
            _MAIN.format(
                "",
                "grade",
                "        for name, sample in ctx.samples.items():\n            self._reward(ctx, name)\n\n"
                "    def _reward(self, ctx, name):\n        ctx.set_sample_reward(name, 1.0)",
            )
        ),
        Example(_MAIN.format("from our_company import grade_all\n", "grade", "        await grade_all(ctx)")),
        Example(
            _MAIN.format("", "grade", "        for sample in ctx.samples.values():\n            sample.reward = 1.0")
        ),
    ),
)
