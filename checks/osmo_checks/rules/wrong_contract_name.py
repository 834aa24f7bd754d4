"""A name of another SDK generation, or one that no generation has.

## What it does
Compares what is imported from `osmosis_ai`, and what is used of the context objects, with what the rollout's SDK
generation offers. The generation comes from the rollout's `uv.lock` or `pyproject.toml`.

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

from collections.abc import Iterator
from difflib import get_close_matches

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, InCode, Problem, Rule


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for scope in module.scope.below():
            yield from _imports(rollout, module, scope)
            yield from _attributes(rollout, module, scope)


def _imports(rollout: Rollout, module: Module, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.ImportFrom):
        source = dotted_name(site.node.module) if site.node.module and not site.node.relative else ""
        offered = rollout.contract.modules.get(source)
        if offered is None or isinstance(site.node.names, cst.ImportStar):
            continue
        for alias in site.node.names:
            name = dotted_name(alias.name)
            submodule = any(other.startswith(f"{source}.{name}") for other in rollout.contract.modules)
            if name not in offered and not submodule:
                yield Problem(InCode(module, alias.name), _message(rollout, f"{source}.{name}", source, name, offered))


def _attributes(rollout: Rollout, module: Module, scope: Scope) -> Iterator[Problem]:
    for site in scope.each(cst.Attribute):
        owner = rollout.resolver.expression(site.node.value, scope)
        if not isinstance(owner, Instance) or not isinstance(owner.of, External):
            continue
        offered = rollout.contract.attributes.get(owner.of.name)
        name = site.node.attr.value
        if offered is not None and name not in offered and not name.startswith("__"):
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
    hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(f'`{known}`' for known in offered)}."
    return f"`{owner}` of SDK {generation} has no `{name}`: {hint}"


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
        Example(_MAIN.format(", «create_app»", _OLD.format("samples", "set_sample_reward"))),
        Example(_MAIN.format("", _OLD.format("samples", "«set_samples_reward»"))),
    ),
    good=(
        Example(_MAIN.format("", _OLD.format("samples", "set_sample_reward"))),
        Example(_MAIN.format("", _NEW.format("sample", "set_reward")), contract="0.3"),
    ),
)
