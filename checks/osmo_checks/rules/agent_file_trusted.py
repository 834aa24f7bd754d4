"""The grader reads a file that the agent can write.

## What it does
Compares the files and folders that tools and the workflow write to with those that `grade` reads, where their paths
stand in the code.

## Why is this bad?
What decides the reward then lies in the agent's hands: a tool that writes into the folder of the verdict can write the
verdict. All rollouts of the process share the path too, so one reads what another left there.

## How to fix it
Take the answer from the sample, and compute the verdict from it. Files for looking at belong into `ctx.artifacts_dir`,
which every rollout has to itself.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.names import value_of
from osmo_checks.rules.places import in_code

_READS = ("read_text", "read_bytes")
_WRITES = ("write_text", "write_bytes")
_JOINS = (External("pathlib.Path"), External("pathlib.PurePath"), External("os.path.join"))


class _Access(NamedTuple):
    """A file that is opened: where, and its path as far as that is written there."""

    node: cst.BaseExpression
    scope: Scope
    path: str


def check(rollout: Rollout) -> Iterator[Problem]:
    agent = dict.fromkeys((*rollout.workflow_scopes, *rollout.tools))
    written = {access.path for access in _accesses(rollout, agent, writing=True)}
    for access in _accesses(rollout, rollout.grader_scopes, writing=False) if written else ():
        folders = {str(folder) for folder in PurePosixPath(access.path).parents} - {".", "/"}
        if access.path in written or folders & written:
            message = f"The agent can write `{access.path}`, and so its own verdict: take the answer from the sample."
            yield Problem(in_code(rollout, access.scope, access.node), message)


def _accesses(rollout: Rollout, scopes: Iterable[Scope], *, writing: bool) -> Iterator[_Access]:
    for scope in scopes:
        for call in rollout.calls_in(scope):
            opened = _opened(rollout, call, writing=writing)
            path = "/".join(_known_parts(rollout, opened, scope)) if opened is not None else ""
            if path:
                yield _Access(call.site.node.func, scope, path)


def _opened(rollout: Rollout, call: Call, *, writing: bool) -> cst.BaseExpression | None:
    """Return the expression for the path that ``call`` reads, or writes."""
    function = call.site.node.func
    if isinstance(function, cst.Attribute) and function.attr.value in (_WRITES if writing else _READS):
        return function.value
    mode = call.argument("mode", 1)
    value = rollout.resolver.expression(mode, call.site.scope) if mode else Constant("r")
    writes = isinstance(value, Constant) and not set("wax+").isdisjoint(str(value.value))
    return call.argument("file", 0) if call.name == "builtins.open" and writes is writing else None


def _known_parts(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> list[str]:
    """Return the beginning of a path up to what is not known."""
    node, scope = value_of(node, scope)
    pending, known = [node], []
    while pending:
        part = pending.pop(0)
        value = rollout.resolver.expression(part, scope)
        if isinstance(value, Constant) and isinstance(value.value, str):
            known.append(value.value.rstrip("/"))
        elif isinstance(part, cst.BinaryOperation) and isinstance(part.operator, cst.Divide):
            pending[:0] = [part.left, part.right]
        elif isinstance(part, cst.Call) and rollout.resolver.expression(part.func, scope) in _JOINS:
            pending[:0] = [argument.value for argument in part.args]
        else:
            break
    return known


_TOOL = """\
@tool
def submit(name: str, content: str) -> str:
    \"\"\"Hand in a file.\"\"\"
    {}
    return "written"
"""
_IMPORTS = "import json\nfrom pathlib import Path\n\nfrom strands import tool"
_GIVE = "for name in ctx.samples:\n    ctx.set_sample_reward(name, float({}))"

RULE = Rule(
    code="OSG115",
    name="agent-file-trusted",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_IMPORTS,
                above='RESULT = Path("/tmp/result.json")\n\n\n'
                + _TOOL.format('Path("/tmp", name).write_text(content)'),
                grade=_GIVE.format('json.loads(«RESULT.read_text»())["score"]'),
            )
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                above=_TOOL.format('with open("work/answer.txt", "w") as file:\n        file.write(content)'),
                grade=_GIVE.format('«open»("work/answer.txt").read() == ctx.label'),
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_IMPORTS,
                above='KEY = Path(__file__).parent / "answers.json"\n\n\n'
                + _TOOL.format('Path("/tmp/agent", name).write_text(content)'),
                grade=_GIVE.format("json.loads(KEY.read_text())[ctx.label]"),
            )
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                above=_TOOL.format('Path("notes", name).write_text(content)'),
                grade=_GIVE.format('json.loads(Path("data/answers.json").read_text())[ctx.label]'),
            )
        ),
    ),
)
