"""Trees from the standard library's ``ast``: a tenth of libcst's time, for files in which there is nothing to report.

A tree made here has no positions, and less of what was written (how a number is spelled, where a text is put together
from several). So it only ever clears code: where a rule sees something in it, libcst looks again and decides. What the
running interpreter cannot read, or what is not told apart here, is never cleared.
"""

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from osmo_checks.python import nodes as cst
from osmo_checks.python.source import SyntaxProblem, bracket_problem, decode, looks_hostile


class NeedsCloseLookError(Exception):
    """The code cannot be cleared: libcst has to look at it."""


def glance(data: bytes) -> cst.Module | SyntaxProblem:
    """Return the tree of a Python file. Raises ``NeedsCloseLookError``."""
    text = decode(data)
    if isinstance(text, SyntaxProblem) or bracket_problem(text) or looks_hostile(data):
        raise NeedsCloseLookError
    return cst.Module(_lines(_ast_of(data, "exec").body), "    ", "\n")


def expression(text: str) -> cst.BaseExpression | None:
    """Return the tree of an expression, ``None`` where ``text`` is none."""
    try:
        made: cst.BaseExpression = _made(_ast_of(text, "eval").body)
    except NeedsCloseLookError:
        return None
    return made


def _ast_of(source: bytes | str, mode: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source, mode=mode)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise NeedsCloseLookError from error


def _made(node: ast.AST) -> Any:
    make = _MAKERS.get(type(node))
    if make is None or getattr(node, "type_params", None):
        raise NeedsCloseLookError
    try:
        return make(node)
    except RecursionError as error:
        raise NeedsCloseLookError from error


def _maybe(node: ast.AST | None) -> Any:
    return None if node is None else _made(node)


def _lines(statements: Sequence[ast.stmt]) -> list[cst.CSTNode]:
    made: list[cst.CSTNode] = []
    row = 0
    for one in statements:
        if type(one) in _COMPOUND:
            made.append(_made(one))
        elif one.lineno == row and isinstance(made[-1], cst.SimpleStatementLine):
            made[-1].body = [*made[-1].body, _made(one)]
        else:
            made.append(cst.SimpleStatementLine([_made(one)]))
        row = one.end_lineno or 0
    return made


def _block(statements: Sequence[ast.stmt]) -> cst.IndentedBlock:
    return cst.IndentedBlock(_lines(statements))


def _else(statements: Sequence[ast.stmt]) -> cst.Else | None:
    return cst.Else(_block(statements)) if statements else None


def _finally(statements: Sequence[ast.stmt]) -> cst.Finally | None:
    return cst.Finally(_block(statements)) if statements else None


# names -----------------------------------------------------------------------------------------------------------


def _dotted(name: str) -> cst.Name | cst.Attribute:
    first, *rest = name.split(".")
    made: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        made = cst.Attribute(made, cst.Name(part))
    return made


def _as_name(name: str | None) -> cst.AsName | None:
    return cst.AsName(cst.Name(name)) if name else None


def _aliases(aliases: Sequence[ast.alias]) -> list[cst.ImportAlias]:
    return [cst.ImportAlias(_dotted(alias.name), _as_name(alias.asname)) for alias in aliases]


def _import_from(node: ast.ImportFrom) -> cst.ImportFrom:
    names = cst.ImportStar() if node.names[0].name == "*" else _aliases(node.names)
    return cst.ImportFrom(_dotted(node.module) if node.module else None, names, [cst.Dot() for _ in range(node.level)])


def _name_items(names: Sequence[str]) -> list[cst.NameItem]:
    return [cst.NameItem(cst.Name(name)) for name in names]


# statements ------------------------------------------------------------------------------------------------------


def _if(node: ast.If) -> cst.If:
    orelse: cst.If | cst.Else | None = _else(node.orelse)
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and node.orelse[0].col_offset == node.col_offset:
        orelse = _if(node.orelse[0])
    return cst.If(_made(node.test), _block(node.body), orelse)


def _for(node: ast.For | ast.AsyncFor) -> cst.For:
    waits = cst.Asynchronous() if isinstance(node, ast.AsyncFor) else None
    return cst.For(_made(node.target), _made(node.iter), _block(node.body), _else(node.orelse), waits)


