"""A tool shows the model a traceback.

## What it does
Looks in tools for `traceback.format_exc()` and its like in what is returned.

## Why is this bad?
A traceback is hundreds of tokens of file names and code of the rollout. It fills the context with what the policy
cannot learn from, and may show it paths, labels and keys that it was not to see.

## How to fix it
Log the traceback, and tell the model in a sentence what it did wrong:

```python
except ValueError as error:
    return f"Not a number: {error}"
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.toolkit import mentions

_TRACEBACKS = ("traceback.format_exc", "traceback.format_exception", "traceback.format_tb", "traceback.format_stack")


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        for call in rollout.calls_in(tool):
            if call.name in _TRACEBACKS and _is_returned(tool, call):
                message = "The model is shown a traceback: tell it in a sentence what it did wrong."
                yield Problem(in_code(rollout, tool, call.site.node), message)


def _is_returned(tool: Scope, call: Call) -> bool:
    """Tell whether the text is returned, in place or by the name it was given."""
    if any(isinstance(around, cst.Return) for around in call.site.ancestors()):
        return True
    around = set(call.site.ancestors())
    names = {
        name
        for name, bindings in tool.bindings.items()
        for binding in bindings
        if isinstance(binding, ValueBinding) and (binding.value is call.site.node or binding.value in around)
    }
    return any(site.node.value and mentions(site.node.value, names) for site in tool.each(cst.Return))


RULE = Rule(
    code="OST107",
    name="tool-returns-traceback",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import traceback\n\nfrom strands import tool",
                above='''
@tool
def divide(a: float, b: float) -> str:
    """Divide a by b."""
    try:
        return str(a / b)
    except ZeroDivisionError:
        return f"That failed: {«traceback.format_exc()»}"
''',
            )
        ),
        Example(
            main_py(
                imports="from traceback import format_exception\n\nfrom agents import function_tool",
                above='''
@function_tool
def divide(a: float, b: float) -> str:
    """Divide a by b."""
    try:
        answer = str(a / b)
    except ZeroDivisionError as error:
        answer = "".join(«format_exception(error)»)
    return answer
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import logging\nimport traceback\n\nfrom strands import tool",
                above='''
@tool
def divide(a: float, b: float) -> str:
    """Divide a by b."""
    try:
        return str(a / b)
    except ZeroDivisionError as error:
        details = traceback.format_exc()
        logging.getLogger(__name__).warning(details)
        return f"That failed: {error}"
''',
            )
        ),
        Example(
            main_py(
                imports="import traceback",
                above="""
def explain() -> str:
    return traceback.format_exc()
""",
            )
        ),
    ),
)
