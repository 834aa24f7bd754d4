"""The server listens where the platform does not look.

## What it does
Looks at the `host` and `port` given to `uvicorn.run` (or `uvicorn.Config`) in the code that starts the rollout: a fixed
number, a loopback address, or nothing at all, which means `127.0.0.1` and `8000`. What `os.getenv` falls back to counts
where no config sets the variable.

## Why is this bad?
The platform starts the entrypoint in a container of its own, says in `_OSMOSIS_ROLLOUT_PORT` which port it will call,
and calls from outside. A server on another port or address never gets a rollout, and the run fails after machines were
started for it.

## How to fix it
```python
uvicorn.run(app, host="0.0.0.0", port=int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000")))
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Place, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.config_examples import training_config
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.startup import started_calls

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READERS = ("os.getenv", "os.environ.get")
#: What may set any variable before it is read.
_SETTERS = ("dotenv.load_dotenv", "os.environ.setdefault", "os.environ.update", "os.putenv")
#: What binds a port, with the positions of host and port where they can be given without a name.
_LISTENERS = {"uvicorn.run": (None, None), "uvicorn.Config": (1, 2)}


def check(rollout: Rollout) -> Iterator[Problem]:
    variable = rollout.contract.data.get("server", {}).get("port_variable")
    for call in started_calls(rollout) if variable else ():
        if call.name in _LISTENERS and not call.unpacks:
            at_host, at_port = _LISTENERS[call.name]
            yield from _host(rollout, call, call.argument("host", at_host))
            yield from _port(rollout, call, call.argument("port", at_port), variable)


def _host(rollout: Rollout, call: Call, given: cst.BaseExpression | None) -> Iterator[Problem]:
    written = _default_of(rollout, given, call) if given else None
    host = rollout.resolver.expression(written, call.site.scope) if written else Constant(_LOOPBACK[0])
    if isinstance(host, Constant) and host.value in _LOOPBACK:
        message = f'`{host.value}` cannot be reached from outside of the container: give `host="0.0.0.0"`.'
        place = _place(rollout, call, written)
        fix = Repair("Listen on every address.", (Rewrite(place, '"0.0.0.0"'),), "unsafe") if written else None
        yield Problem(place, message, fix)


def _default_of(rollout: Rollout, given: cst.BaseExpression, call: Call) -> cst.BaseExpression:
    """Return what is used where an environment variable is not set that nothing known sets; else ``given`` itself."""
    read = next((one for one in rollout.calls_in(call.site.scope) if one.site.node is given), None)
    default = read.argument("default", 1) if read and read.name in _READERS else None
    variable = read.argument("key", 0) if read else None
    name = rollout.resolver.expression(variable, call.site.scope) if variable else None
    if not default or not isinstance(name, Constant) or any(one.name in _SETTERS for one in rollout.calls):
        return given
    return given if any(name.value in config.toml.table("env") for config in rollout.configs) else default


def _port(rollout: Rollout, call: Call, given: cst.BaseExpression | None, variable: str) -> Iterator[Problem]:
    port = rollout.resolver.expression(given, call.site.scope) if given else Constant(8000)
    if isinstance(port, Constant):
        wanted = f'int(os.environ.get("{variable}", "{port.value}"))'
        message = f"The platform chooses the port: give `port={wanted}`."
        place = _place(rollout, call, given)
        written = given is not None and rollout.resolver.name("os", call.site.scope) == External("os")
        fix = Repair("Listen where the platform asks.", (Rewrite(place, wanted),), "unsafe") if written else None
        yield Problem(place, message, fix)


def _place(rollout: Rollout, call: Call, given: cst.BaseExpression | None) -> Place:
    return in_code(rollout, call.site.scope, given or call.site.node.func)


_IMPORTS = """\
import os

from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server"""
_SERVE = """\
def main() -> None:
    import uvicorn

    app = create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader))
    {}


if __name__ == "__main__":
    main()
"""


def _started(by: str) -> str:
    return main_py(imports=_IMPORTS, above="DEFAULT_PORT = 8000", below=_SERVE.format(by))


_PLATFORM_PORT = 'port=int(os.environ.get("_OSMOSIS_ROLLOUT_PORT", "8000"))'

RULE = Rule(
    code="OSE102",
    name="unreachable-server",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_started('uvicorn.run(app, host="0.0.0.0", port=«8000»)')),
        Example(_started(f'uvicorn.run(app, host=«"127.0.0.1"», {_PLATFORM_PORT})')),
        Example(_started('uvicorn.Server(uvicorn.Config(app, "0.0.0.0", «DEFAULT_PORT»)).run()')),
        Example(_started("«uvicorn.run»(app)")),
        Example(_started(f'uvicorn.run(app, host=os.getenv("HOST", «"127.0.0.1"»), {_PLATFORM_PORT})')),
    ),
    good=(
        Example(_started(f'uvicorn.run(app, host="0.0.0.0", {_PLATFORM_PORT})')),
        Example(
            _started('options = {"host": "0.0.0.0", "port": os.environ.get("X")}\n    uvicorn.run(app, **options)')
        ),
        Example(
            _started(
                'host = os.environ.get("HOST", "0.0.0.0")\n    uvicorn.run(app, host=host, ' + _PLATFORM_PORT + ")"
            )
        ),
        Example(
            {
                "rollouts/demo/main.py": _started(
                    f'uvicorn.run(app, host=os.getenv("HOST", "127.0.0.1"), {_PLATFORM_PORT})'
                ),
                **training_config('\n[env]\nHOST = "0.0.0.0"\n'),
            }
        ),
    ),
)
