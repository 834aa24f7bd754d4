"""The conversation is shortened between turns.

## What it does
Looks for messages that are cut in a loop of the workflow: `messages = messages[-10:]`, `del messages[1:3]`,
`messages.pop(0)`, `agent.messages.clear()`.

## Why is this bad?
The trainer learns from the tokens of one conversation that only grows. If earlier turns are gone when the next answer
is written, what is trained is not what the model saw: rewards are put down to the wrong tokens.

## How to fix it
Keep the whole conversation and bound the number of turns instead. If the task needs a summary, end the rollout with it.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.walk import is_same_code
from osmo_checks.rollout import Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_HISTORIES = ("messages", "history", "conversation", "chat_history")
_MESSAGE = "The next answer is written without the turns that this cuts off: keep the conversation whole."


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.workflow_scopes:
        for node in _cuts(scope):
            yield Problem(in_code(rollout, scope, node), _MESSAGE)


def _cuts(scope: Scope) -> Iterator[cst.CSTNode]:
    """Yield the nodes in loops that take turns out of a conversation."""
    for assignment in scope.each(cst.Assign):
        target, value = assignment.node.targets[0].target, assignment.node.value
        if _in_loop(assignment) and _is_slice_of(value, target):
            yield value
    for call in scope.each(cst.Call):
        if _in_loop(call) and _drops(call.node):
            yield call.node
    for deletion in scope.each(cst.Del):
        cut = deletion.node.target
        if _in_loop(deletion) and isinstance(cut, cst.Subscript) and last_name(cut.value) in _HISTORIES:
            yield cut


def _in_loop(site: Site[cst.Assign] | Site[cst.Call] | Site[cst.Del]) -> bool:
    return any(isinstance(node, cst.For | cst.While) for node in site.ancestors())


def _is_slice_of(value: cst.BaseExpression, target: cst.BaseExpression) -> bool:
    """Tell whether ``value`` holds a slice of what it is assigned to."""
    parts = [value, *_summands(value)]
    return last_name(target) in _HISTORIES and any(
        isinstance(part, cst.Subscript)
        and isinstance(part.slice[0].slice, cst.Slice)
        and is_same_code(part.value, target)
        for part in parts
    )


def _summands(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(value, cst.BinaryOperation):
        yield from (value.left, value.right)
    elif isinstance(value, cst.List):
        yield from (element.value for element in value.elements)


def _drops(call: cst.Call) -> bool:
    """Tell whether ``call`` takes an earlier message out of a conversation: the last one may be asked for again."""
    if not isinstance(call.func, cst.Attribute) or last_name(call.func.value) not in _HISTORIES:
        return False
    if call.func.attr.value == "clear":
        return True
    first = call.args[0].value if call.args else None
    return call.func.attr.value == "pop" and isinstance(first, cst.Integer)


_LOOP = "messages = list(ctx.prompt)\nfor turn in range(8):\n    messages.append(await self.ask(messages))\n    {}"

RULE = Rule(
    code="OSM109",
    name="history-rewritten",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(run=_LOOP.format("messages = «messages[-10:]»"))),
        Example(main_py(run=_LOOP.format("messages = «[messages[0], *messages[-4:]]»"))),
        Example(main_py(run=_LOOP.format("«messages.pop(1)»"))),
        Example(main_py(run=_LOOP.format("if turn > 4:\n        del «messages[1:3]»"))),
    ),
    good=(
        Example(main_py(run="messages = ctx.prompt\nmessages = messages[-1:]\nprint(messages)")),
        Example(main_py(run=_LOOP.format("last = messages[-1:]\n    print(last)"))),
        Example(main_py(run=_LOOP.format("if turn > 4:\n        messages.pop()"))),
        Example(main_py(run="queue = [1]\nwhile queue:\n    queue.pop(0)\n    items = [1]\n    items.pop(0)")),
    ),
)
