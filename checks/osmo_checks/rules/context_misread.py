"""A value that the platform hands over is used as what it is not.

## What it does
Looks at what is asked of `ctx.prompt` (a list of messages), messages (dicts), `ctx.label` (a text), `ctx.samples` (a
dict by name) and samples: attributes that they do not have, keys where they have positions, and positions where they
have keys. Code that asks `isinstance` or `hasattr`, or stands in a `try`, is left alone, and so is an attribute that
code of yours assigns to.

## Why is this bad?
It is an `AttributeError`, `TypeError` or `KeyError` on the first row, and on every other.

## How to fix it
```python
question = ctx.prompt[-1]["content"]

for name, sample in ctx.samples.items():
    answer = sample.messages[-1]["content"]
    ctx.set_sample_reward(name, 1.0 if answer == ctx.label else 0.0)
```
"""

import json
from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.resolve import literal
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.values import Constant, Instance, UserClass
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.context_values import FIELDS, SAMPLE, SAMPLES, Kind, kind_of, loops_of
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_ASKING = frozenset(f"builtins.{name}" for name in ("isinstance", "hasattr", "getattr", "type"))


def check(rollout: Rollout) -> Iterator[Problem]:
    if _fields_assigned(rollout):
        return
    for module in rollout.modules:
        for scope in module.scope.below():
            if _uses_fields(scope) and not _asks(rollout, scope):
                yield from _attributes(rollout, scope)
                yield from _keys(rollout, scope)
                yield from _loops(rollout, scope)
                yield from _names(rollout, scope)


def _fields_assigned(rollout: Rollout) -> bool:
    """Tell whether code of the user's may give a context's attributes values of its own."""
    for module in rollout.modules:
        for scope in module.scope.below():
            for target in _targets(scope):
                if isinstance(target, cst.Attribute) and target.attr.value in FIELDS:
                    owner = rollout.resolver.expression(target.value, scope)
                    if not isinstance(owner, Instance) or not isinstance(owner.of, UserClass):
                        return True
    return False


def _targets(scope: Scope) -> Iterator[cst.BaseExpression]:
    yield from (site.node.target for site in scope.each(cst.AssignTarget))
    yield from (site.node.target for site in scope.each(cst.AnnAssign))


def _uses_fields(scope: Scope) -> bool:
    """Tell whether ``scope`` or a function around it reads attributes that contexts have."""
    place: Scope | None = scope
    while place:
        if any(site.node.attr.value in FIELDS for site in place.each(cst.Attribute)):
            return True
        place = place.outer
    return False


def _asks(rollout: Rollout, scope: Scope) -> bool:
    place: Scope | None = scope
    while place:
        if any(call.name in _ASKING for call in rollout.calls_in(place)):
            return True
        place = place.outer
    return False


def _is_tried(site: Site[cst.Attribute] | Site[cst.Subscript]) -> bool:
    return any(isinstance(node, cst.Try | cst.TryStar) and node.handlers for node in site.ancestors())


def _attributes(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.Attribute):
        name = site.node.attr.value
        kind = kind_of(rollout, site.node.value, scope)
        if kind and name not in kind.members and not name.startswith(("_", "model_")) and not _is_tried(site):
            message = f"{kind.words} has no `{name}`: {kind.advice}."
            yield Problem(in_code(rollout, scope, site.node.attr), message)


def _keys(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.Subscript):
        index = site.node.slice[0].slice
        given = literal(index.value) if isinstance(index, cst.Index) else None
        kind = kind_of(rollout, site.node.value, scope) if isinstance(given, Constant) else None
        if kind and isinstance(given, Constant) and _misfits(kind, given.value) and not _is_tried(site):
            message = f"{kind.words} has no `[{json.dumps(given.value)}]`: {kind.advice}."
            yield Problem(in_code(rollout, scope, site.node), message)


def _misfits(kind: Kind, key: object) -> bool:
    return isinstance(key, str | int) and (kind.key is None or not isinstance(key, kind.key))


def _loops(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    """Find loops over pairs that go over names alone."""
    for loop in loops_of(scope):
        if isinstance(loop.target, cst.Tuple) and kind_of(rollout, loop.iter, scope) is SAMPLES:
            place = in_code(rollout, scope, loop.iter)
            repair = Repair("Go over names and samples.", (Rewrite(place, ".items()", "after"),))
            yield Problem(place, "This goes over the samples' names alone: write `.items()` after it.", repair)


def _names(rollout: Rollout, scope: Scope) -> Iterator[Problem]:
    for call in rollout.calls_in(scope):
        given = _name_given(rollout, call)
        if given and kind_of(rollout, given, scope) is SAMPLE:
            message = "This is the sample, and its name is needed: go over `ctx.samples.items()`, which gives both."
            yield Problem(in_code(rollout, scope, given), message)


def _name_given(rollout: Rollout, call: Call) -> cst.BaseExpression | None:
    grader = rollout.contract.grader
    setter = f"{grader.context}.set_sample_reward" if grader else ""
    return call.argument("sample_id", 0) if call.name == setter else None


_EACH = """\
for name, sample in ctx.samples.items():
    ctx.set_sample_reward(name, float({} == ctx.label))
"""
_LAST = 'sample.messages[-1]["content"]'

RULE = Rule(
    code="OSC123",
    name="context-misread",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(run="print(ctx.prompt.«strip»())", grade=_EACH.format("sample.«content»"))),
        Example(
            main_py(
                run='last = ctx.prompt[-1]\nprint(«ctx.prompt["content"]», last.«content»)',
                grade=_EACH.format("sample.messages[-1].«content»"),
            )
        ),
        Example(main_py(grade='ctx.set_reward(float(«ctx.label["answer"]» == ctx.label.«get»("a")))'), "0.3"),
        Example(
            main_py(
                grade="for name, sample in «ctx.samples»:\n"
                f"    ctx.set_sample_reward(name, float({_LAST} == ctx.label))"
            )
        ),
        Example(
            main_py(
                grade="for sample in ctx.samples.values():\n"
                "    ctx.set_sample_reward(«sample», float(len(sample.messages) == 2))"
            )
        ),
        Example(main_py(grade='print(«ctx.samples[0]», [one.«text» for one in ctx.samples["main"].messages])')),
    ),
    good=(
        Example(
            main_py(
                run="last, first = ctx.prompt[-1], ctx.prompt[:1]\n"
                'print(last["content"], first[0].get("role"), last.items())',
                grade=_EACH.format(f"sample.model_copy().id and {_LAST}"),
            )
        ),
        Example(
            main_py(
                run='text = ctx.prompt if isinstance(ctx.prompt, str) else ctx.prompt.text["content"]\nprint(text)',
                grade="names = {name: len(name.upper()) for name in ctx.samples}\n" + _EACH.format("names[name]"),
            )
        ),
        Example(
            main_py(
                imports="import json",
                grade="ctx.label = json.loads(ctx.label)\n" + _EACH.format('sample.id == ctx.label["id"]'),
            )
        ),
        Example(
            main_py(
                run="try:\n    print(ctx.prompt.text)\nexcept AttributeError:\n    print(ctx.prompt)",
                grade="for name, sample in sorted(ctx.samples.items()):\n"
                "    ctx.set_sample_reward(name, float(sample.label == ctx.label))",
            )
        ),
    ),
)
