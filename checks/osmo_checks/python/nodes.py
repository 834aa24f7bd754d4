"""The syntax tree that rules and resolution look at: libcst's kinds of nodes, without white space and punctuation.

Names and fields are libcst's, in its order, so that its documentation holds here. A text put together from several is
one text, though, and a block on the line of its head is like any other.

A tree is built from libcst's own (:mod:`osmo_checks.python.exact`), which decides what is reported, or from that of the
standard library's ``ast`` (:mod:`osmo_checks.python.glance`), which takes a tenth of the time and only ever clears a
file.
"""

from __future__ import annotations

import re
import warnings
from ast import literal_eval
from collections.abc import Sequence
from typing import Any, dataclass_transform

#: What a literal's value differs in from what is written.
_REWRITTEN = re.compile(r"[\\\r]")


@dataclass_transform(eq_default=False)
class _NodeType(type):
    """Makes slots, and the order of a constructor's arguments, of the fields that a class is annotated with."""

    fields: tuple[str, ...]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _NodeType:
        own = tuple(body.get("__annotations__", ()))
        made = super().__new__(cls, name, bases, {"__slots__": own, **body})
        made.fields = (*(field for base in bases for field in getattr(base, "fields", ())), *own)
        return made


class CSTNode(metaclass=_NodeType):
    """``origin`` is the node of libcst's tree that this one was made from; ``None`` in trees made from ``ast``'s."""

    __slots__ = ("origin",)

    def __init__(self, *values: Any) -> None:
        self.origin: Any = None
        for field, value in zip(type(self).fields, values, strict=True):
            setattr(self, field, value)


class BaseUnaryOp(CSTNode): ...


class BaseBooleanOp(CSTNode): ...


class BaseBinaryOp(CSTNode): ...


class BaseCompOp(CSTNode): ...


class BaseAugOp(CSTNode): ...


class Dot(CSTNode): ...


class ImportStar(CSTNode): ...


class Plus(BaseUnaryOp): ...


class Minus(BaseUnaryOp): ...


class BitInvert(BaseUnaryOp): ...


class Not(BaseUnaryOp): ...


class And(BaseBooleanOp): ...


class Or(BaseBooleanOp): ...


class Add(BaseBinaryOp): ...


class Subtract(BaseBinaryOp): ...


class Multiply(BaseBinaryOp): ...


class Divide(BaseBinaryOp): ...


class FloorDivide(BaseBinaryOp): ...


class Modulo(BaseBinaryOp): ...


class Power(BaseBinaryOp): ...


class LeftShift(BaseBinaryOp): ...


class RightShift(BaseBinaryOp): ...


class BitOr(BaseBinaryOp): ...


class BitAnd(BaseBinaryOp): ...


class BitXor(BaseBinaryOp): ...


class MatrixMultiply(BaseBinaryOp): ...


class LessThan(BaseCompOp): ...


class GreaterThan(BaseCompOp): ...


class Equal(BaseCompOp): ...


class LessThanEqual(BaseCompOp): ...


class GreaterThanEqual(BaseCompOp): ...


class NotEqual(BaseCompOp): ...


class In(BaseCompOp): ...


class NotIn(BaseCompOp): ...


class Is(BaseCompOp): ...


class IsNot(BaseCompOp): ...


class AddAssign(BaseAugOp): ...


class SubtractAssign(BaseAugOp): ...


class MultiplyAssign(BaseAugOp): ...


class MatrixMultiplyAssign(BaseAugOp): ...


class DivideAssign(BaseAugOp): ...


class ModuloAssign(BaseAugOp): ...


class BitAndAssign(BaseAugOp): ...


class BitOrAssign(BaseAugOp): ...


class BitXorAssign(BaseAugOp): ...


class LeftShiftAssign(BaseAugOp): ...


class RightShiftAssign(BaseAugOp): ...


class PowerAssign(BaseAugOp): ...


class FloorDivideAssign(BaseAugOp): ...


class Asynchronous(CSTNode): ...


class BaseExpression(CSTNode): ...


class Name(BaseExpression):
    value: str


class Ellipsis(BaseExpression): ...  # noqa: A001 - libcst's name


class BaseNumber(BaseExpression):
    value: str

    @property
    def evaluated_value(self) -> int | float | complex:
        """The number. Raises ``SyntaxError`` or ``ValueError`` where it cannot be told."""
        value: int | float | complex = literal_eval(self.value)
        return value


class Integer(BaseNumber): ...


class Float(BaseNumber): ...


class Imaginary(BaseNumber): ...


class BaseString(BaseExpression): ...


