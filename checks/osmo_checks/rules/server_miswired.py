"""The server is given something that it cannot serve.

## What it does
Looks at what `create_rollout_server` gets as its backend and `uvicorn.run` (or `uvicorn.Config`) as its application: a
class where an instance belongs, a function that was not called, or a text that names nothing.

## Why is this bad?
The server does not start, or starts and answers every request with an error. The platform waits for it in vain, with
machines already running.

## How to fix it
Make each from the one before:

```python
backend = LocalBackend(workflow=MyWorkflow, grader=MyGrader)
app = create_rollout_server(backend=backend)
uvicorn.run(app, host="0.0.0.0", port=port)
```
"""

from collections.abc import Iterator

from osmo_checks.casting import BACKENDS
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import Constant, External, Instance, Value
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.references import mistake_in
from osmo_checks.rules.startup import started_calls

_SERVERS = ("uvicorn.run", "uvicorn.Config")
_FACTORY = "create_rollout_server"


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in started_calls(rollout):
        given = _given(rollout, call)
        value = rollout.resolver.expression(given, call.site.scope) if given else None
        if given and value:
            mistake = _in_app(rollout, value) if call.name in _SERVERS else _in_backend(rollout, value)
            if mistake:
                yield Problem(in_code(rollout, call.site.scope, given), mistake)


def _given(rollout: Rollout, call: Call) -> cst.BaseExpression | None:
    """Return the application or backend that ``call`` serves."""
    if call.name in _SERVERS:
        return call.argument("app", 0)
    return call.argument("backend") if call.name == rollout.sdk(_FACTORY) else None


def _in_backend(rollout: Rollout, value: Value) -> str | None:
    name = next((name for name in BACKENDS if value == External(rollout.sdk(name))), None)
    return (
        f"`{name}` is a class, and a backend is needed: make one, `{name}(workflow=..., grader=...)`." if name else None
    )


def _in_app(rollout: Rollout, value: Value) -> str | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return mistake_in(rollout, value.value)
    if value == External(rollout.sdk(_FACTORY)):
        return f"`{_FACTORY}` makes the application: call it, `{_FACTORY}(backend=backend)`."
    if value in [Instance(External(rollout.sdk(name))) for name in BACKENDS]:
        return f"A backend is no application: serve `{_FACTORY}(backend=...)` of it."
    return None


_IMPORTS = """\
import os

import uvicorn
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server"""
_START = """\
{}

if __name__ == "__main__":
    {}
    uvicorn.run({}, host="0.0.0.0", port=int(os.environ["_OSMOSIS_ROLLOUT_PORT"]))
"""
_APP = "app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))"


def _started(served: str, above: str = "", inside: str = "print('serving')") -> Example:
    return Example(main_py(imports=_IMPORTS, below=_START.format(above, inside, served)))


RULE = Rule(
    code="OSE110",
    name="server-miswired",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        _started("create_rollout_server(backend=«LocalBackend»)"),
        _started("«create_rollout_server»"),
        _started("«LocalBackend(workflow=MyWorkflow, grader=MyGrader)»"),
        _started('«"main:application"»', _APP),
        _started('«"main:app"»', "", _APP),
        _started('«"main"»', _APP),
    ),
    good=(
        _started("app", _APP),
        _started('"main:app"', _APP),
        _started('"our_company.serving:app"'),
        _started("make", f"def make():\n    {_APP}\n    return app"),
    ),
)
