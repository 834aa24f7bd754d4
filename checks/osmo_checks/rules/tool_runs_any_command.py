"""A tool runs whatever the model writes, here on the host.

## What it does
Looks in tools for arguments of the model that reach a shell (`shell=True`, `os.system`, `bash -c`), `eval`, `exec` or
`python -c`, without the tool ever testing them.

## Why is this bad?
A policy in training tries everything. The command runs with the rights and secrets of the process that serves and
grades all rollouts: it can read the labels, write the results, or end the server.

## How to fix it
Run commands in a sandbox (Harbor, a container), or leave the shell out and give arguments only:
`subprocess.run(["wc", "-l", path])`. For values use `ast.literal_eval`, for arithmetic a parser.
"""

from collections.abc import Iterator, Sequence

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import literal
from osmo_checks.python.values import Constant
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.toolkit import from_model, looks_at, mentions

_SHELLS = frozenset(
    (
        *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
        *("asyncio.create_subprocess_shell", "builtins.eval", "builtins.exec"),
    )
)
_PROCESSES = frozenset(
    (
        *("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen"),
        "asyncio.create_subprocess_exec",
    )
)
_CODE_FOLLOWS = (Constant("-c"), Constant("-lc"), Constant("-e"))


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        names = from_model(rollout, tool)
        if looks_at(tool, names):
            continue
        for call in rollout.calls_in(tool):
            if any(mentions(code, names) for code in _run_by(rollout, call)):
                message = f"`{call.written}` runs whatever the model writes, here on the host: use a sandbox."
                yield Problem(in_code(rollout, tool, call.site.node.func), message)


def _run_by(rollout: Rollout, call: Call) -> Sequence[cst.BaseExpression]:
    """Return the expressions that a call runs as commands or code."""
    given = [argument.value for argument in call.site.node.args if not argument.keyword]
    if call.name in _SHELLS:
        return given[:1]
    if call.name not in _PROCESSES or not given:
        return ()
    shell = call.argument("shell")
    if shell is not None and rollout.resolver.expression(shell, call.site.scope) == Constant(value=True):
        return given[:1]
    words = [element.value for element in given[0].elements] if isinstance(given[0], cst.List) else given
    flags = [place for place, word in enumerate(words) if literal(word) in _CODE_FOLLOWS]
    return words[flags[0] + 1 : flags[0] + 2] if flags else ()


RULE = Rule(
    code="OST105",
    name="tool-runs-any-command",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import subprocess\n\nfrom strands import tool",
                above='''
@tool
def count_lines(path: str) -> str:
    """Count the lines of a file."""
    command = f"wc -l {path}"
    return «subprocess.run»(command, shell=True, capture_output=True, text=True).stdout[:200]
''',
            )
        ),
        Example(
            main_py(
                imports="from agents import function_tool",
                above='''
@function_tool
def calculate(expression: str) -> str:
    """Work out an arithmetic expression."""
    if not expression:
        return "Give an expression."
    return str(«eval»(expression.strip(), {"__builtins__": {}}))
''',
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nimport sys\n\nfrom strands import tool",
                above='''
@tool
async def run_python(code: str) -> str:
    """Run a Python program."""
    process = await «asyncio.create_subprocess_exec»(sys.executable, "-c", code)
    return f"It ended with {await process.wait()}."
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import re\nimport shlex\nimport subprocess\n\nfrom strands import tool",
                above='''
@tool
def count_lines(path: str) -> str:
    """Count the lines of a file."""
    subprocess.run(f"touch {shlex.quote(path)}", shell=True, check=True)
    return subprocess.run(["wc", "-l", path], capture_output=True, text=True).stdout[:200]


@tool
def sleep_in_shell(seconds: int) -> int:
    """Sleep in a shell."""
    return subprocess.run(f"sleep {seconds}", shell=True).returncode


@tool
def calculate(expression: str) -> str:
    """Work out an arithmetic expression."""
    if not re.fullmatch(r"[0-9+*/ ().-]+", expression):
        return "Only arithmetic, please."
    return str(eval(expression))
''',
            )
        ),
        Example(
            main_py(
                imports="import ast\n\nfrom sandbox import Sandbox\nfrom strands import tool",
                above='''
sandbox = Sandbox()


@tool
def run(command: str) -> str:
    """Run a command."""
    return sandbox.run(command, shell=True)


@tool
def parse(text: str) -> str:
    """Parse a literal."""
    return repr(ast.literal_eval(text))
''',
            )
        ),
    ),
)
