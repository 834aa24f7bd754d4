"""Something that needs a running event loop is made on import.

## What it does
Looks in the code that runs when the entrypoint is imported, class bodies included, for `aiohttp.ClientSession()`,
`asyncio.create_task(...)`, `asyncio.get_running_loop()` and their like.

## Why is this bad?
No event loop runs while modules are imported: `RuntimeError: no running event loop`. The rollout does not even load.

## How to fix it
Make it inside `run` or `grade`:

```python
async with aiohttp.ClientSession() as session:
    ...
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.startup import calls_on_import

_NEEDING_LOOP = frozenset(
    (
        *("aiohttp.ClientSession", "aiohttp.TCPConnector", "asyncio.create_task", "asyncio.get_running_loop"),
        *("asyncio.timeout", "asyncio.current_task"),
    )
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in calls_on_import(rollout):
        tried = any(isinstance(around, cst.Try) for around in call.site.ancestors())
        if call.name in _NEEDING_LOOP and not tried:
            message = f"No event loop runs on import, so `{call.written}` fails here: call it in `run` or `grade`."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message)


RULE = Rule(
    code="OSA111",
    name="loop-needed-at-import",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports="import aiohttp", above="session = «aiohttp.ClientSession»()")),
        Example(
            main_py(
                imports="import asyncio",
                above="""
class Clock:
    loop = «asyncio.get_running_loop»()
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\n\nimport aiohttp\nimport httpx",
                above="""
slots = asyncio.Semaphore(4)
client = httpx.AsyncClient()


async def session(made={}):
    return made.setdefault(asyncio.get_running_loop(), aiohttp.ClientSession())
""",
            )
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="import tools"),
                "rollouts/demo/tools.py": """\
import asyncio

try:
    loop = asyncio.get_running_loop()
except RuntimeError:
    loop = None
""",
            }
        ),
    ),
)
