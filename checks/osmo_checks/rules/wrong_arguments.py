"""A call of the SDK has an argument too many, too few, of another name, or in another's place.

## What it does
Compares calls of `LocalBackend`, `create_rollout_server`, the contexts' methods and the integrations with the
parameters they have in the rollout's SDK generation. Where the first of two is a name (`sample_id`, `name`), it looks
for calls that give it second.

## Why is this bad?
It is a `TypeError`, or a `ValueError` about a sample that is not there: when the server starts, or in every rollout.

## How to fix it
Give what the message names. Most of these come from examples for another generation: `OsmosisMemorySession(name=...)`
and `set_sample_reward(sample_id, reward)` are of 0.2, `set_reward(reward)` is of 0.3.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from osmo_checks.finding import Severity
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.parameters import Parameters, misfit, parameters_from
from osmo_checks.rules.places import in_code
from osmo_checks.rules.swapped import is_swapped

#: Parameters that are texts, and come before what is no text.
_NAMES = (("sample_id",), ("name",))


def check(rollout: Rollout) -> Iterator[Problem]:
    signatures = rollout.contract.data.get("signatures", {})
    for call in rollout.calls:
        if call.name in signatures:
            parameters = parameters_from(signatures[call.name])
            yield from _compare(rollout, call, parameters)
            if parameters.positional[:1] in _NAMES and is_swapped(rollout, call):
                yield _swapped(rollout, call, parameters.positional)


def _compare(rollout: Rollout, call: Call, parameters: Parameters) -> Iterator[Problem]:
    found = misfit(call, parameters)
    short = call.name.rpartition(".")[2]
    if found and found.argument:
        place = found.argument.keyword or found.argument.value
        keyword = found.argument.keyword.value if found.argument.keyword else None
        message = f"`{short}` takes no `{keyword}`" if keyword else f"`{short}` does not take this argument"
        yield Problem(in_code(rollout, call.site.scope, place), f"{message}: {_hint(keyword, parameters)}")
    elif found:
        missing = ", ".join(f"`{name}`" for name in found.missing)
        yield Problem(in_code(rollout, call.site.scope, call.site.node.func), f"`{short}` also needs {missing}.")


def _swapped(rollout: Rollout, call: Call, names: Sequence[str]) -> Problem:
    places = [in_code(rollout, call.site.scope, argument.value) for argument in call.site.node.args]
    short = call.name.rpartition(".")[2]
    message = f"`{short}` takes `{names[0]}` first, then `{names[1]}`: these stand the other way round."
    rewrites = [Rewrite(place, f"{name}=", "before") for place, name in zip(places, reversed(names), strict=True)]
    return Problem(places[0], message, Repair("Say which is which.", tuple(rewrites)))


def _hint(keyword: str | None, parameters: Parameters) -> str:
    near = get_close_matches(keyword or "", parameters.named, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    if not parameters.named:
        return "leave it out."
    how = "" if parameters.positional else ", by name"
    return f"it takes {', '.join(f'`{name}`' for name in parameters.named)}{how}."


_IMPORTS = """\
from osmosis_ai.rollout.backend.local import LocalBackend
from osmosis_ai.rollout.server import create_rollout_server"""
_SESSION = "from osmosis_ai.rollout.integrations.agents.openai_agents import OsmosisMemorySession"

RULE = Rule(
    code="OSC111",
    name="wrong-arguments",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(main_py(imports=_IMPORTS, below="backend = LocalBackend(«MyWorkflow», MyGrader)")),
        Example(
            main_py(
                imports=_IMPORTS,
                below="backend = LocalBackend(workflow=MyWorkflow, «graders»=[MyGrader])\n"
                "app = «create_rollout_server»()",
            )
        ),
        Example(main_py(grade="«ctx.set_sample_reward»(1.0)")),
        Example(main_py(grade="for sample_id in ctx.samples:\n    ctx.set_sample_reward(«1.0», sample_id)")),
        Example(
            main_py(
                imports="from scoring import score",
                grade="for name, sample in ctx.samples.items():\n"
                "    reward = score(sample)\n"
                "    ctx.set_sample_reward(«reward», name)",
            )
        ),
        Example(main_py(grade='ctx.set_reward("main", «1.0»)'), contract="0.3"),
        Example(
            main_py(imports=_SESSION, run='print(OsmosisMemorySession(«name»="a"))', grade="ctx.set_reward(1.0)"),
            contract="0.3",
        ),
    ),
    good=(
        Example(
            main_py(imports=_IMPORTS, below='kept = {"grader": MyGrader}\nLocalBackend(workflow=MyWorkflow, **kept)')
        ),
        Example(
            main_py(imports=_SESSION, run='print(OsmosisMemorySession("first"), OsmosisMemorySession(name="second"))')
        ),
        Example(main_py(grade='ctx.set_sample_reward(reward=1.0, sample_id="main")')),
        Example(
            main_py(
                imports="from scoring import score",
                grade="for one, sample in ctx.samples.items():\n"
                "    for name in score(sample):\n"
                "        ctx.set_sample_reward(one, name)",
            )
        ),
    ),
)
