"""A name of another SDK generation, or one that no generation has.

## What it does
Compares what is imported from `osmosis_ai`, its modules, and what is used of the context objects with what the
rollout's SDK generation offers. The generation comes from the rollout's `uv.lock` or `pyproject.toml`. Imports inside
`try` or `if` are left alone, and so is a context that the function asks with `hasattr` or under `AttributeError`.

## Why is this bad?
It is an `ImportError` when the rollout server starts, or an `AttributeError` in every rollout. Examples in the wild
still teach the names of older generations.

## How to fix it
Use the name of this generation, which the message gives, or change the `osmosis-ai` requirement.

| 0.2 | 0.3 |
|---|---|
| `ctx.samples`, `ctx.get_samples()` | `ctx.sample` |
| `ctx.set_sample_reward(id, reward)` | `ctx.set_reward(reward)` |
| `register_sample_source(name, source)` | `set_sample_source(source)` |
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, InCode, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.guarded import is_asked_for, is_kept
from osmo_checks.rules.imports import is_optional

#: How alike two dotted names are, of which most begin with the same words.
_ALIKE = 0.9
#: As many names as a reader takes in at once.
_MOST_LISTED = 12


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for scope in module.scope.below():
            yield from _imports(rollout, module, scope)
            yield from _attributes(rollout, module, scope)


def _imports(rollout: Rollout, module: Module, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.ImportFrom):
        names, source = site.node.names, site.node.module
        if isinstance(names, cst.ImportStar) or source is None or site.node.relative or is_optional(site):
            continue
        offered = rollout.contract.modules.get(dotted_name(source))
        if offered is not None:
            yield from _unknown_names(rollout, module, source, names)
        elif rollout.contract.holds_nothing(dotted_name(source)):
            yield from _wrong_module(rollout, module, source, [dotted_name(alias.name) for alias in names])


def _unknown_names(
    rollout: Rollout, module: Module, source: cst.CSTNode, names: Sequence[cst.ImportAlias]
) -> Iterator[Problem]:
    contract, written = rollout.contract, dotted_name(source)
    for alias in names:
        name = dotted_name(alias.name)
        submodule = any(other.startswith(f"{written}.{name}") for other in contract.modules)
        if name in contract.modules[written] or submodule:
            continue
        place = contract.places.get(name, "").rpartition(".")[0]
        if place and contract.canonical(f"{written}.{name}") not in contract.renamed:
            message = f"`{written}` of SDK {contract.generation} has no `{name}`: import it from `{place}`."
            repair = _from_there(module, source, {place}) if len(names) == 1 else None
            yield Problem(InCode(module, alias.name), message, repair)
        else:
            message = _message(rollout, f"{written}.{name}", written, name, contract.modules[written])
            yield Problem(InCode(module, alias.name), message)


def _wrong_module(rollout: Rollout, module: Module, source: cst.CSTNode, names: list[str]) -> Iterator[Problem]:
    """Say where the names are, or which module is meant; nothing where neither is known."""
    contract, written = rollout.contract, dotted_name(source)
    places = {name: contract.places.get(name, "").rpartition(".")[0] for name in names}
    near = get_close_matches(written, contract.modules, n=1, cutoff=_ALIKE)
    is_folder = any(other.startswith(f"{written}.") for other in contract.modules)
    if all(places.values()):
        message = f"SDK {contract.generation} has nothing like this in `{written}`: {_where(places)}."
        yield Problem(InCode(module, source), message, _from_there(module, source, set(places.values())))
    elif near and not is_folder:
        message = f"SDK {contract.generation} has no module `{written}`: did you mean `{near[0]}`?"
        yield Problem(InCode(module, source), message)


def _where(places: Mapping[str, str]) -> str:
    by_place: dict[str, list[str]] = {}
    for name, place in places.items():
        by_place.setdefault(place, []).append(f"`{name}`")
    return "import " + " and ".join(f"{', '.join(names)} from `{place}`" for place, names in by_place.items())


def _from_there(module: Module, source: cst.CSTNode, places: set[str]) -> Repair | None:
    if len(places) != 1:
        return None
    (place,) = places
    return Repair(f"Import from `{place}`.", (Rewrite(InCode(module, source), place),))


def _attributes(rollout: Rollout, module: Module, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.Attribute):
        owner = rollout.resolver.expression(site.node.value, scope)
        if not isinstance(owner, Instance) or not isinstance(owner.of, External):
            continue
        offered = rollout.contract.attributes.get(owner.of.name)
        name = site.node.attr.value
        if offered is not None and name not in offered and not name.startswith("__"):
            if is_asked_for(site) or is_kept(rollout, owner, name):
                continue
            short = owner.of.name.rpartition(".")[2]
            yield Problem(
                InCode(module, site.node.attr), _message(rollout, f"{owner.of.name}.{name}", short, name, offered)
            )


def _message(rollout: Rollout, full: str, owner: str, name: str, offered: list[str]) -> str:
    generation = rollout.contract.generation
    other = rollout.contract.renamed.get(rollout.contract.canonical(full))
    if other:
        return f"`{name}` is of SDK {other['generation']}; this rollout is for {generation}: use `{other['use']}`."
    near = get_close_matches(name, offered, n=1)
    return f"`{owner}` of SDK {generation} has no `{name}`: {_hint(near, offered)}"


def _hint(near: list[str], offered: list[str]) -> str:
    if near:
        return f"did you mean `{near[0]}`?"
    if len(offered) > _MOST_LISTED:
        return "correct the name, or leave it out."
    return f"it has {', '.join(f'`{known}`' for known in offered)}."


_MAIN = """\
from osmosis_ai.rollout import AgentWorkflow, AgentWorkflowContext, Grader, GraderContext{}


