"""A glance with ``ast`` clears no code in which libcst would find something: its trees say the same."""

import asyncio
import dataclasses
import email
import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import libcst
import pytest

from osmo_checks.contents import entrypoints_of, read_configs
from osmo_checks.python import nodes as cst
from osmo_checks.python.exact import parse
from osmo_checks.python.glance import NeedsCloseLookError, glance
from osmo_checks.rollout import Rollout
from osmo_checks.rules import ROLLOUT_RULES, AnyRule
from osmo_checks.rules.base import Rule
from osmo_checks.workspace import Workspace
from tests.check_cases import Case, cases
from tests.mutations import MUTATIONS, mutated
from tests.workspaces import unmarked, write_workspace

_STANDARD_LIBRARY = [
    path for package in (asyncio, email, unittest) for path in sorted(Path(str(package.__file__)).parent.glob("*.py"))
]
_WRITTEN = """\
a = [*b, 1_000, 0x10, 1e-3, 2j, "a" 'b' f"{c!r:>{width}}", rb"\\x00", b"a" b"b", ...]
def f(a, /, b: int = 1, *args: int, c, d=2, **rest: str) -> None: return
def g(*, only): yield; yield from only; x = yield only
async def h():
    async with a as (b, c), d: pass
    async for x in [y async for y in z if y if x]: break
    else: await x
class C(A, *B, metaclass=M, **options):
    x: int
    y: "int" = 1
    x += 1; del x, y; del z
if a: pass
elif not b: pass
else:
    if c: pass
try: pass
except (A, B) as e: raise X from e
except: raise
else: pass
finally: pass
while (n := n - 1) > 0 and a or b and c is not None and d not in e: continue
from . import a
from ..b.c import (d as e, f)
from g import *
import h.i as j, k.l
d = {**a, "b": lambda *a, b=1: {c for d in e for f in g}, **c}
e = {k: v for k, v in w}; g = (x if y else z for t in u)
s = a[1], a[1:2, ::3], a[:, b], -a ** ~b @ c << d
f(a, *b, c=d, **e)
f(a=b, *c, **d, e=f)
g = "key: " f"{h!r}, " "and" f" {i:>{j}}" 'k' ; l = 1
m = b"\\x00" b'n' rb"\\o"
if p: q; r = 1; return
global q, r
assert a, "b"
@dec.or_(a)
@dec
class D: "doc"
"""


@pytest.mark.parametrize("path", _STANDARD_LIBRARY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_says_of_real_code_what_libcst_says(path: Path) -> None:
    _compare(path.read_bytes())


def test_says_of_all_syntax_what_libcst_says() -> None:
    _compare(_WRITTEN.encode())


@pytest.mark.parametrize(
    "code",
    [
        b"match a:\n    case 1: pass\n",
        b"def f[T](a: T) -> T: ...\n",
        b"type A = int\n",
        b"try: pass\nexcept* A: pass\n",
        b"a[(1, 2)]\n",
        b"def broken(:\n",
        b"\xff\xfe",
        b"a\0b",
    ],
)
def test_leaves_what_it_does_not_tell_apart_to_libcst(code: bytes) -> None:
    with pytest.raises(NeedsCloseLookError):
        glance(code)


@pytest.mark.parametrize("case", [*cases("broken"), *cases("sound")], ids=lambda case: case.name)
def test_clears_no_case_in_which_a_rule_finds_something(case: Case, tmp_path: Path) -> None:
    _compare_rules(case.workspace(tmp_path))


@pytest.mark.parametrize("rule", ROLLOUT_RULES, ids=lambda rule: rule.code)
def test_clears_no_example_in_which_a_rule_finds_something(rule: AnyRule, tmp_path: Path) -> None:
    for number, example in enumerate((*rule.bad, *rule.good)):
        files = {path: unmarked(text)[0] for path, text in example.by_path().items()}
        _compare_rules(Workspace(write_workspace(tmp_path / str(number), files, example.contract)))


@pytest.mark.parametrize("rule", ROLLOUT_RULES, ids=lambda rule: rule.code)
def test_clears_no_example_however_it_is_written(rule: Rule[Rollout], tmp_path: Path) -> None:
    for number, example in enumerate(rule.bad):
        plain = {path: unmarked(text)[0] for path, text in example.by_path().items()}
        for name, mutation in MUTATIONS.items():
            files = {path: mutated(text, mutation) if path.endswith(".py") else text for path, text in plain.items()}
            if files != plain:
                workspace = Workspace(write_workspace(tmp_path / str(number) / name, files, example.contract))
                _compare_rules(workspace, [rule])


def _compare_rules(workspace: Workspace, rules: Sequence[Rule[Rollout]] = ROLLOUT_RULES) -> None:
    for entrypoint in entrypoints_of(workspace, list(read_configs(workspace))):
        quick, close = entrypoint.read(parse=glance), entrypoint.read()
        try:
            cleared = {rule.code for rule in rules if next(rule.check(quick), None) is None}
        except NeedsCloseLookError:
            continue
        found = {rule.code for rule in rules if next(rule.check(close), None) is not None}
        assert not found & cleared


def test_kinds_of_nodes_are_libcst_s() -> None:
    """A field that libcst calls otherwise, or in another order, would silently be another's."""
    for kind in vars(cst).values():
        is_concrete = isinstance(kind, type) and issubclass(kind, cst.CSTNode) and not kind.__subclasses__()
        if is_concrete and kind.fields:
            theirs = [field.name for field in dataclasses.fields(getattr(libcst, kind.__name__))]
            assert [name for name in theirs if name in kind.fields] == list(kind.fields)


def _compare(data: bytes) -> None:
    exact = parse(data)
    assert isinstance(exact, cst.Module)
    try:
        quick = glance(data)
    except NeedsCloseLookError:
        return
    assert isinstance(quick, cst.Module)
    for one, other in zip(_said(exact), _said(quick), strict=True):
        assert one == other


def _said(tree: cst.Module) -> list[Any]:
    return [_plain(line) for line in tree.body]


def _plain(value: Any) -> Any:
    """A tree as nested tuples, without what a glance does not keep: how literals are spelled."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, cst.SimpleString | cst.BaseNumber):
        return (type(value).__name__, value.evaluated_value)
    if isinstance(value, cst.FormattedString):
        # Escapes in its text stay as written in libcst's trees, and so does the text of `{x=}`.
        expressions = [one for one in value.parts if isinstance(one, cst.FormattedStringExpression)]
        return ("formatted", [_plain(one.expression) for one in expressions])
    if isinstance(value, cst.CSTNode):
        return (type(value).__name__, *(_plain(getattr(value, field)) for field in type(value).fields))
    return value
