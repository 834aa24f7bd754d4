"""A rollout ends the process.

## What it does
Looks in `run`, `grade`, tools and what they call for `sys.exit`, `exit`, `quit`, `os._exit`, `os.abort` and
`raise SystemExit` that nothing around them catches.

## Why is this bad?
`SystemExit` passes every `except Exception` on its way, and the server ends with it: all other rollouts in the process
are lost, not just this one.

## How to fix it
Raise an exception that says what is wrong: `raise ValueError("The row has no question.")`. The rollout alone fails, and
its message is shown.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_RAISING = ("sys.exit", "builtins.exit", "builtins.quit")
_AT_ONCE = ("os._exit", "os.abort")
_EXITS = (External("builtins.SystemExit"), External("builtins.KeyboardInterrupt"))
_CATCHING = (*_EXITS, External("builtins.BaseException"))


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        for call in rollout.calls_in(scope):
            if call.name in _AT_ONCE or (call.name in _RAISING and not _is_caught(rollout, call.site)):
                yield _problem(rollout, scope, call.site.node.func, call.written)
        for site in scope.each(cst.Raise):
            raised = rollout.resolver.expression(site.node.exc, scope) if site.node.exc else None
            kind = raised.of if isinstance(raised, Instance) else raised
            if site.node.exc and kind in _EXITS and not _is_caught(rollout, site):
                yield _problem(rollout, scope, site.node.exc, "raise " + kind.name.removeprefix("builtins."))


def _problem(rollout: Rollout, scope: Scope, node: cst.CSTNode, written: str) -> Problem:
    message = f"`{written}` ends the server, and all rollouts in it: raise a `ValueError` that says what is wrong."
    return Problem(in_code(rollout, scope, node), message)


def _is_caught(rollout: Rollout, site: Site[cst.Call] | Site[cst.Raise]) -> bool:
    """Tell whether a `try` around, in the same function, catches exits."""
    around = list(site.ancestors())
    tries = [node for node in around if isinstance(node, cst.Try) and node.body in around]
    handlers = [handler.type for node in tries for handler in node.handlers]
    return any(caught is None or _catches(rollout, caught, site.scope) for caught in handlers)


def _catches(rollout: Rollout, caught: cst.BaseExpression, scope: Scope) -> bool:
    several = [element.value for element in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
    return any(rollout.resolver.expression(one, scope) in _CATCHING for one in several)


RULE = Rule(
    code="OSD105",
    name="process-exit",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import sys",
                run="""
if not ctx.prompt:
    «sys.exit»("The row has no prompt.")
print(ctx.prompt)
""",
            )
        ),
        Example(
            main_py(
                imports="import os\n\nfrom strands import tool",
                above='''
@tool
def stop(reason: str) -> str:
    """Stop working."""
    print(reason)
    «os._exit»(0)


def label_of(context):
    if context.label is None:
        raise «SystemExit("no label")»
    return context.label
''',
                grade="""
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float(label_of(ctx) == "4"))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import argparse\nimport sys",
                above="""
def options(text):
    try:
        if not text:
            sys.exit(2)
        return argparse.ArgumentParser().parse_args(text.split())
    except (ValueError, SystemExit):
        return None


def main():
    sys.exit(0)
""",
                run="print(options(str(ctx.prompt)))",
            )
            + '\n\nif __name__ == "__main__":\n    main()\n'
        ),
        Example(
            main_py(
                imports="from game import exit",
                run="""
exit("north")
if not ctx.prompt:
    raise ValueError("The row has no prompt.")
""",
            )
        ),
    ),
)
