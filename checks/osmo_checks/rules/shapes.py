"""What kind of thing an expression gives, said in words, where that is certain."""

import math

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, ValueBinding
from osmo_checks.python.values import Constant, External, UserFunction
from osmo_checks.rollout import Rollout
from osmo_checks.rules.flow import ends_of
from osmo_checks.rules.stopping import stops_in

TEXT, NONE, NUMBER, BOOLEAN = "a text", "`None`", "a number", "a boolean"
INFINITE, NAN = "infinite", "not a number (`nan`)"
TUPLE, LIST, DICT, SET = "a tuple", "a list", "a dict", "a set"

_MATCHES = tuple(f"re.{by}{how}" for by in ("", "compile.") for how in ("search", "match", "fullmatch"))
_DISPLAYS: dict[type[cst.CSTNode], str] = {
    cst.FormattedString: TEXT,
    cst.Tuple: TUPLE,
    cst.List: LIST,
    cst.ListComp: LIST,
    cst.Dict: DICT,
    cst.DictComp: DICT,
    cst.Set: SET,
    cst.SetComp: SET,
    cst.GeneratorExp: "a generator",
    cst.Lambda: "a function",
    cst.Comparison: BOOLEAN,
}
_MADE_BY = {
    **dict.fromkeys(("builtins.str", "builtins.repr", "json.dumps"), TEXT),
    **dict.fromkeys((f"{match}.group" for match in _MATCHES), TEXT),
    **dict.fromkeys(("builtins.int", "builtins.float", "builtins.len", "builtins.round"), NUMBER),
    "builtins.tuple": TUPLE,
    "builtins.list": LIST,
    "builtins.dict": DICT,
    "builtins.set": SET,
    "builtins.bool": BOOLEAN,
}
_NUMBERS = {"math.nan": NAN, "math.inf": INFINITE, "numpy.nan": NAN, "numpy.inf": INFINITE}
_TEXT_METHODS = ("strip", "lower", "upper", "join", "format", "replace", "removeprefix", "removesuffix")
_DEEPEST = 8


def shape_of(rollout: Rollout, node: cst.BaseExpression, scope: Scope, depth: int = 0) -> str | None:
    """Return what ``node`` gives in words, or ``None`` where it could be several things."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, cst.Await):
        return _of_call(rollout, node.expression, scope, depth, awaited=True)
    if isinstance(node, cst.Call):
        return _of_call(rollout, node, scope, depth)
    if isinstance(node, cst.IfExp):
        return _same([shape_of(rollout, side, scope, depth + 1) for side in (node.body, node.orelse)])
    return _DISPLAYS.get(type(node)) or _of_value(rollout, node, scope, depth)


def _of_value(rollout: Rollout, node: cst.BaseExpression, scope: Scope, depth: int) -> str | None:
    value = rollout.resolver.expression(node, scope)
    if isinstance(value, Constant):
        return _of_constant(value.value)
    if isinstance(value, External):
        return _NUMBERS.get(value.name)
    if not isinstance(node, cst.Name):
        return None
    bindings = scope.bindings.get(node.value, ())
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, ValueBinding) and only.value:
        return shape_of(rollout, only.value, only.scope, depth + 1)
    return None


def _of_constant(value: object) -> str | None:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | float):
        return NUMBER if math.isfinite(value) else INFINITE
    return TEXT if isinstance(value, str) else None


def _of_call(
    rollout: Rollout, node: cst.BaseExpression, scope: Scope, depth: int, *, awaited: bool = False
) -> str | None:
    if not isinstance(node, cst.Call):
        return None
    called = rollout.resolver.expression(node.func, scope)
    if isinstance(called, UserFunction):
        return _of_function(rollout, called.scope, depth, awaited=awaited)
    if isinstance(called, External):
        if called.name.endswith(".group") and len(node.args) > 1:
            return TUPLE if called.name in _MADE_BY else None
        return _of_float(rollout, node, scope) if called.name == "builtins.float" else _MADE_BY.get(called.name)
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _TEXT_METHODS:
        return TEXT if shape_of(rollout, node.func.value, scope, depth + 1) == TEXT else None
    return None


def _of_float(rollout: Rollout, node: cst.Call, scope: Scope) -> str:
    given = rollout.resolver.expression(node.args[0].value, scope) if node.args else Constant(0)
    text = str(given.value).strip().lower().lstrip("+-") if isinstance(given, Constant) else ""
    return NAN if text == "nan" else INFINITE if text in ("inf", "infinity") else NUMBER


def _of_function(rollout: Rollout, function: Scope, depth: int, *, awaited: bool) -> str | None:
    if not function.function or function.function.decorators or function.each(cst.Yield):
        return None
    if function.is_async and not awaited:
        return None
    returns = [site.node.value for site in function.each(cst.Return)]
    if not any(returns):
        return NONE if ends_without_value(rollout, function) and not _is_stub(function.function) else None
    if ends_without_value(rollout, function):
        return None
    return _same([shape_of(rollout, value, function, depth + 1) if value else NONE for value in returns])


def ends_without_value(rollout: Rollout, function: Scope) -> bool:
    """Tell whether some path through ``function`` certainly ends without `return value`."""
    if not function.function or function.each(cst.Match):
        return False
    bare = any(site.node.value is None for site in function.each(cst.Return))
    return bare or bool(ends_of(function.function.body, lambda _node: False, stops=stops_in(rollout, function)).falls)


def forgetful(rollout: Rollout, node: cst.BaseExpression, scope: Scope) -> str | None:
    """Return the name of the user's function that ``node`` calls, if it gives a value only on some paths."""
    call = node.expression if isinstance(node, cst.Await) else node
    called = rollout.resolver.expression(call.func, scope) if isinstance(call, cst.Call) else None
    if not isinstance(called, UserFunction) or not called.scope.function or called.scope.function.decorators:
        return None
    gives_some = any(site.node.value for site in called.scope.each(cst.Return))
    return called.scope.name if gives_some and ends_without_value(rollout, called.scope) else None


def _is_stub(function: cst.FunctionDef) -> bool:
    lines = function.body.body
    last = lines[-1].body[-1] if isinstance(lines[-1], cst.SimpleStatementLine) else lines[-1]
    return len(lines) == 1 and isinstance(last, cst.Pass | cst.Expr)


def _same(shapes: list[str | None]) -> str | None:
    return shapes[0] if shapes and all(shape == shapes[0] for shape in shapes) else None