class MyWorkflow(AgentWorkflow):
    async def run(self, ctx: AgentWorkflowContext) -> None:
        print(ctx.prompt)


class MyGrader(Grader):
    async def grade(self, ctx: GraderContext) -> None:
{}
"""
_OLD = "        for sample_id in ctx.{}:\n            ctx.{}(sample_id, 1.0)"
_SET = _OLD.format("samples", "set_sample_reward")
_NEW = "        print(ctx.{})\n        ctx.{}(1.0)"

RULE = Rule(
    code="OSC108",
    name="wrong-contract-name",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(_MAIN.format("", _NEW.format("«sample»", "«set_reward»"))),
        Example(_MAIN.format("", _OLD.format("«samples»", "«set_sample_reward»")), contract="0.3"),
        Example(_MAIN.format("\nfrom osmosis_ai.rollout import «SampleSource»", _SET)),
        Example(_MAIN.format(", «create_app»", _OLD.format("samples", "set_sample_reward"))),
        Example(_MAIN.format("", _OLD.format("samples", "«set_samples_reward»"))),
        Example(_MAIN.replace("osmosis_ai.rollout", "«osmosis_ai.rollout.workflow»").format("", _SET)),
        Example(
            _MAIN.format("\nfrom «osmosis_ai.rollout.integrations.strands» import OsmosisStrandsAgent, Extra", _SET)
        ),
        Example(_MAIN.replace("osmosis_ai.rollout", "«osmosis_ai»").format("", "        ctx.set_reward(1.0)"), "0.3"),
    ),
    good=(
        Example(_MAIN.format("", _OLD.format("samples", "set_sample_reward"))),
        Example(_MAIN.format("", _NEW.format("sample", "set_reward")), contract="0.3"),
        Example(
            _MAIN.format(
                "",
                '        if not hasattr(ctx, "samples"):\n            ctx.set_reward(1.0)\n            return\n' + _SET,
            )
        ),
        Example(
            _MAIN.format("", "        ctx.started = 1.0\n" + _SET + "\n        print(ctx.started)"),
        ),
        Example(
            _MAIN.format(
                "\nfrom osmosis_ai.rollout.backend.local.backend import LocalBackend"
                "\nfrom osmosis_ai.rollout.integrations.agents import strands"
                "\nfrom osmosis_ai.future.words import Unheard",
                _SET,
            )
        ),
    ),
)
