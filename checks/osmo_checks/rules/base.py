"""What a rule is: one file that finds one kind of mistake, explains it, and carries the examples that test it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from osmo_checks.finding import Applicability, Position, Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module

S_contra = TypeVar("S_contra", contravariant=True)

#: Two marks around what a bad example's finding points at. They are taken out before the example is used or shown.
MARKS = "«»"


@dataclass(frozen=True, slots=True)
class InCode:
    """A node of a module; where it stands is found when the finding is made."""

    module: Module
    node: cst.CSTNode


@dataclass(frozen=True, slots=True)
class InText:
    path: str
    start: Position
    end: Position


Place: TypeAlias = InCode | InText


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New text for a place, or just before or after it."""

    place: Place
    content: str
    where: Literal["instead", "before", "after"] = "instead"


@dataclass(frozen=True, slots=True)
class Repair:
    """A fix as a rule writes it; its places become positions together with the finding's."""

    message: str
    rewrites: tuple[Rewrite, ...]
    applicability: Applicability = "safe"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: the engine adds code, name and severity, and turns places into positions."""

    place: Place
    message: str
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A workspace in which ``files`` stand over a small correct rollout called ``demo``.

    A text alone is ``rollouts/demo/main.py``. A path that ends in ``/`` is a folder or file that is not there, or holds
    nothing but the files that follow; its text only carries marks. ``contract`` is the SDK generation of the rollout.
    """

    files: str | Mapping[str, str]
    contract: str = "0.2"

    def by_path(self) -> Mapping[str, str]:
        return {"rollouts/demo/main.py": self.files} if isinstance(self.files, str) else self.files


@dataclass(frozen=True, slots=True)
class Rule(Generic[S_contra]):
    """``docs`` is the rule file's docstring: a sentence, then Markdown with ``HEADINGS`` in that order."""

    code: str
    name: str
    severity: Severity
    docs: str | None
    check: Callable[[S_contra], Iterator[Problem]]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]

    @property
    def summary(self) -> str:
        return (self.docs or "").strip().partition("\n")[0]


HEADINGS = ("What it does", "Why is this bad?", "How to fix it")
