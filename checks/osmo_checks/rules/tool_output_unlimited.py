"""A tool returns all of a file, a page or a program's output.

## What it does
Looks in tools for `return` of what was read from a file, an HTTP response or a process, whole as it came.

## Why is this bad?
One large page fills the context. What follows is cut off, the rollout ends without an answer, and the policy learns
that the tool is bad for it.

## How to fix it
Return what the task needs, or the beginning with a word about the rest: `return text[:4000]`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance, Value
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_VERBS = ("get", "post", "put", "request")
_CLIENTS = ("requests", "requests.Session", "requests.session", "httpx", "httpx.Client", "httpx.AsyncClient")
_BODIES = frozenset(f"{client}.{verb}.{body}" for client in _CLIENTS for verb in _VERBS for body in ("text", "content"))
_FILES = frozenset(
    ("builtins.open.read", "pathlib.Path.read_text", "pathlib.Path.open.read", "urllib.request.urlopen.read")
)
_OUTPUTS = frozenset(("subprocess.run.stdout", "subprocess.check_output", "subprocess.getoutput"))


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        for site in tool.each(cst.Return):
            returned = site.node.value
            if returned is not None and _is_whole(rollout, tool, returned):
                message = f"The tool `{tool.name}` returns this however long it is: cut it, as in `text[:4000]`."
                yield Problem(in_code(rollout, tool, returned), message)


def _is_whole(rollout: Rollout, tool: Scope, returned: cst.BaseExpression) -> bool:
    name = _name(rollout.resolver.expression(returned, tool))
    return name in _BODIES or name in _FILES or name in _OUTPUTS


def _name(value: Value) -> str:
    what = value.of if isinstance(value, Instance) else value
    return what.name if isinstance(what, External) else ""


RULE = Rule(
    code="OST108",
    name="tool-output-unlimited",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import requests\nfrom strands import tool",
                above='''
@tool
def read_page(url: str) -> str:
    """Read a web page."""
    response = requests.get(url, timeout=10)
    response.raise_for_status()
    return «response.text»
''',
            )
        ),
        Example(
            main_py(
                imports="import subprocess\nfrom pathlib import Path\n\nfrom agents import function_tool",
                above='''
BOOK = Path(__file__).with_name("book.txt")


@function_tool
def read_book() -> str:
    """Read the book."""
    with open(BOOK, encoding="utf-8") as file:
        return «file.read()»


@function_tool
def list_files() -> str:
    """List all files."""
    listing = subprocess.run(["find", "."], capture_output=True, text=True).stdout
    return «listing»
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import requests\nfrom strands import tool",
                above='''
LIMIT = 4000


@tool
def read_page(url: str) -> str:
    """Read a web page."""
    text = requests.get(url, timeout=10).text
    text = text if len(text) < LIMIT else text[:LIMIT] + " [cut]"
    return text


@tool
def title(url: str) -> str:
    """Tell a page's title."""
    return requests.get(url, timeout=10).headers["title"]


def page(url: str) -> str:
    return requests.get(url, timeout=10).text
''',
            )
        ),
        Example(
            main_py(
                imports="from pathlib import Path\n\nfrom strands import tool",
                above='''
@tool
def first_line(part: int) -> str:
    """Tell the first line of a part."""
    with open(Path(__file__).parent / f"part-{part}.txt", encoding="utf-8") as file:
        return file.readline()
''',
            )
        ),
    ),
)
