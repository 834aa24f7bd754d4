"""Importing the entrypoint starts the server.

## What it does
Looks for `uvicorn.run(...)`, or a function that comes to it, called by a module's own code without
`if __name__ == "__main__":` around it.

## Why is this bad?
`osmosis eval submit` and `osmosis train submit` import the entrypoint before they accept it. The import never ends, so
neither does the command.

## How to fix it
Start the server only when the file is started as a script:

```python
if __name__ == "__main__":
    main()
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, InCode, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.places import in_code, written
from osmo_checks.rules.startup import is_guarded, serves


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for call in rollout.calls_in(module.scope):
            if serves(rollout, call) and not is_guarded(call.site):
                message = 'The server starts when this file is imported: put it below `if __name__ == "__main__":`.'
                place = in_code(rollout, call.site.scope, call.site.node.func)
                yield Problem(place, message, _repair(rollout, call))


def _repair(rollout: Rollout, call: Call) -> Repair | None:
    """Put the guard before a call that is a whole line of the module."""
    around = list(call.site.ancestors())
    line = around[1] if len(around) == len(("Expr", "SimpleStatementLine", "Module")) else None
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    if written(rollout, call.site.scope, call.site.node).startswith("("):
        return None
    module = rollout.project.module_of(call.site.scope)
    guard = f'if __name__ == "__main__":{module.tree.default_newline}{module.tree.default_indent}'
    rewrite = Rewrite(InCode(module, call.site.node), guard, "before")
    return Repair("Start it only as a script.", (rewrite,), "unsafe")


_MAIN = """\
import os

import uvicorn
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server


class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
        for sample_id in ctx.samples:
            ctx.set_sample_reward(sample_id, 1.0)


PORT = int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))
{}
"""
_DEFINED = """
def main() -> None:
    app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))
    uvicorn.run(app, host="0.0.0.0", port=PORT)

"""

RULE = Rule(
    code="OSE101",
    name="server-at-import",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            _MAIN.format(
                "app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))\n"
                '«uvicorn.run»(app, host="0.0.0.0", port=PORT)'
            )
        ),
        Example(_MAIN.format(f"{_DEFINED}\n«main»()")),
        Example(_MAIN.format(f'{_DEFINED}\nif os.environ.get("SERVE", "1") == "1":\n    «main»()')),
    ),
    good=(
        Example(_MAIN.format(f'{_DEFINED}\nif __name__ == "__main__":\n    main()')),
        Example(_MAIN.format(f'{_DEFINED}\nif "__main__" == __name__ and PORT:\n    main()')),
        Example(
            _MAIN.format("app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))")
        ),
    ),
)
