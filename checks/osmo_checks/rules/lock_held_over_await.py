"""A thread's lock is held over an `await`.

## What it does
Looks in the coroutines that `run`, `grade` and async tools reach for a plain `with` on a `threading.Lock`, `RLock`,
`Semaphore` or `Condition` whose body awaits, and for `lock.acquire()` on one.

## Why is this bad?
While the holder awaits, another rollout comes to the same lock and stops the whole thread to wait for it. The holder
runs in that thread too: nothing moves any more. An `RLock` lets everybody in instead, and protects nothing.

## How to fix it
Use `asyncio.Lock()` with `async with`, or do not await while the lock is held.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Rollout
from osmo_checks.rules.around import holds
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
_INSTANCES = frozenset(Instance(External(f"threading.{lock}")) for lock in _LOCKS)
_ACQUIRING = frozenset(f"threading.{lock}.acquire" for lock in _LOCKS)


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.loop_scopes:
        if not scope.is_async:
            continue
        for site in scope.each(cst.With):
            held = [
                item.item for item in site.node.items if rollout.resolver.expression(item.item, scope) in _INSTANCES
            ]
            if held and not site.node.asynchronous and holds(site.node.body, scope, [cst.Await]):
                message = "A thread's lock held over an `await` stops the event loop for good: use `asyncio.Lock`."
                yield Problem(in_code(rollout, scope, held[0]), message)
        for call in rollout.calls_in(scope):
            if call.name in _ACQUIRING and not call.site.node.args:
                message = f"`{call.written}` can stop the event loop for good: use `asyncio.Lock`."
                yield Problem(in_code(rollout, scope, call.site.node.func), message)


RULE = Rule(
    code="OSA109",
    name="lock-held-over-await",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import asyncio\nimport threading",
                above="browser = threading.Lock()",
                run="""
with «browser»:
    await asyncio.sleep(1)
    print(ctx.prompt)
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nfrom threading import BoundedSemaphore",
                above="""
class Judges:
    def __init__(self) -> None:
        self.free = BoundedSemaphore(4)

    async def score(self, sample) -> float:
        «self.free.acquire»()
        try:
            await asyncio.sleep(0)
            return 1.0
        finally:
            self.free.release()


judges = Judges()
""",
                grade="""
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, await judges.score(sample))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import asyncio\nimport threading",
                above="""
counting = threading.Lock()
browser = asyncio.Lock()
counts = {}
""",
                run="""
with counting:
    counts[len(ctx.prompt)] = 1
async with browser:
    await asyncio.sleep(0)
if counting.acquire(blocking=False):
    counting.release()
""",
            )
        ),
        Example(
            main_py(
                imports="import asyncio\nimport threading",
                above="""
lock = threading.Lock()


def in_a_thread(text):
    with lock:
        async def later():
            await asyncio.sleep(0)
        return asyncio.run(later())
""",
                run="await asyncio.to_thread(in_a_thread, ctx.prompt)",
            )
        ),
    ),
)
