"""Comments that silence findings: ``# osmo: ignore[CODE]`` for a line, ``# osmo: file-ignore[CODE]`` for a file.

A comment with code before it speaks for its own line and for what ends there, the whole of a long statement for one; a
comment that stands alone speaks for the next line of code.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from osmo_checks.finding import Finding, Position
from osmo_checks.sources import lines_of
from osmo_checks.tomlfile import comments_of, position_of

_COMMENT = re.compile(r"#\s*osmo:\s*(?P<file>file-)?ignore(?:\[(?P<codes>[^\]\n]*)\])?(?P<rest>[^#\n]*)")
_NO_CODE = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code that one comment silences.

    It speaks for the rows from ``first`` to ``row``, or for the whole file where ``row`` is ``None``. It is ``alone``
    where nothing but the comment stands on its line, and ``only`` where the comment names no other code.
    """

    code: str
    first: int
    row: int | None
    start: Position
    end: Position
    alone: bool
    only: bool

    def silences(self, finding: Finding) -> bool:
        if finding.code != self.code or self.row is None:
            return finding.code == self.code
        ends_here = not self.alone and self.row == finding.end.row and self.start > finding.end
        return ends_here or self.first <= finding.start.row <= self.row


def find_suppressions(path: str, text: str) -> list[Suppression]:
    """Return what the comments of a Python or TOML file silence, in order."""
    if "osmo:" not in text or not path.endswith((".py", ".toml")):
        return []
    lines = lines_of(text)
    comments = _python_comments(text) if path.endswith(".py") else _toml_comments("\n".join(lines))
    return [
        suppression
        for row, line in enumerate(lines, 1)
        for match in _COMMENT.finditer(line)
        if comments is None or (row, match.start()) in comments
        for suppression in _suppressions(match, row, lines, (comments or {}).get((row, match.start()), row))
    ]


def _python_comments(text: str) -> dict[tuple[int, int], int] | None:
    """Return where comments begin or hold another `#`, and the first row of the statement that ends before each.

    ``None`` where Python's tokenizer gives up.
    """
    places: dict[tuple[int, int], int] = {}
    last: list[tuple[int, int]] = []
    begun: int | None = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            row, column = token.start
            if token.type == tokenize.COMMENT:
                last = [(row, column + offset) for offset, char in enumerate(token.string) if char == "#"]
                places |= dict.fromkeys(last, row)
            elif token.type == tokenize.NEWLINE:
                places |= {place: begun or row for place in last if place[0] == row}
                begun = None
            elif token.type not in _NO_CODE:
                begun = begun or row
    except (tokenize.TokenError, SyntaxError):
        return None
    return places


def _toml_comments(text: str) -> dict[tuple[int, int], int]:
    """Return where comments begin or hold another `#`, and the row of each."""
    marks = (offset for start, end in comments_of(text) for offset in range(start, end) if text[offset] == "#")
    places = [position_of(text, offset) for offset in marks]
    return {(place.row, place.column - 1): place.row for place in places}


def _suppressions(match: re.Match[str], row: int, lines: Sequence[str], begun: int) -> Iterator[Suppression]:
    alone = not lines[row - 1][: match.start()].strip()
    last = _line_after(row, lines) if alone else row
    first = last if alone else begun
    codes = [code.strip() for code in (match["codes"] or "").split(",")]
    start = Position(row, match.start() + 1)
    end = Position(row, match.start() + 1 + len(match[0].rstrip()))
    for code in codes:
        yield Suppression(code, first, None if match["file"] else last, start, end, alone, len(codes) == 1)


def _line_after(row: int, lines: Sequence[str]) -> int:
    """Return the next row that holds something else than a comment or nothing."""
    for number, line in enumerate(lines[row:], row + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return number
    return row


def silence(
    findings: Iterable[Finding], by_path: Mapping[str, Sequence[Suppression]]
) -> tuple[list[Finding], set[tuple[str, Suppression]]]:
    """Return the findings that no comment silences, and the comments (with their paths) that silenced something."""
    kept: list[Finding] = []
    used: set[tuple[str, Suppression]] = set()
    for finding in findings:
        silencing = {(finding.path, one) for one in by_path.get(finding.path, ()) if one.silences(finding)}
        used |= silencing
        if not silencing:
            kept.append(finding)
    return kept, used
