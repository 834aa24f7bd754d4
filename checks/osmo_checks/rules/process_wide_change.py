"""A rollout changes something that the whole process has one of.

## What it does
Looks in `run`, `grade`, tools and what they call for changes of the working directory, the environment, signal
handlers, `sys.path`, logging set-up, global random seeds, and of standard output around an `await`.

## Why is this bad?
Many rollouts run in one process at a time. The one that changes directory takes all others along; the one that seeds
`random` makes all others draw the same numbers; signal handlers cannot even be set outside of the main thread.

## How to fix it
Give it to what needs it: absolute paths, `subprocess.run(..., cwd=..., env=...)`, `random.Random(seed)`. Set up logging
when the entrypoint starts the server.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.around import holds
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.mutations import mutations_in
from osmo_checks.rules.places import in_code

_PATHS = "use absolute paths, or `cwd=` for a subprocess"
_START = "do this once, when the entrypoint starts the server"
_SEED = "use a `random.Random(seed)` of its own"
_CHANGES = {
    **dict.fromkeys(("os.chdir", "os.fchdir"), _PATHS),
    **dict.fromkeys(("os.putenv", "os.unsetenv"), "use `env=` for a subprocess"),
    **dict.fromkeys(("signal.signal", "signal.alarm", "signal.setitimer"), "use `asyncio.timeout(...)`"),
    **dict.fromkeys(("logging.basicConfig", "logging.disable", "logging.config.dictConfig", "os.umask"), _START),
    **dict.fromkeys(("locale.setlocale", "socket.setdefaulttimeout", "sys.setrecursionlimit"), _START),
    **dict.fromkeys(("random.seed", "numpy.random.seed", "torch.manual_seed"), _SEED),
}
#: Context managers that change something of the process for as long as they are entered.
_WHILE_ENTERED = {
    "contextlib.chdir": _PATHS,
    "contextlib.redirect_stdout": "await nothing inside, or run this in a subprocess",
    "contextlib.redirect_stderr": "await nothing inside, or run this in a subprocess",
}
_CHANGED = {External("os.environ"): "use `env=` for a subprocess", External("sys.path"): _START}


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        for call in rollout.calls_in(scope):
            instead = _instead(call)
            if instead:
                yield _problem(rollout, scope, call.site.node.func, call.written, instead)
        for mutation in mutations_in(scope):
            value = rollout.resolver.expression(mutation.changed, scope)
            if value in _CHANGED:
                yield _problem(rollout, scope, mutation.changed, dotted_name(mutation.changed), _CHANGED[value])


def _problem(rollout: Rollout, scope: Scope, node: cst.CSTNode, name: str, instead: str) -> Problem:
    message = f"`{name}` takes effect for every rollout in the process: {instead}."
    return Problem(in_code(rollout, scope, node), message)


def _instead(call: Call) -> str | None:
    if call.name in _WHILE_ENTERED:
        return _WHILE_ENTERED[call.name] if _is_left_open(call) else None
    return _CHANGES.get(call.name)


def _is_left_open(call: Call) -> bool:
    """Tell whether other rollouts may run while the context manager is entered."""
    around = next((node for node in call.site.ancestors() if isinstance(node, cst.With)), None)
    return around is None or holds(around.body, call.site.scope, [cst.Await])


RULE = Rule(
    code="OSD104",
    name="process-wide-change",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import os\nimport random",
                above="""
def prepare(folder):
    «os.chdir»(folder)
    «os.environ»["TASK_DIR"] = folder
""",
                run="""
«random.seed»(0)
prepare("/srv/task")
print(ctx.prompt)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nimport contextlib\nimport io\nimport signal",
                grade="""
«signal.alarm»(10)
printed = io.StringIO()
with «contextlib.redirect_stdout»(printed):
    await asyncio.sleep(0)
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float("4" in printed.getvalue()))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio, contextlib, io, logging, os, random, sys",
                above="""
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
sys.path.append(os.path.dirname(__file__))
""",
                run="""
environment = dict(os.environ)
environment["TASK_DIR"] = "/srv/task"
draw = random.Random(len(ctx.prompt))
draw.seed(1)
process = await asyncio.create_subprocess_exec("make", cwd="/srv/task", env=environment)
await process.wait()
""",
                grade="""
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    print("4")
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float("4" in printed.getvalue()))
""",
            )
            + '\n\nif __name__ == "__main__":\n    logging.basicConfig(level="INFO")\n    random.seed(0)\n'
        ),
        Example(
            main_py(
                above="""
class Shell:
    def __init__(self):
        self.environ = {}
        self.folder = "/"

    def chdir(self, folder):
        self.environ["PWD"] = self.folder = folder
""",
                run="Shell().chdir(str(ctx.prompt))",
            )
        ),
    ),
)
