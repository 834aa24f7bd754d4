"""A default argument is changed, and stays so for all later calls.

## What it does
Looks in functions that `run` and `grade` reach, and in tools, for parameters with a list, dictionary or set as default
which the function changes.

## Why is this bad?
Python makes a default once, when it reads the `def`. All rollouts of the process add to the same list.

## How to fix it
Use `None`, and make a new one in the function: `seen = [] if seen is None else seen`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import ParameterBinding
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.mutations import is_mutable, mutations_in, remembers
from osmo_checks.rules.places import in_code


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        for mutation in mutations_in(scope):
            changed = mutation.changed
            bindings = scope.bindings.get(changed.value, []) if isinstance(changed, cst.Name) else []
            if len(bindings) != 1 or not isinstance(bindings[0], ParameterBinding) or remembers(mutation):
                continue
            default = bindings[0].parameter.default
            if is_mutable(rollout.resolver, default, scope.outer or scope):
                name = bindings[0].parameter.name.value
                message = f"Every call without `{name}` changes the same object: use `None` as the default."
                yield Problem(in_code(rollout, scope, changed), message)


RULE = Rule(
    code="OSD103",
    name="mutable-default-changed",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import tool",
                above='''
@tool
def remember(fact: str, facts: list[str] = []) -> str:
    """Remember a fact."""
    «facts».append(fact)
    return "; ".join(facts)
''',
            )
        ),
        Example(
            main_py(
                above="""
def count(words, counts=dict()):
    for word in words:
        «counts»[word] = 1
    return counts
""",
                run="print(count(str(ctx.prompt).split()))",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                above="""
def count(words, counts=None, stop=[]):
    counts = {} if counts is None else counts
    for word in words:
        if word not in stop:
            counts[word] = 1
    return counts


def square(number, known={}):
    if number not in known:
        known[number] = number * number
    return known[number]


def copied(words, more=[]):
    more = list(more)
    more.extend(words)
    return more
""",
                run="print(count(copied(str(ctx.prompt).split())), square(2))",
            )
        ),
        Example(main_py(above="def unused(words, seen=[]):\n    seen.extend(words)")),
    ),
)