class SimpleString(BaseString):
    """``value`` is the literal as written, with its prefix and quotes."""

    value: str

    @property
    def raw_value(self) -> str:
        """What stands between the quotes, escapes as written."""
        text = self.value.lstrip("rRbBuUfF")
        quotes = 3 if text[:3] in ('"""', "'''") else 1
        return text[quotes:-quotes]

    @property
    def evaluated_value(self) -> str | bytes:
        """The text or bytes. Raises ``SyntaxError`` or ``ValueError`` where it cannot be told."""
        if self.value[0] in "\"'" and not _REWRITTEN.search(self.value):
            return self.raw_value
        with warnings.catch_warnings():
            # Of escapes that Python does not know, it would complain to whoever runs the check.
            warnings.simplefilter("ignore")
            value: str | bytes = literal_eval(self.value)
        return value

    @property
    def text(self) -> str:
        """The text; what stands between the quotes where it cannot be told, or is bytes."""
        try:
            value = self.evaluated_value
        except (SyntaxError, ValueError):
            return self.raw_value
        return value if isinstance(value, str) else self.raw_value


class FormattedStringText(CSTNode):
    value: str


class FormattedStringExpression(CSTNode):
    expression: BaseExpression
    conversion: str | None
    format_spec: Sequence[FormattedStringText | FormattedStringExpression] | None


class FormattedString(BaseString):
    parts: Sequence[FormattedStringText | FormattedStringExpression]


class TemplatedStringText(CSTNode):
    value: str


class TemplatedStringExpression(CSTNode):
    expression: BaseExpression
    conversion: str | None
    format_spec: Sequence[TemplatedStringText | TemplatedStringExpression] | None


class TemplatedString(BaseString):
    parts: Sequence[TemplatedStringText | TemplatedStringExpression]


class ComparisonTarget(CSTNode):
    operator: BaseCompOp
    comparator: BaseExpression


class Comparison(BaseExpression):
    left: BaseExpression
    comparisons: Sequence[ComparisonTarget]


class UnaryOperation(BaseExpression):
    operator: BaseUnaryOp
    expression: BaseExpression


class BinaryOperation(BaseExpression):
    left: BaseExpression
    operator: BaseBinaryOp
    right: BaseExpression


class BooleanOperation(BaseExpression):
    left: BaseExpression
    operator: BaseBooleanOp
    right: BaseExpression


class Attribute(BaseExpression):
    value: BaseExpression
    attr: Name


class Index(CSTNode):
    value: BaseExpression
    star: str | None


class Slice(CSTNode):
    lower: BaseExpression | None
    upper: BaseExpression | None
    step: BaseExpression | None


class SubscriptElement(CSTNode):
    slice: Index | Slice


class Subscript(BaseExpression):
    value: BaseExpression
    slice: Sequence[SubscriptElement]


class Annotation(CSTNode):
    annotation: BaseExpression


class ParamStar(CSTNode): ...


class Param(CSTNode):
    name: Name
    annotation: Annotation | None
    default: BaseExpression | None
    star: str


class Parameters(CSTNode):
    params: Sequence[Param]
    star_arg: Param | ParamStar | None
    kwonly_params: Sequence[Param]
    star_kwarg: Param | None
    posonly_params: Sequence[Param]


class Lambda(BaseExpression):
    params: Parameters
    body: BaseExpression


class Arg(CSTNode):
    value: BaseExpression
    keyword: Name | None
    star: str


class Call(BaseExpression):
    func: BaseExpression
    args: Sequence[Arg]


class Await(BaseExpression):
    expression: BaseExpression


class IfExp(BaseExpression):
    test: BaseExpression
    body: BaseExpression
    orelse: BaseExpression


class From(CSTNode):
    item: BaseExpression


class Yield(BaseExpression):
    value: BaseExpression | From | None


class Element(CSTNode):
    value: BaseExpression


class DictElement(CSTNode):
    key: BaseExpression
    value: BaseExpression


class StarredElement(BaseExpression):
    value: BaseExpression


class StarredDictElement(CSTNode):
    value: BaseExpression


class Tuple(BaseExpression):
    elements: Sequence[Element | StarredElement]


class List(BaseExpression):
    elements: Sequence[Element | StarredElement]


class Set(BaseExpression):
    elements: Sequence[Element | StarredElement]


class Dict(BaseExpression):
    elements: Sequence[DictElement | StarredDictElement]


class CompFor(CSTNode):
    target: BaseExpression
    iter: BaseExpression
    ifs: Sequence[CompIf]
    inner_for_in: CompFor | None
    asynchronous: Asynchronous | None


class CompIf(CSTNode):
    test: BaseExpression


class GeneratorExp(BaseExpression):
    elt: BaseExpression
    for_in: CompFor


class ListComp(BaseExpression):
    elt: BaseExpression
    for_in: CompFor


class SetComp(BaseExpression):
    elt: BaseExpression
    for_in: CompFor


class DictComp(BaseExpression):
    key: BaseExpression
    value: BaseExpression
    for_in: CompFor


class StarredDictComp(BaseExpression):
    value: BaseExpression
    for_in: CompFor


class NamedExpr(BaseExpression):
    target: BaseExpression
    value: BaseExpression


class BaseSuite(CSTNode):
    body: Sequence[CSTNode]


class Del(CSTNode):
    target: BaseExpression


class Pass(CSTNode): ...


class Break(CSTNode): ...


class Continue(CSTNode): ...


class Return(CSTNode):
    value: BaseExpression | None


class Expr(CSTNode):
    value: BaseExpression


class SimpleStatementLine(CSTNode):
    body: Sequence[CSTNode]


