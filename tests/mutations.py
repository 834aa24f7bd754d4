"""Other ways to write the same code: what a checker finds in it must not change with them."""

from collections.abc import Mapping
from typing import Any, Final

import libcst

_PARENTHESES: Final[Mapping[str, Any]] = {"lpar": [libcst.LeftParen()], "rpar": [libcst.RightParen()]}


class _Texts(libcst.CSTTransformer):
    """Rewrites plain one-line texts in double quotes, one by one."""

    def visit_FormattedString(self, node: libcst.FormattedString) -> bool:  # noqa: ARG002, N802 - libcst's names
        return False

    def visit_ConcatenatedString(self, node: libcst.ConcatenatedString) -> bool:  # noqa: ARG002, N802
        return False

    def leave_SimpleString(  # noqa: N802
        self, original_node: libcst.SimpleString, updated_node: libcst.SimpleString
    ) -> libcst.BaseExpression:
        text = original_node.value
        if original_node.quote != '"' or original_node.prefix or "\\" in text or len(text) < len('"ab"'):
            return updated_node
        return self.rewritten(text[1:-1])

    def rewritten(self, text: str) -> libcst.BaseExpression:
        raise NotImplementedError


class _Split(_Texts):
    def rewritten(self, text: str) -> libcst.BaseExpression:
        half = len(text) // 2
        return _together(libcst.SimpleString(f'"{text[:half]}"'), libcst.SimpleString(f'"{text[half:]}"'))


class _Escaped(_Texts):
    def rewritten(self, text: str) -> libcst.BaseExpression:
        return libcst.SimpleString('"' + "".join(f"\\u{ord(letter):04x}" for letter in text) + '"')


class _Formatted(_Texts):
    def rewritten(self, text: str) -> libcst.BaseExpression:
        return libcst.parse_expression(f'''f"{text.replace("{", "{{").replace("}", "}}")}"''')


class _BesideFormatted(_Texts):
    def rewritten(self, text: str) -> libcst.BaseExpression:
        return _together(libcst.SimpleString(f'"{text}"'), libcst.FormattedString([], 'f"'))


class _TripleQuoted(_Texts):
    def rewritten(self, text: str) -> libcst.BaseExpression:
        return libcst.SimpleString(f'r"""{text}"""')


class _BehindPlain(libcst.CSTTransformer):
    def visit_ConcatenatedString(self, node: libcst.ConcatenatedString) -> bool:  # noqa: ARG002, N802
        return False

    def leave_FormattedString(  # noqa: N802
        self,
        original_node: libcst.FormattedString,  # noqa: ARG002
        updated_node: libcst.FormattedString,
    ) -> libcst.BaseExpression:
        return _together(libcst.SimpleString('""'), updated_node)


class _OnOneLine(libcst.CSTTransformer):
    def leave_IndentedBlock(  # noqa: N802
        self,
        original_node: libcst.IndentedBlock,  # noqa: ARG002
        updated_node: libcst.IndentedBlock,
    ) -> libcst.BaseSuite:
        lines = _joined(updated_node.body)
        if len(lines) == 1 and isinstance(lines[0], libcst.SimpleStatementLine):
            return libcst.SimpleStatementSuite(lines[0].body)
        return updated_node.with_changes(body=lines)

    def leave_Module(self, original_node: libcst.Module, updated_node: libcst.Module) -> libcst.Module:  # noqa: ARG002, N802
        return updated_node.with_changes(body=_joined(updated_node.body))


class _Unpacked(libcst.CSTTransformer):
    def leave_Call(self, original_node: libcst.Call, updated_node: libcst.Call) -> libcst.Call:  # noqa: N802
        lone = any(
            argument.star == "**" or isinstance(argument.value, libcst.GeneratorExp) for argument in updated_node.args
        )
        if lone or not original_node.args:
            return updated_node
        return updated_node.with_changes(args=[*updated_node.args, libcst.Arg(libcst.List([]), star="*")])


class _InParentheses(libcst.CSTTransformer):
    def visit_Decorator(self, node: libcst.Decorator) -> bool:  # noqa: ARG002, N802
        return False

    def leave_Call(self, original_node: libcst.Call, updated_node: libcst.Call) -> libcst.Call:  # noqa: ARG002, N802
        return updated_node.with_changes(**_PARENTHESES)


MUTATIONS: Final[Mapping[str, type[libcst.CSTTransformer]]] = {
    "texts split": _Split,
    "texts escaped": _Escaped,
    "texts formatted": _Formatted,
    "texts beside a formatted one": _BesideFormatted,
    "texts in three quotes": _TripleQuoted,
    "formatted texts behind a plain one": _BehindPlain,
    "blocks on one line": _OnOneLine,
    "arguments unpacked": _Unpacked,
    "calls in parentheses": _InParentheses,
}


def mutated(code: str, mutation: type[libcst.CSTTransformer]) -> str:
    """Return ``code`` written in the other way; as it is where it is no Python."""
    try:
        tree = libcst.parse_module(code)
    except libcst.ParserSyntaxError:
        return code
    return tree.visit(mutation()).code


def _together(left: Any, right: Any) -> libcst.ConcatenatedString:
    return libcst.ConcatenatedString(left, right, **_PARENTHESES)


def _joined(lines: Any) -> list[Any]:
    found: list[Any] = []
    for line in lines:
        before = found[-1] if found else None
        if isinstance(line, libcst.SimpleStatementLine) and isinstance(before, libcst.SimpleStatementLine):
            found[-1] = before.with_changes(body=[*map(_ended, before.body), *line.body])
        else:
            found.append(line)
    return found


def _ended(statement: libcst.BaseSmallStatement) -> libcst.BaseSmallStatement:
    return statement.with_changes(semicolon=libcst.Semicolon(whitespace_after=libcst.SimpleWhitespace(" ")))
