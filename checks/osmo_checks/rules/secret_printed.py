"""A key is printed or logged.

## What it does
Looks for `print` and logging calls that are given the rollout's `api_key`, or an environment variable that is called
like a secret, as it is or inside an f-string. A part of it (`key[:4]`) is left alone.

## Why is this bad?
What a rollout prints is kept with the run and shown to everyone who may look at it. The `api_key` of a rollout opens
the model in training.

## How to fix it
Leave the value out. To see whether it is there, print that: `print("key set:", bool(key))`.
"""

from collections.abc import Iterator

from osmo_checks.credentials import is_name_of_secret
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")
_PRINTERS = frozenset(
    ("builtins.print", *(f"{logger}.{level}" for logger in ("logging", "logging.getLogger") for level in _LEVELS))
)
_READERS = ("os.getenv", "os.environ.get")


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in rollout.calls:
        if call.name not in _PRINTERS:
            continue
        for node in _shown(call):
            if _is_secret(rollout, node, call.site.scope):
                place = in_code(rollout, call.site.scope, node)
                yield Problem(place, "This shows a secret to everyone who reads the run's output: leave it out.")


def _shown(call: Call) -> Iterator[cst.BaseExpression]:
    for argument in call.site.node.args:
        if isinstance(argument.value, cst.FormattedString):
            parts = argument.value.parts
            yield from (part.expression for part in parts if isinstance(part, cst.FormattedStringExpression))
        else:
            yield argument.value


def _is_secret(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    if isinstance(node, cst.Name):
        assigned = _assigned(node.value, scope)
        return assigned is not None and not isinstance(assigned, cst.Name) and _is_secret(rollout, assigned, scope)
    if isinstance(node, cst.Call):
        called = rollout.resolver.expression(node.func, scope)
        is_read = isinstance(called, External) and called.name in _READERS and bool(node.args)
        return is_read and _names_secret(rollout, node.args[0].value, scope)
    if isinstance(node, cst.Subscript) and rollout.resolver.expression(node.value, scope) == External("os.environ"):
        index = node.slice[0].slice
        return isinstance(index, cst.Index) and _names_secret(rollout, index.value, scope)
    value = rollout.resolver.expression(node, scope) if isinstance(node, cst.Attribute) else None
    return isinstance(value, External) and value.name == f"{rollout.sdk('RolloutContext')}.api_key"


def _names_secret(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    name = rollout.resolver.expression(node, scope)
    return isinstance(name, Constant) and isinstance(name.value, str) and is_name_of_secret(name.value)


def _assigned(name: str, scope: Scope) -> cst.BaseExpression | None:
    """Return the one expression that ``name`` is bound to, in this scope or the module."""
    bindings = scope.bindings.get(name) or scope.module.bindings.get(name) or []
    only = bindings[0] if len(bindings) == 1 else None
    return only.value if isinstance(only, ValueBinding) else None


_CONTEXT = "from osmosis_ai.rollout import get_rollout_context"

RULE = Rule(
    code="OSS104",
    name="secret-printed",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_CONTEXT,
                run='rollout = get_rollout_context()\nprint(rollout.chat_completions_url, f"{«rollout.api_key»!r}")',
            )
        ),
        Example(
            main_py(
                imports="import logging\nimport os",
                above='logger = logging.getLogger(__name__)\nKEY = os.environ.get("OPENAI_API_KEY")',
                run='logger.info("judge key %s", «KEY»)',
            )
        ),
        Example(main_py(imports="import os", run='print(«os.environ["HF_TOKEN"]»)')),
    ),
    good=(
        Example(
            main_py(
                imports=f"import os\n{_CONTEXT}",
                run='key = os.environ.get("OPENAI_API_KEY")\nprint(bool(key), len(str(key)), os.getenv("MODE"))\n'
                "print(get_rollout_context().api_key[:4])",
            )
        ),
        Example(main_py(imports="import os", run='token = os.environ.get("MAX_TOKENS", "1")\nprint(token)')),
    ),
)
