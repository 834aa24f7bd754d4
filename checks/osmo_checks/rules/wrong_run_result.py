"""`run` returns something that is no sample.

## What it does
Looks at what `run` returns in SDK 0.3: a text, a dict, a tuple, a reply object, a `RolloutSample`.

## Why is this bad?
SDK 0.3 takes the result of `run` as the sample. Anything but a message list, an `AgentWorkflowOutput` or `None` raises
`TypeError` after all the work is done, in every rollout.

## How to fix it
Return the messages, or nothing where an Osmosis agent or session keeps them:

```python
return [*ctx.prompt, {"role": "assistant", "content": answer}]
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.shapes import LIST, NONE, shape_of

#: What gives objects of an agent framework or a client.
_REPLIES = (".invoke_async", ".structured_output", "Runner.run", "completions.create", "responses.create", "completion")


def check(rollout: Rollout) -> Iterator[Problem]:
    for player, method in rollout.methods():
        if player.role is not rollout.contract.workflow or not rollout.contract.data["workflow"].get("uses_result"):
            continue
        for site in method.each(cst.Return):
            given = _given(rollout, site.node.value, method) if site.node.value else None
            if site.node.value and given not in (None, NONE, LIST):
                message = f"`run` returns {given}, but has to return messages, an `AgentWorkflowOutput` or nothing."
                yield Problem(in_code(rollout, method, site.node.value), message)


def _given(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> str | None:
    shape = shape_of(rollout, node, scope)
    value = rollout.resolver.expression(node, scope)
    if shape or not isinstance(value, Instance) or not isinstance(value.of, External):
        return shape
    if value.of.name == rollout.sdk("RolloutSample"):
        return "a `RolloutSample`"
    return "a reply object" if value.of.name.endswith(_REPLIES) else None


_STRANDS = "from osmosis_ai.rollout.integrations.agents.strands import OsmosisRolloutModel, OsmosisStrandsAgent"
_ASK = 'agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())\n{}await agent.invoke_async("hi"){}'
_ONE = "ctx.set_reward(1.0)"

RULE = Rule(
    code="OSC115",
    name="wrong-run-result",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(imports=_STRANDS, run=_ASK.format("return «", "»"), grade=_ONE, returns="object"), contract="0.3"
        ),
        Example(
            main_py(
                run='answer = "4"\nreturn «{"messages": ctx.prompt, "answer": answer}»', grade=_ONE, returns="dict"
            ),
            contract="0.3",
        ),
        Example(main_py(run='return «f"The answer is {len(ctx.prompt)}"»', grade=_ONE, returns="str"), contract="0.3"),
    ),
    good=(
        Example(main_py(run='return "4"', returns="str")),
        Example(
            main_py(
                imports="from osmosis_ai.rollout import AgentWorkflowOutput",
                run='reply = {"role": "assistant", "content": "4"}\n'
                "if ctx.metadata:\n    return AgentWorkflowOutput(messages=[reply])\nreturn [*ctx.prompt, reply]",
                grade=_ONE,
                returns="object",
            ),
            contract="0.3",
        ),
        Example(main_py(imports=_STRANDS, run=_ASK.format("", "\nreturn None"), grade=_ONE), contract="0.3"),
        Example(main_py(run="return self._messages(ctx)", grade=_ONE, returns="list"), contract="0.3"),
    ),
)
