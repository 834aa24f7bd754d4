"""A rollout changes what its module holds for all rollouts.

## What it does
Looks in `run`, `grade`, tools and what they call for changes to lists, dictionaries and sets at module level, and for
assignments to `global` names. Caches (looked up, then filled) and clients made on first use are left alone.

## Why is this bad?
Many rollouts run in one process at a time, and others come after them. One row's history, cart or score shows up in
the next row's, and the reward is for something else than the prompt asked.

## How to fix it
Keep it in `run`, or on `self`: each rollout has a workflow and a grader of its own. Tools with a state are best made
in `run`, around it:

```python
async def run(self, ctx):
    cart = []

    @tool
    def add_to_cart(product: str) -> str:
        \"\"\"Put a product into the cart.\"\"\"
        cart.append(product)
        return f"{len(cart)} products"
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.mutations import mutations_in, of_module, remembers, targets_in
from osmo_checks.rules.places import in_code
from osmo_checks.rules.toolkit import mentions


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        changed: list[cst.BaseExpression] = [
            mutation.changed
            for mutation in mutations_in(scope)
            if of_module(rollout.resolver, mutation.changed, scope) and not remembers(mutation)
        ]
        for node in [*changed, *_assigned_globals(scope)]:
            message = f"All rollouts of a process share `{dotted_name(node)}`: keep it in `run`, or on `self`."
            yield Problem(in_code(rollout, scope, node), message)


def _assigned_globals(scope: Scope) -> Iterator[cst.Name]:
    """Yield the names declared `global` where they are counted on, or assigned without a test that asked for them."""
    names = {item.name.value for site in scope.each(cst.Global) for item in site.node.names}
    tests = [site.node.test for site in scope.each(cst.If)] if names else []
    for site in targets_in(scope) if names else ():
        target = site.node.target
        if isinstance(target, cst.Name) and target.value in names:
            asked_for = any(mentions(test, {target.value}) for test in tests)
            if not asked_for or isinstance(site.node, cst.AugAssign):
                yield target


RULE = Rule(
    code="OSD101",
    name="shared-module-state",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from strands import tool",
                above='''
cart: list[str] = []
stock = {"tea": {"left": 3}}


@tool
def add_to_cart(product: str) -> str:
    """Put a product into the cart."""
    «cart».append(product)
    «stock»[product]["left"] -= 1
    return f"{len(cart)} products"
''',
            )
        ),
        Example(
            main_py(
                above="turns = 0\nbudget = 20",
                run="""
global turns, budget
«turns» += 1
if budget > 0:
    «budget» -= 1
print(ctx.prompt, turns)
""",
            )
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(
                    imports="import state\nfrom scoring import score",
                    run="""
«state.messages».extend(ctx.prompt)
print(state.messages)
""",
                    grade="""
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, score())
""",
                ),
                "rollouts/demo/state.py": "messages = []\n",
                "rollouts/demo/scoring.py": """\
from collections import Counter

seen = Counter()


def score():
    «seen».update(["one"])
    return 1.0
""",
            }
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\n\nfrom openai import AsyncOpenAI",
                above="""
pages = {}
running = set()
judge = None


async def fetch(url):
    if url in pages:
        return pages[url]
    pages[url] = await asyncio.sleep(0, url)
    return pages[url]


def the_judge():
    global judge
    if judge is None:
        judge = AsyncOpenAI()
    return judge
""",
                run="""
task = asyncio.create_task(fetch("https://example.org"))
running.add(task)
task.add_done_callback(running.discard)
await task
""",
                grade="""
for sample_id in ctx.samples:
    ctx.set_sample_reward(sample_id, float(the_judge() is not None))
""",
            )
        ),
        Example(
            main_py(
                imports="from strands import tool",
                above="""
rows = []
rows.extend(range(10))


def load():
    rows.append(11)
""",
                run='''
rows = list(ctx.prompt)
rows.append({"role": "user"})

@tool
def add(row: str) -> int:
    """Add a row."""
    rows.append(row)
    return len(rows)

self.added = add
''',
            )
            + "\n\nload()\n"
        ),
    ),
)
