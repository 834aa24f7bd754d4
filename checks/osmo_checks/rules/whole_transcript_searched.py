"""The whole conversation is searched for the answer.

## What it does
Looks for `str(sample.messages)`, `json.dumps(sample.messages)` and joins over all messages that are searched with `in`
or a regular expression in the code that `grade` reaches.

## Why is this bad?
The conversation also holds the system prompt, the question and what the tools said. What is looked for may stand there
already, and a model that repeats its prompt is rewarded for it.

## How to fix it
Look at what the assistant said last:

```python
answers = [message for message in sample.messages if message["role"] == "assistant"]
text = answers[-1]["content"] if answers else ""
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import External
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_SEARCHES = ("re.search", "re.findall", "re.finditer", "re.match", "re.fullmatch")
_WRITERS = ("builtins.str", "builtins.repr", "json.dumps")
_DEEPEST = 8
_KEEPING = ("lower", "upper", "casefold", "strip")
_MESSAGE = "This also holds the prompt and what tools said: look only at what the assistant said last."


def check(rollout: Rollout) -> Iterator[Problem]:
    found: dict[cst.BaseExpression, Scope] = {}
    for scope in rollout.grader_scopes:
        for node in _searched(rollout, scope):
            transcript = _transcript(rollout, node, scope)
            if transcript is not None:
                found[transcript] = scope
    yield from (Problem(in_code(rollout, scope, node), _MESSAGE) for node, scope in found.items())


def _searched(rollout: Rollout, scope: Scope) -> Iterator[cst.BaseExpression]:
    for site in scope.each(cst.Comparison):
        yield from (target.comparator for target in site.node.comparisons if isinstance(target.operator, cst.In))
    for call in rollout.calls_in(scope):
        given = call.argument("string", 1) if call.name in _SEARCHES else None
        if given is not None:
            yield given
        elif isinstance(call.site.node.func, cst.Attribute) and call.site.node.func.attr.value in ("find", "count"):
            yield call.site.node.func.value


def _transcript(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> cst.BaseExpression | None:
    """Return the expression that writes all messages as one text, if ``node`` is one or names one in this scope."""
    for _step in range(_DEEPEST):
        if isinstance(node, cst.Name):
            bindings = scope.bindings.get(node.value, ())
            only = bindings[0] if len(bindings) == 1 else None
            if not isinstance(only, ValueBinding) or only.value is None or only.value is node:
                return None
            node = only.value
        elif isinstance(node, cst.Call) and last_name(node.func) in _KEEPING and isinstance(node.func, cst.Attribute):
            node = node.func.value
        else:
            return node if _writes_all(rollout, node, scope) else None
    return None


def _writes_all(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> bool:
    if isinstance(node, cst.FormattedString):
        parts = [part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
        return any(_is_messages(part) for part in parts)
    given = node.args[0].value if isinstance(node, cst.Call) and node.args else None
    if not isinstance(node, cst.Call) or given is None:
        return False
    writer = rollout.resolver.expression(node.func, scope)
    if isinstance(writer, External) and writer.name in _WRITERS:
        return _is_messages(given)
    return last_name(node.func) == "join" and _takes_all(given)


def _is_messages(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "messages"


def _takes_all(node: cst.BaseExpression) -> bool:
    """Tell whether a comprehension goes over all messages, whoever wrote them."""
    if not isinstance(node, cst.GeneratorExp | cst.ListComp):
        return False
    return _is_messages(node.for_in.iter) and not node.for_in.ifs and not isinstance(node.elt, cst.IfExp)


_EACH = "for name, sample in ctx.samples.items():\n    {}\n    ctx.set_sample_reward(name, float(bool(right)))"
_JOINED = '"\\n".join(str(message["content"]) for message in sample.messages{})'
_SAID = _JOINED.format(' if message["role"] == "assistant"')

RULE = Rule(
    code="OSG106",
    name="whole-transcript-searched",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(grade=_EACH.format('right = "expected" in «str(sample.messages)»'))),
        Example(
            main_py(
                imports="import re",
                grade=_EACH.format(f"text = «{_JOINED.format('')}»\n    right = re.search('####', text.lower())"),
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="from our_company import judge",
                grade=_EACH.format("right = await judge(str(sample.messages))"),
            )
        ),
        Example(main_py(grade=_EACH.format(f'text = {_SAID}\n    right = "####" in text'))),
        Example(main_py(grade=_EACH.format('right = "####" in str(sample.messages[-1]["content"])'))),
    ),
)