class Else(CSTNode):
    body: BaseSuite


class If(CSTNode):
    test: BaseExpression
    body: BaseSuite
    orelse: If | Else | None


class IndentedBlock(BaseSuite): ...


class AsName(CSTNode):
    name: Name | Tuple | List


class ExceptHandler(CSTNode):
    body: BaseSuite
    type: BaseExpression | None
    name: AsName | None


class ExceptStarHandler(CSTNode):
    body: BaseSuite
    type: BaseExpression
    name: AsName | None


class Finally(CSTNode):
    body: BaseSuite


class Try(CSTNode):
    body: BaseSuite
    handlers: Sequence[ExceptHandler]
    orelse: Else | None
    finalbody: Finally | None


class TryStar(CSTNode):
    body: BaseSuite
    handlers: Sequence[ExceptStarHandler]
    orelse: Else | None
    finalbody: Finally | None


class ImportAlias(CSTNode):
    name: Attribute | Name
    asname: AsName | None


class Import(CSTNode):
    names: Sequence[ImportAlias]


class ImportFrom(CSTNode):
    module: Attribute | Name | None
    names: Sequence[ImportAlias] | ImportStar
    relative: Sequence[Dot]


class AssignTarget(CSTNode):
    target: BaseExpression


class Assign(CSTNode):
    targets: Sequence[AssignTarget]
    value: BaseExpression


class AnnAssign(CSTNode):
    target: BaseExpression
    annotation: Annotation
    value: BaseExpression | None


class AugAssign(CSTNode):
    target: BaseExpression
    operator: BaseAugOp
    value: BaseExpression


class Decorator(CSTNode):
    decorator: BaseExpression


class FunctionDef(CSTNode):
    name: Name
    params: Parameters
    body: BaseSuite
    decorators: Sequence[Decorator]
    returns: Annotation | None
    asynchronous: Asynchronous | None
    type_parameters: TypeParameters | None


class ClassDef(CSTNode):
    name: Name
    body: BaseSuite
    bases: Sequence[Arg]
    keywords: Sequence[Arg]
    decorators: Sequence[Decorator]
    type_parameters: TypeParameters | None


class WithItem(CSTNode):
    item: BaseExpression
    asname: AsName | None


class With(CSTNode):
    items: Sequence[WithItem]
    body: BaseSuite
    asynchronous: Asynchronous | None


class For(CSTNode):
    target: BaseExpression
    iter: BaseExpression
    body: BaseSuite
    orelse: Else | None
    asynchronous: Asynchronous | None


class While(CSTNode):
    test: BaseExpression
    body: BaseSuite
    orelse: Else | None


class Raise(CSTNode):
    exc: BaseExpression | None
    cause: From | None


class Assert(CSTNode):
    test: BaseExpression
    msg: BaseExpression | None


class NameItem(CSTNode):
    name: Name


class Global(CSTNode):
    names: Sequence[NameItem]


class Nonlocal(CSTNode):
    names: Sequence[NameItem]


class MatchPattern(CSTNode): ...


class Match(CSTNode):
    subject: BaseExpression
    cases: Sequence[MatchCase]


class MatchCase(CSTNode):
    pattern: MatchPattern
    body: BaseSuite
    guard: BaseExpression | None


class MatchValue(MatchPattern):
    value: BaseExpression


class MatchSingleton(MatchPattern):
    value: Name


class MatchSequenceElement(CSTNode):
    value: MatchPattern


class MatchStar(CSTNode):
    name: Name | None


class MatchList(MatchPattern):
    patterns: Sequence[MatchSequenceElement | MatchStar]


class MatchTuple(MatchPattern):
    patterns: Sequence[MatchSequenceElement | MatchStar]


class MatchMappingElement(CSTNode):
    key: BaseExpression
    pattern: MatchPattern


class MatchMapping(MatchPattern):
    elements: Sequence[MatchMappingElement]
    rest: Name | None


class MatchKeywordElement(CSTNode):
    key: Name
    pattern: MatchPattern


class MatchClass(MatchPattern):
    cls: BaseExpression
    patterns: Sequence[MatchSequenceElement]
    kwds: Sequence[MatchKeywordElement]


class MatchAs(MatchPattern):
    pattern: MatchPattern | None
    name: Name | None


class MatchOrElement(CSTNode):
    pattern: MatchPattern


class MatchOr(MatchPattern):
    patterns: Sequence[MatchOrElement]


class TypeVar(CSTNode):
    name: Name
    bound: BaseExpression | None


class TypeVarTuple(CSTNode):
    name: Name


class ParamSpec(CSTNode):
    name: Name


class TypeParam(CSTNode):
    param: TypeVar | TypeVarTuple | ParamSpec
    star: str
    default: BaseExpression | None


class TypeParameters(CSTNode):
    params: Sequence[TypeParam]


class TypeAlias(CSTNode):
    name: Name
    value: BaseExpression
    type_parameters: TypeParameters | None


class Module(CSTNode):
    """``default_indent`` and ``default_newline`` are what most of the file uses."""

    body: Sequence[SimpleStatementLine | CSTNode]
    default_indent: str
    default_newline: str
