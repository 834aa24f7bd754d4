"""Importing the entrypoint can end the process.

## What it does
Looks for `sys.exit`, `raise SystemExit` and `ArgumentParser.parse_args()` in the code that runs while modules are
imported, outside of `if __name__ == "__main__":`.

## Why is this bad?
`osmosis eval submit` and `osmosis train submit` import the entrypoint in their own process, and end with it, often
without a word. Arguments that are parsed then are those of the `osmosis` command.

## How to fix it
Move it below `if __name__ == "__main__":`, or raise an error where the thing that is missing is used.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.startup import calls_on_import, import_scopes, is_guarded

_EXITS = ("sys.exit", "builtins.exit", "builtins.quit", "os._exit")
_RAISED = (External("builtins.SystemExit"), Instance(External("builtins.SystemExit")))
_PARSERS = ("argparse.ArgumentParser.parse_args", "argparse.ArgumentParser.parse_known_args")
_GUARD = 'put it below `if __name__ == "__main__":`'


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in calls_on_import(rollout):
        place = in_code(rollout, call.site.scope, call.site.node.func)
        if call.name in _EXITS:
            yield Problem(place, f"Importing this ends whoever imports it, also `osmosis eval submit`: {_GUARD}.")
        elif call.name in _PARSERS and not call.site.node.args:
            yield Problem(place, f"Importing this parses the arguments of the `osmosis` command: {_GUARD}.")
    for scope in import_scopes(rollout):
        for site in scope.each(cst.Raise):
            raised = rollout.resolver.expression(site.node.exc, scope) if site.node.exc else None
            if raised in _RAISED and not is_guarded(site):
                message = f"Importing this ends whoever imports it, also `osmosis eval submit`: {_GUARD}."
                yield Problem(in_code(rollout, scope, site.node), message)


_PARSE = """\
parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8000)
"""

RULE = Rule(
    code="OSE109",
    name="ends-at-import",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports="import argparse", below=f"{_PARSE}arguments = «parser.parse_args»()")),
        Example(
            main_py(imports="import os\nimport sys", above='if not os.environ.get("KEY"):\n    «sys.exit»("no key")')
        ),
        Example(main_py(imports="import os", above='if "KEY" not in os.environ:\n    «raise SystemExit(1)»')),
    ),
    good=(
        Example(
            main_py(
                imports="import argparse",
                below="if __name__ == '__main__':\n    print(argparse.ArgumentParser().parse_args())",
            )
        ),
        Example(main_py(imports="import argparse", below=f"{_PARSE}arguments = parser.parse_args([])")),
        Example(main_py(imports="import sys", above="def leave() -> None:\n    sys.exit(1)")),
    ),
)
