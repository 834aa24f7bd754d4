"""Where the paths through a function end, and what happened on each before.

A path is *marked* once it has passed a statement that the caller asks for. Loops are taken to run or not to run, calls
to return, and conditions to be either way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from osmo_checks.python import nodes as cst

#: Which paths are still open: marked ones, unmarked ones, both, or none.
Open = frozenset[bool]
UNMARKED: Open = frozenset((False,))
NONE: Open = frozenset()


@dataclass(frozen=True, slots=True)
class Ends:
    """``falls``: paths that reach the end; ``unmarked``: `return` and `continue` statements reached without a mark."""

    falls: Open
    unmarked: tuple[cst.Return | cst.Continue, ...]


def ends_of(
    body: cst.BaseSuite,
    marks: Callable[[cst.CSTNode], bool],
    each_turn: Callable[[cst.For], bool] = lambda _loop: False,
    stops: Callable[[cst.CSTNode], bool] | None = None,
) -> Ends:
    """Follow the paths through ``body``.

    ``marks`` is asked about simple statements and the heads of others, ``each_turn`` about loops: whether each turn has
    to be marked by itself. ``stops`` is asked about simple statements and loops: whether no path leads past them.
    """
    follower = _Follower(marks, each_turn, stops or is_never_passed)
    falls = follower.block(body.body, UNMARKED)
    return Ends(falls, tuple(dict.fromkeys(follower.unmarked)))


@dataclass(slots=True)
class _Loop:
    each_turn: bool
    broken: Open = NONE
    continued: Open = NONE


@dataclass(slots=True)
class _Follower:
    marks: Callable[[cst.CSTNode], bool]
    each_turn: Callable[[cst.For], bool]
    stops: Callable[[cst.CSTNode], bool]
    unmarked: list[cst.Return | cst.Continue] = field(default_factory=list)
    loops: list[_Loop] = field(default_factory=list)

    def block(self, lines: Sequence[cst.CSTNode], paths: Open) -> Open:
        for line in lines:
            if not paths:
                break
            paths = self.statement(line, paths)
        return paths

    def statement(self, line: cst.CSTNode, paths: Open) -> Open:
        if isinstance(line, cst.SimpleStatementLine):
            return self.block(line.body, paths)
        if isinstance(line, cst.FunctionDef | cst.ClassDef):
            return paths
        follow = _COMPOUND.get(type(line), _Follower.simple)
        return follow(self, line, paths)

    def block_with(self, line: cst.With, paths: Open) -> Open:
        for item in line.items:
            paths = self.after(item.item, paths)
        return self.block(line.body.body, paths)

    def simple(self, statement: cst.CSTNode, paths: Open) -> Open:
        paths = self.after(statement, paths)
        if isinstance(statement, cst.Break):
            self.loops[-1].broken |= paths
        elif isinstance(statement, cst.Continue) and not self.loops[-1].each_turn:
            self.loops[-1].continued |= paths
        elif isinstance(statement, cst.Return | cst.Continue):
            self.unmarked += [statement] if False in paths else []
        elif not self.stops(statement):
            return paths
        return NONE

    def after(self, node: cst.CSTNode, paths: Open) -> Open:
        return frozenset((True,)) if paths and self.marks(node) else paths

    def branches(self, line: cst.If, paths: Open) -> Open:
        paths = self.after(line.test, paths)
        taken = self.block(line.body.body, paths)
        if isinstance(line.orelse, cst.If):
            return taken | self.statement(line.orelse, paths)
        return taken | (self.block(line.orelse.body.body, paths) if line.orelse else paths)

    def loop(self, line: cst.For | cst.While, paths: Open) -> Open:
        paths = self.after(line.iter if isinstance(line, cst.For) else line.test, paths)
        self.loops.append(_Loop(each_turn=isinstance(line, cst.For) and self.each_turn(line)))
        once = self.block(line.body.body, paths)
        loop = self.loops.pop()
        once |= loop.continued
        endless = isinstance(line, cst.While) and isinstance(line.test, cst.Name) and line.test.value == "True"
        # A loop that marks whenever it runs has something to mark for each turn, and nothing where it takes none.
        after = NONE if endless or self.stops(line) else once if once == {True} else paths | once
        after = self.block(line.orelse.body.body, after) if line.orelse else after
        return after | loop.broken

    def attempt(self, line: cst.Try | cst.TryStar, paths: Open) -> Open:
        done, failed = self.tried(line.body.body, paths)
        after = self.block(line.orelse.body.body, done) if line.orelse else done
        for handler in line.handlers:
            after |= self.block(handler.body.body, failed)
        return self.block(line.finalbody.body.body, after) if line.finalbody else after

    def tried(self, lines: Sequence[cst.CSTNode], paths: Open) -> tuple[Open, Open]:
        """Return the paths after ``lines``, and those on which one of them failed."""
        failed = paths if not lines else NONE
        for line in lines:
            after = self.statement(line, paths)
            failed |= after if paths != after and after == {True} else paths
            paths = after
        return paths, failed

    def cases(self, line: cst.Match, paths: Open) -> Open:
        paths = self.after(line.subject, paths)
        after = NONE if any(map(_catches_all, line.cases)) else paths
        for case in line.cases:
            after |= self.block(case.body.body, paths)
        return after


def is_never_passed(statement: cst.CSTNode) -> bool:
    """Tell whether ``statement`` always raises, by itself."""
    if isinstance(statement, cst.Raise):
        return True
    if isinstance(statement, cst.Assert):
        return isinstance(statement.test, cst.Name) and statement.test.value == "False"
    return False


def _catches_all(case: cst.MatchCase) -> bool:
    return isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None and case.guard is None


_COMPOUND: Final[Mapping[type[cst.CSTNode], Callable[[_Follower, Any, Open], Open]]] = {
    cst.If: _Follower.branches,
    cst.For: _Follower.loop,
    cst.While: _Follower.loop,
    cst.Try: _Follower.attempt,
    cst.TryStar: _Follower.attempt,
    cst.With: _Follower.block_with,
    cst.Match: _Follower.cases,
}
