"""A text depends on the order of a set, or on `hash()`.

## What it does
Looks in `run`, `grade`, tools and what they call for sets that are joined to a text, formatted as a list or picked
from by position, and for calls of `hash()`.

## Why is this bad?
Python orders texts in a set anew in each process, and `hash()` of a text differs too. The same row gets another prompt
in another worker: samples of one group are not comparable, and no run can be repeated.

## How to fix it
Sort: `", ".join(sorted(words))`. Use `hashlib.sha256(text.encode()).hexdigest()` for `hash(text)`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.values import External, Instance
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.names import value_of
from osmo_checks.rules.places import in_code

_SETS = (Instance(External("builtins.set")), Instance(External("builtins.frozenset")))
_LISTS = ("builtins.list", "builtins.tuple")


def check(rollout: Rollout) -> Iterator[Problem]:
    for scope in rollout.attempt_scopes:
        for call in rollout.calls_in(scope):
            if call.name == "builtins.hash" and scope.name != "__hash__":
                message = "`hash` of a text differs from process to process: use `hashlib`."
                yield Problem(in_code(rollout, scope, call.site.node), message)
            elif _joins(call) or _is_read_in_order(call):
                argument = call.site.node.args[0]
                if _is_set(rollout, scope, argument.value):
                    place = in_code(rollout, scope, argument.value)
                    message = "The order of a set differs from process to process: use `sorted(...)`."
                    rewrites = (Rewrite(place, "sorted(", "before"), Rewrite(place, ")", "after"))
                    yield Problem(place, message, Repair("Sort it.", rewrites, "unsafe"))


def _joins(call: Call) -> bool:
    """Tell whether a call is ``"text".join(...)``."""
    function = call.site.node.func
    texts = (cst.SimpleString, cst.FormattedString)
    joins = isinstance(function, cst.Attribute) and function.attr.value == "join" and isinstance(function.value, texts)
    return joins and len(call.site.node.args) == 1


def _is_read_in_order(call: Call) -> bool:
    """Tell whether a call makes a list of which one is picked, or which is formatted."""
    if call.name not in _LISTS or len(call.site.node.args) != 1:
        return False
    return isinstance(call.site.parent, cst.Subscript | cst.FormattedStringExpression)


def _is_set(rollout: Rollout, scope: Scope, node: cst.BaseExpression) -> bool:
    value, _ = value_of(node, scope)
    return isinstance(value, cst.Set | cst.SetComp) or rollout.resolver.expression(node, scope) in _SETS


RULE = Rule(
    code="OSD109",
    name="unstable-order",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                run="""
words = set(str(ctx.prompt).split())
print("Use these words: " + ", ".join(«words»))
print("\\n".join(«{word.lower() for word in words}»))
""",
            )
        ),
        Example(
            main_py(
                above="""
LABELS = {"sport", "science"}


def hint(words):
    print("One of: " + ", ".join(«LABELS»))
    return f"Begin with {list(«set(words)»)[0]}."
""",
                run="print(hint(str(ctx.prompt).split()))",
                grade="""
for sample_id, sample in ctx.samples.items():
    ctx.set_sample_reward(sample_id, float(«hash(str(sample.messages))» % 2))
""",
            )
        ),
    ),
    good=(
        Example(
            main_py(
                above="""
class Card:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return self.name == other.name

    def __hash__(self):
        return hash(self.name)
""",
                run="""
words = set(str(ctx.prompt).split())
print(", ".join(sorted(words)), len(list(words)), sorted(list(set("ab")))[0])
print(", ".join({"one": 1, "two": 2}), "".join(dict.fromkeys(words)))
print(Card("ace") in {Card("ace")})
""",
            )
        ),
        Example(
            main_py(
                above="""
def unique(words):
    words = set(words)
    words = sorted(words)
    return ", ".join(words)
""",
                run="print(unique(str(ctx.prompt).split()))",
            )
        ),
    ),
)
