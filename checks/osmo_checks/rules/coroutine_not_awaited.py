"""A coroutine is made but never awaited.

## What it does
Looks for calls of `async def` functions, and of the coroutines that the SDK and the agent frameworks offer, whose
result is thrown away, or used as though it were the answer: tested, compared, formatted, turned into a number, given
as a reward, or asked for attributes.

## Why is this bad?
Without `await` nothing of the function runs: no model call, no sample, no score. What is there instead is a coroutine
object, which is always true, so `if is_correct(answer):` rewards every answer.

## How to fix it
Write `await` before the call. `--fix` does so inside coroutines; elsewhere the function around has to become one.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site
from osmo_checks.python.walk import is_same_code
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Repair, Rule
from osmo_checks.rules.coroutines import gives_coroutine
from osmo_checks.rules.edits import awaited
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.inherited import gives_base_coroutine
from osmo_checks.rules.places import in_code

#: What a coroutine object itself has.
_OWN = (
    "send",
    "throw",
    "close",
    "cr_await",
    "cr_code",
    "cr_frame",
    "cr_running",
    "cr_origin",
    "cr_suspended",
    "__await__",
)
_BUILTINS = frozenset(
    f"builtins.{name}" for name in ("float", "int", "bool", "str", "len", "sum", "max", "min", "abs", "round", "list")
)


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for scope in module.scope.below():
            for call in rollout.calls_in(scope):
                misused = _is_misused(rollout, call) or _is_misused_by_name(rollout, call)
                if misused and (gives_coroutine(rollout, call) or gives_base_coroutine(rollout, call)):
                    name = last_name(call.site.node.func)
                    message = f"`{name}(...)` is never awaited, so nothing of it runs: write `await {name}(...)`."
                    edits = awaited(rollout, call.site)
                    repair = Repair("Await it.", edits) if edits else None
                    yield Problem(in_code(rollout, scope, call.site.node.func), message, repair)


def _is_misused(rollout: Rollout, call: Call) -> bool:
    """Tell whether the result of ``call`` is used in a way that only its awaited value could be."""
    node, parent = _used(call.site)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value not in _OWN
    if isinstance(parent, cst.If | cst.While | cst.IfExp | cst.Assert):
        return parent.test is node
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    if isinstance(parent, cst.Arg):
        return _taken_by(rollout, call.site)
    if isinstance(parent, cst.Subscript):
        return parent.value is node
    return isinstance(
        parent, cst.Expr | cst.BinaryOperation | cst.Comparison | cst.ComparisonTarget | cst.FormattedStringExpression
    )


def _used(site: Site[cst.Call]) -> tuple[cst.CSTNode, cst.CSTNode | None]:
    """Return what stands for the result where it is used, and what is around that: `:=` hands a result on."""
    node: cst.CSTNode = site.node
    for parent in site.ancestors():
        if not isinstance(parent, cst.NamedExpr):
            return node, parent
        if any(is_same_code(waited.node.expression, parent.target) for waited in site.scope.each(cst.Await)):
            break
        node = parent
    return node, None


def _taken_by(rollout: Rollout, site: Site[cst.Call]) -> bool:
    """Tell whether the call around ``site`` needs a value."""
    around = next((node for node in site.ancestors() if isinstance(node, cst.Call)), None)
    return any(call.site.node is around and _needs_values(rollout, call) for call in rollout.calls_in(site.scope))


def _needs_values(rollout: Rollout, call: Call) -> bool:
    """Tell whether a call is a conversion, or sets a reward."""
    grader = rollout.contract.grader
    rewards = rollout.contract.data["grader"]["reward_calls"] if grader else ()
    return call.name in _BUILTINS or (
        grader is not None and call.name in {f"{grader.context}.{one}" for one in rewards}
    )


def _is_misused_by_name(rollout: Rollout, call: Call) -> bool:
    """Tell whether the result is given one name, which is then used as only the awaited value could be."""
    scope, parent = call.site.scope, call.site.parent
    target = parent.targets[0].target if isinstance(parent, cst.Assign) and len(parent.targets) == 1 else None
    if not isinstance(target, cst.Name) or len(scope.bindings.get(target.value, ())) != 1:
        return False
    return any(isinstance(used, cst.Name) and used.value == target.value for used in _used_as_values(rollout, scope))


def _used_as_values(rollout: Rollout, scope: Scope) -> Iterator[cst.BaseExpression]:
    """Yield the expressions in a scope that cannot be coroutine objects."""
    yield from (site.node.value for site in scope.each(cst.Attribute) if site.node.attr.value not in _OWN)
    yield from (site.node.value for site in scope.each(cst.Subscript))
    yield from (site.node.test for site in scope.each(cst.If))
    yield from (site.node.test for site in scope.each(cst.IfExp))
    for compared in scope.each(cst.Comparison):
        yield compared.node.left
    for call in rollout.calls_in(scope):
        yield from (argument.value for argument in call.site.node.args if _needs_values(rollout, call))


_AGENT = "from osmosis_ai.rollout import OsmosisRolloutModel, OsmosisStrandsAgent"

RULE = Rule(
    code="OSA104",
    name="coroutine-not-awaited",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
«agent.invoke_async»(ctx.prompt[-1]["content"])
""",
            )
        ),
        Example(
            main_py(
                above="""
async def is_correct(answer, label):
    return answer.strip() == label
""",
                grade="""
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, 1.0 if «is_correct»(str(sample.messages[-1]), ctx.label) else 0.0)
""",
            )
        ),
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
result = «agent.invoke_async»(ctx.prompt[-1]["content"])
print(result.message["content"])
""",
                above="""
class Judge:
    async def score(self, sample):
        return 1.0
""",
                grade="""
judge = Judge()
for sample_id, sample in ctx.samples.items():
    passed = «judge.score»(sample)
    if passed:
        ctx.set_sample_reward(sample_id, «judge.score»(sample))
""",
            )
        ),
        Example(
            main_py(
                imports=_AGENT,
                run="""
agent = OsmosisStrandsAgent(model=OsmosisRolloutModel())
if said := «agent.invoke_async»(ctx.prompt[-1]["content"]):
    print(said)
""",
                grade="""
«super().grade»(ctx)
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float(ctx.label == "a"))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio",
                above="""
async def ask(question):
    await asyncio.sleep(0)
    return question
""",
                run="""
first = asyncio.create_task(ask("one"))
second = ask("two")
answers = await asyncio.gather(first, second, *(ask(message["content"]) for message in ctx.prompt))
third = ask("three")
third.close()
ask("five").__await__().close()
print((await ask("four")).upper(), answers)
""",
            )
        ),
        Example(
            main_py(
                above="""
def recorded(function):
    return lambda *args: print(function, args)


@recorded
async def note(text):
    return text


async def words(text):
    for word in text.split():
        yield word
""",
                run="""
note(ctx.prompt)
if words("a text"):
    print([word async for word in words("a text")])
""",
            )
        ),
        Example(
            main_py(
                above="""
class Scoring:
    def prepare(self, ctx):
        print(ctx)


class Careful(Scoring):
    async def prepare(self, ctx):
        super().prepare(ctx)


async def ask(question):
    return question
""",
                run="""
if said := ask(ctx.prompt):
    print(await said)
await Careful().prepare(ctx)
""",
            )
        ),
    ),
)
