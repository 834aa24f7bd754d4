"""A judge's score is read out of its free text.

## What it does
Looks for `float(...)`, `int(...)` and regular expressions over the reply of a model that `grade` asks without
`response_format` or tools.

## Why is this bad?
A judge that writes freely also quotes the answer it judges. The first number in its reply may be one that the model in
training put there, and a reply without a number fails the rollout.

## How to fix it
Ask for a structured reply, and read its field:

```python
reply = await client.chat.completions.create(..., response_format={"type": "json_schema", "json_schema": SCORE})
score = json.loads(reply.choices[0].message.content)["score"]
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_ASKING = ("completions.create", "responses.create", "litellm.completion", "litellm.acompletion", "messages.create")
_STRUCTURED = ("response_format", "tools", "functions", "text", "text_format", "extra_body")
_READERS = {
    **dict.fromkeys(("builtins.float", "builtins.int"), ("x", 0)),
    **dict.fromkeys(("re.search", "re.findall", "re.match", "re.fullmatch"), ("string", 1)),
}
_MESSAGE = "A score read out of free text can be one that the judged answer put there: ask with `response_format=`."


def check(rollout: Rollout) -> Iterator[Problem]:
    calls = [call for scope in rollout.grader_scopes for call in rollout.calls_in(scope)]
    asked = [call for call in calls if call.name.endswith(_ASKING)]
    free = {call.name for call in asked if not _is_structured(call)} - {c.name for c in asked if _is_structured(c)}
    for call in calls if free else ():
        given = call.argument(*_READERS[call.name]) if call.name in _READERS else None
        first = given.left if isinstance(given, cst.BooleanOperation) else given
        value = rollout.resolver.expression(first, call.site.scope) if first is not None else None
        source = value.of if isinstance(value, Instance) else value
        if given is not None and isinstance(source, External) and source.name.startswith(tuple(f"{n}." for n in free)):
            yield Problem(in_code(rollout, call.site.scope, given), _MESSAGE)


def _is_structured(call: Call) -> bool:
    return call.unpacks or any(call.argument(name) is not None for name in _STRUCTURED)


_ASK = """\
client = AsyncOpenAI()
for sample in ctx.samples.values():
    reply = await client.chat.completions.create(model="gpt-5.2", messages=sample.messages{})
    {}"""
_IMPORTS = "import json\nimport re\n\nfrom openai import AsyncOpenAI"

RULE = Rule(
    code="OSG113",
    name="judge-free-text",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_IMPORTS,
                grade=_ASK.format("", "sample.reward = float(«reply.choices[0].message.content.strip()»)"),
            )
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                grade=_ASK.format(
                    "",
                    "text = reply.choices[0].message.content\n"
                    '    sample.reward = float(re.findall(r"[0-9]", «text or ""»)[0])',
                ),
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports=_IMPORTS,
                grade=_ASK.format(
                    ', response_format={"type": "json_object"}',
                    'sample.reward = float(json.loads(reply.choices[0].message.content)["score"])',
                ),
            )
        ),
        Example(
            main_py(
                imports=_IMPORTS,
                grade=_ASK.format("", 'sample.reward = float(reply.choices[0].message.content.strip() == "yes")'),
            )
        ),
    ),
)