def _with(node: ast.With | ast.AsyncWith) -> cst.With:
    items = [
        cst.WithItem(_made(item.context_expr), cst.AsName(_made(item.optional_vars)) if item.optional_vars else None)
        for item in node.items
    ]
    return cst.With(items, _block(node.body), cst.Asynchronous() if isinstance(node, ast.AsyncWith) else None)


def _try(node: ast.Try) -> cst.Try:
    handlers = [
        cst.ExceptHandler(_block(handler.body), _maybe(handler.type), _as_name(handler.name))
        for handler in node.handlers
    ]
    return cst.Try(_block(node.body), handlers, _else(node.orelse), _finally(node.finalbody))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> cst.FunctionDef:
    return cst.FunctionDef(
        cst.Name(node.name),
        _parameters(node.args),
        _block(node.body),
        [cst.Decorator(_made(one)) for one in node.decorator_list],
        _annotation(node.returns),
        cst.Asynchronous() if isinstance(node, ast.AsyncFunctionDef) else None,
        None,
    )


def _parameters(arguments: ast.arguments) -> cst.Parameters:
    ordered = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(ordered) - len(arguments.defaults)) + list(arguments.defaults)
    made = [_parameter(one, default) for one, default in zip(ordered, defaults, strict=True)]
    keyword_only = [_parameter(*pair) for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    first = len(arguments.posonlyargs)
    star = cst.ParamStar() if keyword_only else None
    return cst.Parameters(
        made[first:],
        _parameter(arguments.vararg, None, "*") if arguments.vararg else star,
        keyword_only,
        _parameter(arguments.kwarg, None, "**") if arguments.kwarg else None,
        made[:first],
    )


def _parameter(argument: ast.arg, default: ast.expr | None, star: str = "") -> cst.Param:
    return cst.Param(cst.Name(argument.arg), _annotation(argument.annotation), _maybe(default), star)


def _annotation(node: ast.expr | None) -> cst.Annotation | None:
    return cst.Annotation(_made(node)) if node else None


def _class(node: ast.ClassDef) -> cst.ClassDef:
    return cst.ClassDef(
        cst.Name(node.name),
        _block(node.body),
        [_positional(base) for base in node.bases],
        [_keyword(one) for one in node.keywords],
        [cst.Decorator(_made(one)) for one in node.decorator_list],
        None,
    )


def _delete(node: ast.Delete) -> cst.Del:
    targets = [_made(target) for target in node.targets]
    return cst.Del(targets[0] if len(targets) == 1 else cst.Tuple([cst.Element(target) for target in targets]))


# expressions -----------------------------------------------------------------------------------------------------


def _positional(node: ast.expr) -> cst.Arg:
    return cst.Arg(_made(node.value), None, "*") if isinstance(node, ast.Starred) else cst.Arg(_made(node), None, "")


def _keyword(node: ast.keyword) -> cst.Arg:
    return cst.Arg(_made(node.value), cst.Name(node.arg), "") if node.arg else cst.Arg(_made(node.value), None, "**")


def _call(node: ast.Call) -> cst.Call:
    arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if node.keywords and any(isinstance(argument, ast.Starred) for argument in node.args):
        # Those with a star may follow ones with a name.
        arguments.sort(key=lambda argument: (argument.lineno, argument.col_offset))
    return cst.Call(_made(node.func), [_argument(argument) for argument in arguments])


def _argument(node: ast.expr | ast.keyword) -> cst.Arg:
    return _keyword(node) if isinstance(node, ast.keyword) else _positional(node)


def _constant(node: ast.Constant) -> cst.BaseExpression:
    value = node.value
    if value is None or value is True or value is False:
        return cst.Name(repr(value))
    if value is ...:
        return cst.Ellipsis()
    try:
        return _LITERALS[type(value)](repr(value))
    except ValueError as error:
        raise NeedsCloseLookError from error


def _and_or(node: ast.BoolOp) -> cst.BooleanOperation:
    operator = cst.And if isinstance(node.op, ast.And) else cst.Or
    made = _made(node.values[0])
    for value in node.values[1:]:
        made = cst.BooleanOperation(made, operator(), _made(value))
    return made  # type: ignore[no-any-return]


def _comparison(node: ast.Compare) -> cst.Comparison:
    pairs = zip(node.ops, node.comparators, strict=True)
    return cst.Comparison(
        _made(node.left), [cst.ComparisonTarget(_OPERATORS[type(one)](), _made(other)) for one, other in pairs]
    )


def _subscript(node: ast.Subscript) -> cst.Subscript:
    parts: Sequence[ast.expr] = [node.slice]
    if isinstance(node.slice, ast.Tuple) and node.slice.elts:
        if node.slice.col_offset != node.slice.elts[0].col_offset:
            # In parentheses, which libcst keeps as one element: but so is a first element in parentheses.
            raise NeedsCloseLookError
        parts = node.slice.elts
    return cst.Subscript(_made(node.value), [cst.SubscriptElement(_slice(part)) for part in parts])


def _slice(node: ast.expr) -> cst.Index | cst.Slice:
    if isinstance(node, ast.Slice):
        return cst.Slice(_maybe(node.lower), _maybe(node.upper), _maybe(node.step))
    return cst.Index(_made(node.value), "*") if isinstance(node, ast.Starred) else cst.Index(_made(node), None)


def _elements(parts: Sequence[ast.expr]) -> list[cst.Element | cst.StarredElement]:
    return [_made(part) if isinstance(part, ast.Starred) else cst.Element(_made(part)) for part in parts]


def _dict(node: ast.Dict) -> cst.Dict:
    pairs = zip_longest(node.keys, node.values)
    return cst.Dict(
        [
            cst.DictElement(_made(key), _made(value)) if key else cst.StarredDictElement(_made(value))
            for key, value in pairs
        ]
    )


def _loops(generators: Sequence[ast.comprehension]) -> cst.CompFor:
    made: cst.CompFor | None = None
    for one in reversed(generators):
        conditions = [cst.CompIf(_made(condition)) for condition in one.ifs]
        waits = cst.Asynchronous() if one.is_async else None
        made = cst.CompFor(_made(one.target), _made(one.iter), conditions, made, waits)
    if made is None:
        raise NeedsCloseLookError
    return made


def _formatted(node: ast.JoinedStr) -> cst.FormattedString:
    return cst.FormattedString(_parts(node.values))


def _parts(values: Sequence[ast.expr]) -> list[cst.FormattedStringText | cst.FormattedStringExpression]:
    made: list[cst.FormattedStringText | cst.FormattedStringExpression] = []
    for value in values:
        if isinstance(value, ast.FormattedValue):
            spec = _parts(value.format_spec.values) if isinstance(value.format_spec, ast.JoinedStr) else None
            conversion = chr(value.conversion) if value.conversion > 0 else None
            made.append(cst.FormattedStringExpression(_made(value.value), conversion, spec))
        elif isinstance(value, ast.Constant):
            made.append(cst.FormattedStringText(str(value.value)))
        else:
            raise NeedsCloseLookError
    return made


_LITERALS: Final[Mapping[type, Callable[[str], cst.BaseExpression]]] = {
    str: cst.SimpleString,
    bytes: cst.SimpleString,
    int: cst.Integer,
    float: cst.Float,
    complex: cst.Imaginary,
}
_OPERATORS: Final[Mapping[type[ast.AST], Callable[[], Any]]] = {
    ast.Add: cst.Add,
    ast.Sub: cst.Subtract,
    ast.Mult: cst.Multiply,
    ast.MatMult: cst.MatrixMultiply,
    ast.Div: cst.Divide,
    ast.FloorDiv: cst.FloorDivide,
    ast.Mod: cst.Modulo,
    ast.Pow: cst.Power,
    ast.LShift: cst.LeftShift,
    ast.RShift: cst.RightShift,
    ast.BitOr: cst.BitOr,
    ast.BitAnd: cst.BitAnd,
    ast.BitXor: cst.BitXor,
    ast.Lt: cst.LessThan,
    ast.Gt: cst.GreaterThan,
    ast.Eq: cst.Equal,
    ast.LtE: cst.LessThanEqual,
    ast.GtE: cst.GreaterThanEqual,
    ast.NotEq: cst.NotEqual,
    ast.In: cst.In,
    ast.NotIn: cst.NotIn,
    ast.Is: cst.Is,
    ast.IsNot: cst.IsNot,
    ast.UAdd: cst.Plus,
    ast.USub: cst.Minus,
    ast.Invert: cst.BitInvert,
    ast.Not: cst.Not,
}
_IN_PLACE: Final[Mapping[type[ast.AST], Callable[[], cst.BaseAugOp]]] = {
    ast.Add: cst.AddAssign,
    ast.Sub: cst.SubtractAssign,
    ast.Mult: cst.MultiplyAssign,
    ast.MatMult: cst.MatrixMultiplyAssign,
    ast.Div: cst.DivideAssign,
    ast.FloorDiv: cst.FloorDivideAssign,
    ast.Mod: cst.ModuloAssign,
    ast.Pow: cst.PowerAssign,
    ast.LShift: cst.LeftShiftAssign,
    ast.RShift: cst.RightShiftAssign,
    ast.BitOr: cst.BitOrAssign,
    ast.BitAnd: cst.BitAndAssign,
    ast.BitXor: cst.BitXorAssign,
}
_COMPOUND: Final = frozenset(
    (
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While),
        *(ast.With, ast.AsyncWith, ast.Try),
    )
)
#: What is not here (``match``, ``except*``, type parameters, what a newer Python brings) is left to libcst.
_MAKERS: Final[Mapping[type[ast.AST], Callable[[Any], Any]]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: lambda node: cst.While(_made(node.test), _block(node.body), _else(node.orelse)),
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.Expr: lambda node: cst.Expr(_made(node.value)),
    ast.Assign: lambda node: cst.Assign([cst.AssignTarget(_made(one)) for one in node.targets], _made(node.value)),
    ast.AnnAssign: lambda node: cst.AnnAssign(
        _made(node.target), cst.Annotation(_made(node.annotation)), _maybe(node.value)
    ),
    ast.AugAssign: lambda node: cst.AugAssign(_made(node.target), _IN_PLACE[type(node.op)](), _made(node.value)),
    ast.Return: lambda node: cst.Return(_maybe(node.value)),
    ast.Raise: lambda node: cst.Raise(_maybe(node.exc), cst.From(_made(node.cause)) if node.cause else None),
    ast.Assert: lambda node: cst.Assert(_made(node.test), _maybe(node.msg)),
    ast.Delete: _delete,
    ast.Global: lambda node: cst.Global(_name_items(node.names)),
    ast.Nonlocal: lambda node: cst.Nonlocal(_name_items(node.names)),
    ast.Import: lambda node: cst.Import(_aliases(node.names)),
    ast.ImportFrom: _import_from,
    ast.Pass: lambda _node: cst.Pass(),
    ast.Break: lambda _node: cst.Break(),
    ast.Continue: lambda _node: cst.Continue(),
    ast.Name: lambda node: cst.Name(node.id),
    ast.Attribute: lambda node: cst.Attribute(_made(node.value), cst.Name(node.attr)),
    ast.Call: _call,
    ast.Constant: _constant,
    ast.JoinedStr: _formatted,
    ast.Subscript: _subscript,
    ast.Tuple: lambda node: cst.Tuple(_elements(node.elts)),
    ast.List: lambda node: cst.List(_elements(node.elts)),
    ast.Set: lambda node: cst.Set(_elements(node.elts)),
    ast.Dict: _dict,
    ast.Starred: lambda node: cst.StarredElement(_made(node.value)),
    ast.BoolOp: _and_or,
    ast.BinOp: lambda node: cst.BinaryOperation(_made(node.left), _OPERATORS[type(node.op)](), _made(node.right)),
    ast.UnaryOp: lambda node: cst.UnaryOperation(_OPERATORS[type(node.op)](), _made(node.operand)),
    ast.Compare: _comparison,
    ast.IfExp: lambda node: cst.IfExp(_made(node.test), _made(node.body), _made(node.orelse)),
    ast.Lambda: lambda node: cst.Lambda(_parameters(node.args), _made(node.body)),
    ast.Await: lambda node: cst.Await(_made(node.value)),
    ast.Yield: lambda node: cst.Yield(_maybe(node.value)),
    ast.YieldFrom: lambda node: cst.Yield(cst.From(_made(node.value))),
    ast.NamedExpr: lambda node: cst.NamedExpr(_made(node.target), _made(node.value)),
    ast.ListComp: lambda node: cst.ListComp(_made(node.elt), _loops(node.generators)),
    ast.SetComp: lambda node: cst.SetComp(_made(node.elt), _loops(node.generators)),
    ast.GeneratorExp: lambda node: cst.GeneratorExp(_made(node.elt), _loops(node.generators)),
    ast.DictComp: lambda node: cst.DictComp(_made(node.key), _made(node.value), _loops(node.generators)),
}
