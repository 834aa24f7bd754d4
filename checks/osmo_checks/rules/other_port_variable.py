"""The port comes from a variable that the platform does not set.

## What it does
Looks for `os.environ["ROLLOUT_PORT"]`, `os.getenv("PORT")` and the like in a rollout that starts a server and names
`_OSMOSIS_ROLLOUT_PORT` nowhere.

## Why is this bad?
`ROLLOUT_PORT` was the name up to SDK 0.2.20, and examples in the wild still teach it. The platform now says in
`_OSMOSIS_ROLLOUT_PORT` which port it will call. The server listens on its default port instead, and never gets a
rollout.

## How to fix it
Read `_OSMOSIS_ROLLOUT_PORT`. `--unsafe-fixes` renames it.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.environment import Read, reads_in
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.startup import SERVERS, started_calls


def check(rollout: Rollout) -> Iterator[Problem]:
    server = rollout.contract.data.get("server")
    if not server or not any(call.name in SERVERS for call in started_calls(rollout)):
        return
    scopes = [scope for module in rollout.modules for scope in module.scope.below()]
    if any(_mentions(scope, server["port_variable"]) for scope in scopes):
        return
    for scope in scopes:
        for read in reads_in(rollout, scope):
            if read.variable in server["other_port_variables"]:
                yield _problem(rollout, read, server["port_variable"])


def _mentions(scope: Scope, variable: str) -> bool:
    return any(site.node.text == variable for site in scope.each(cst.SimpleString))


def _problem(rollout: Rollout, read: Read, variable: str) -> Problem:
    place = in_code(rollout, read.site.scope, read.name)
    literal = isinstance(read.name, cst.SimpleString)
    fix = Repair(f"Read `{variable}`.", (Rewrite(place, f'"{variable}"'),), "unsafe") if literal else None
    return Problem(place, f"The platform gives the port in `{variable}`, not in `{read.variable}`: read that.", fix)


_IMPORTS = """\
import os

import uvicorn
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server"""
_SERVE = """\
app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int({}))
"""

RULE = Rule(
    code="OSE103",
    name="other-port-variable",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports=_IMPORTS, below=_SERVE.format('os.environ.get(«"ROLLOUT_PORT"», "9000")'))),
        Example(main_py(imports=_IMPORTS, above='port = os.environ[«"PORT"»]', below=_SERVE.format("port"))),
    ),
    good=(
        Example(
            main_py(
                imports=_IMPORTS,
                below=_SERVE.format('os.getenv("_OSMOSIS_ROLLOUT_PORT") or os.getenv("ROLLOUT_PORT", "9000")'),
            )
        ),
        Example(main_py(imports="import os", run='print(os.environ.get("PORT", "no port of the tool\'s own"))')),
    ),
)
