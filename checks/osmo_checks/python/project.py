"""The modules of one rollout: found by name as Python would find them, read at most once each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from osmo_checks.finding import START
from osmo_checks.paths import is_file, is_folder
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.python.source import Source, SyntaxProblem
from osmo_checks.python.walk import walk
from osmo_checks.sources import Read, read_file
from osmo_checks.workspace import is_below, relative_to

#: Makes a tree of a file's bytes.
Parse: TypeAlias = Callable[[bytes], cst.Module | SyntaxProblem]


def look_closely(data: bytes) -> cst.Module | SyntaxProblem:
    """Parse with libcst, which takes a tenth of a second to import."""
    from osmo_checks.python.exact import parse

    return parse(data)


@dataclass(frozen=True, eq=False)
class Module:
    """One file of user code. ``name`` is dotted, as the rollout imports it; ``scope`` is empty after a syntax error."""

    name: str
    source: Source
    tree: cst.Module
    scope: Scope
    problem: SyntaxProblem | None = None

    @property
    def is_package(self) -> bool:
        return self.source.path.name == "__init__.py"

    @cached_property
    def package(self) -> str:
        """The dotted name relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclass(eq=False)
class Project:
    """Finds modules below ``root`` (the rollout's folder), first on its ``sys.path`` on the platform.

    ``entrypoint`` is relative to ``root``. Reading never leaves ``root``, whatever links lie in it.
    """

    root: Path
    workspace: Path
    entrypoint: str
    read: Read = read_file
    parse: Parse = look_closely
    _modules: dict[str, Module | None] = field(default_factory=dict)
    _by_scope: dict[Scope, Module] = field(default_factory=dict)

    @cached_property
    def entry(self) -> Module | None:
        return self._load(Path(self.entrypoint).stem, self.root / self.entrypoint)

    @cached_property
    def _search_path(self) -> list[Path]:
        beside_entrypoint = (self.root / self.entrypoint).parent
        roots = [beside_entrypoint, self.root, self.root / "src"]
        return [folder for folder in dict.fromkeys(roots) if is_folder(folder)]

    def modules(self) -> Iterator[Module]:
        """Yield the modules read so far."""
        yield from [module for module in self._modules.values() if module]

    def module_of(self, scope: Scope) -> Module:
        return self._by_scope[scope.module]

    def find(self, name: str) -> Module | None:
        """Return the user's module called ``name`` (dotted, absolute), or ``None`` where it is not the user's."""
        if name not in self._modules:
            self._modules[name] = None
            path = self._path(name)
            if path:
                self._load(name, path)
        return self._modules[name]

    def holds_package(self, name: str) -> bool:
        """Tell whether ``name`` is a folder of the user's without ``__init__.py`` (a namespace package)."""
        parts = name.split(".")
        return any(is_folder(root.joinpath(*parts)) for root in self._search_path)

    def _path(self, name: str) -> Path | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for root in self._search_path:
            folder = root.joinpath(*parts)
            for candidate in (folder / "__init__.py", folder.with_suffix(".py")):
                if is_file(candidate) and is_below(candidate, self.root):
                    return candidate
        return None

    def _load(self, name: str, path: Path) -> Module:
        for known in self.modules():
            if known.source.path == path:
                self._modules[name] = known
                return known
        module = read_module(name, path, relative_to(path, self.workspace), self.read, self.parse)
        self._modules[name] = module
        self._by_scope[module.scope] = module
        return module


def read_module(name: str, path: Path, shown: str, read: Read = read_file, parse: Parse = look_closely) -> Module:
    """Read and walk one file. What keeps it from being read comes back as the module's ``problem``.

    Raises ``NeedsCloseLookError`` where ``parse`` does.
    """
    try:
        source = Source(path, shown, read(path))
        tree = parse(source.data)
    except OSError as error:
        source = Source(path, shown, b"")
        tree = SyntaxProblem(START, (error.strerror or str(error)).lower(), unread=True)
    if isinstance(tree, SyntaxProblem):
        empty = cst.Module([], "    ", "\n")
        return Module(name, source, empty, Scope("module", "", empty, None), tree)
    return Module(name, source, tree, walk(tree))
