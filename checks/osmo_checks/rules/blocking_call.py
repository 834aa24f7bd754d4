"""A call that blocks the event loop.

## What it does
Follows the code that `run`, `grade` and async tools reach, helpers included, and looks for calls that wait without
giving the event loop back: `time.sleep`, `requests`, `urllib`, `subprocess.run`, `input`, sync `httpx` and database
clients, Strands' `MCPClient`, waiting for threads. What is handed to `asyncio.to_thread` or an executor is left alone,
and so are sync tools, which the agent frameworks run in threads.

## Why is this bad?
All rollouts of a process share one event loop. While one of them waits this way, none of the others moves: steps take
many times as long, deadlines pass, and timed-out rollouts earn nothing.

## How to fix it
Use what can be awaited (`asyncio.sleep`, `httpx.AsyncClient`, `asyncio.create_subprocess_exec`), or move the call to a
thread:

```python
page = await asyncio.to_thread(requests.get, url, timeout=10)
```

`--fix` rewrites `time.sleep(...)` in coroutines.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.edits import importing
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.loop_calls import loop_calls
from osmo_checks.rules.places import in_code

_HTTP_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream")
_HTTP_CLIENTS = ("requests", "requests.Session", "requests.session", "httpx", "httpx.Client")
_CLIENT = "an `httpx.AsyncClient`"
_IN_THREAD = "`await asyncio.to_thread(...)`"
_PROCESS = "`await asyncio.create_subprocess_exec(...)`"

_MCP_CLIENTS = ("strands.tools.mcp.MCPClient", "strands.tools.mcp.mcp_client.MCPClient")
_MCP_CALLS = ("list_tools_sync", "call_tool_sync", "list_prompts_sync", "get_prompt_sync")

#: What blocks, and what to write instead.
_BLOCKING = {
    "time.sleep": "`await asyncio.sleep(...)`",
    **{f"{client}.{verb}": _CLIENT for client in _HTTP_CLIENTS for verb in _HTTP_VERBS},
    **dict.fromkeys(("urllib.request.urlopen", "urllib.request.urlretrieve"), _CLIENT),
    **{f"subprocess.{name}": _PROCESS for name in ("run", "call", "check_call", "check_output", "getoutput")},
    **dict.fromkeys(("subprocess.Popen.wait", "subprocess.Popen.communicate", "os.system", "os.wait"), _PROCESS),
    **{f"{client}.{name}": _IN_THREAD for client in _MCP_CLIENTS for name in _MCP_CALLS},
    **dict.fromkeys(("builtins.input", "socket.create_connection", "psycopg2.connect", "pymysql.connect"), _IN_THREAD),
}
#: What waits for another thread, unless an argument says how long.
_WAITING = frozenset(
    (
        *("threading.Event.wait", "threading.Condition.wait", "threading.Thread.join", "queue.Queue.get"),
        *(
            "concurrent.futures.ThreadPoolExecutor.submit.result",
            "concurrent.futures.ProcessPoolExecutor.submit.result",
        ),
    )
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in loop_calls(rollout):
        instead = _instead(call)
        if instead:
            message = f"`{call.written}` stops every rollout in this process until it returns: use {instead}."
            yield Problem(in_code(rollout, call.site.scope, call.site.node.func), message, _repair(rollout, call))


def _instead(call: Call) -> str | None:
    waits = call.name in _WAITING and not call.site.node.args
    return _IN_THREAD if waits else _BLOCKING.get(call.name)


def _repair(rollout: Rollout, call: Call) -> Repair | None:
    """Rewrite a `time.sleep(...)` that is a statement of a coroutine."""
    if call.name != "time.sleep" or not call.site.scope.is_async or not isinstance(call.site.parent, cst.Expr):
        return None
    imports = importing(rollout, call.site, "asyncio")
    if imports is None:
        return None
    function = in_code(rollout, call.site.scope, call.site.node.func)
    return Repair("Use `asyncio.sleep`.", (*imports, Rewrite(function, "await asyncio.sleep")))


RULE = Rule(
    code="OSA101",
    name="blocking-call",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import time",
                run="""
for attempt in range(3):
    print(ctx.prompt, attempt)
    «time.sleep»(2**attempt)
""",
            )
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(
                    imports="from lookup import facts_about",
                    run='print(ctx.prompt, facts_about("Vienna"))',
                ),
                "rollouts/demo/lookup.py": """\
import requests

session = requests.Session()


def facts_about(place: str) -> str:
    return _fetch(f"https://example.org/{place}")


def _fetch(url: str) -> str:
    return «session.get»(url, timeout=10).text
""",
            }
        ),
        Example(
            main_py(
                imports="import subprocess\nfrom concurrent.futures import ThreadPoolExecutor",
                above="pool = ThreadPoolExecutor()",
                grade="""
parsed = «pool.submit(compile, str(ctx.label), "answer.py", "exec").result»()
tested = «subprocess.run»(["pytest", "-q"], check=False, timeout=60)
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float(tested.returncode == 0 and parsed is not None))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\nimport time\n\nimport requests",
                above='''
def fetch(url: str) -> str:
    """Wait as long as it takes: this runs in a thread."""
    time.sleep(0.1)
    return requests.get(url, timeout=10).text
''',
                run="""
page = await asyncio.to_thread(fetch, "https://example.org")
loop = asyncio.get_running_loop()
other = await loop.run_in_executor(None, lambda: requests.get("https://example.org", timeout=10))
print(ctx.prompt, page, other)
""",
            )
        ),
        Example(
            main_py(
                imports="import requests\nfrom strands import tool",
                above='''
@tool
def weather(city: str) -> str:
    """Tell the weather of a city."""
    return requests.get("https://example.org/weather", params={"city": city}, timeout=10).text[:2000]
''',
            )
        ),
        Example(
            main_py(
                imports="import time\n\nfrom anyio.from_thread import run_sync_in_worker_thread as in_thread",
                above="""
@in_thread
def slowly(text):
    time.sleep(1)
    return text
""",
                run="print(await slowly(ctx.prompt))",
            )
        ),
    ),
)
