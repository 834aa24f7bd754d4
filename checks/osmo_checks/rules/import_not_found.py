"""A rollout imports something of its own that is not there.

## What it does
Looks up what the rollout's modules import from each other: modules that do not exist, names that a module does not
define, and modules that lie elsewhere in the workspace, where the platform does not look for them. Imports inside
`try` or `if`, modules that define names at run time, and compiled or generated ones (`_pb2`, `_version`) are left
alone.

## Why is this bad?
The import fails, and the rollout with it, before its first row.

## How to fix it
Correct the name. The platform puts the rollout's folder first on Python's path, and nothing else of the repository:
what rollouts share has to be a package that each of them lists in its `dependencies`.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from osmo_checks.finding import Severity
from osmo_checks.packages import Installed, installed_with
from osmo_checks.paths import below, is_file
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.python.walk import dotted_name
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, InCode, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.imports import Imported, imports_of, is_optional

_GENERATED = ("_pb2", "_pb2_grpc", "_version")
_UNKNOWN = Installed(frozenset(), complete=False)


def check(rollout: Rollout) -> Iterator[Problem]:
    for module in rollout.modules:
        for scope in module.scope.below():
            for site in scope.each(cst.ImportFrom):
                if not is_optional(site):
                    yield from _from_own(rollout, module, site.node)
    installed = installed_with(rollout.pyproject, rollout.contract) if rollout.pyproject else _UNKNOWN
    for imported in imports_of(rollout):
        if not imported.is_optional and not imported.is_the_users and not installed.brings(imported.root):
            yield from _from_outside(rollout, imported)


def _from_own(rollout: Rollout, module: Module, node: cst.ImportFrom) -> Iterator[Problem]:
    name = _absolute(module, node)
    target = rollout.project.find(name) if name else None
    if target and not isinstance(node.names, cst.ImportStar):
        for alias in node.names:
            if not _has(rollout, target, dotted_name(alias.name)):
                yield _no_name(module, alias, target)
    elif name and not target and _has_to_exist(rollout, name, node) and not _is_made_elsewhere(rollout, name):
        near = get_close_matches(name.rpartition(".")[2], _beside(rollout, name), n=1)
        hint = f"did you mean `{near[0]}`?" if near else "correct the name, or add the file."
        place = InCode(module, node.module) if node.module else InCode(module, node)
        yield Problem(place, f"There is no module `{name}` in this rollout: {hint}")


def _absolute(module: Module, node: cst.ImportFrom) -> str:
    """Return the dotted name that is imported from, an empty text for what is not a name below the rollout."""
    target = dotted_name(node.module) if node.module else ""
    base = [part for part in module.package.split(".") if part]
    dropped = max(len(node.relative) - 1, 0)
    if not node.relative or dropped > len(base):
        return "" if node.relative else target
    return ".".join([*base[: len(base) - dropped], *([target] if target else [])])


def _has_to_exist(rollout: Rollout, name: str, node: cst.ImportFrom) -> bool:
    """Tell whether nobody but the rollout can bring the module: it is relative, or below a package of the rollout's."""
    if rollout.project.holds_package(name):
        return False
    return bool(node.relative) or ("." in name and rollout.project.find(name.partition(".")[0]) is not None)


def _is_made_elsewhere(rollout: Rollout, name: str) -> bool:
    """Tell whether a module is generated before the rollout is started, or compiled: `fast.cpython-312.so`."""
    path = rollout.folder.joinpath(*name.split("."))
    return name.endswith(_GENERATED) or bool(below(path.parent, f"{path.name}.*"))


def _has(rollout: Rollout, module: Module, name: str) -> bool:
    scope = module.scope
    if module.problem or scope.stars or name in scope.bindings or "__getattr__" in scope.bindings:
        return True
    if name.startswith("__") and name.endswith("__"):
        return True
    inner = f"{module.name}.{name}"
    return rollout.project.find(inner) is not None or rollout.project.holds_package(inner)


def _no_name(module: Module, alias: cst.ImportAlias, target: Module) -> Problem:
    name = dotted_name(alias.name)
    near = get_close_matches(name, list(target.scope.bindings), n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"define it in `{target.source.shown}`, or correct the name."
    return Problem(InCode(module, alias.name), f"`{target.name}` has no `{name}`: {hint}")


def _beside(rollout: Rollout, name: str) -> list[str]:
    parent = rollout.folder.joinpath(*name.split(".")[:-1])
    return sorted({path.stem for path in below(parent, "*.py")} - {"__init__"})


def _from_outside(rollout: Rollout, imported: Imported) -> Iterator[Problem]:
    folder = rollout.workspace / imported.root
    if is_file(folder.with_suffix(".py")) or below(folder, "*.py") or below(folder, "*/*.py"):
        message = (
            f"`{imported.root}` lies outside of the rollout, where the platform does not look: "
            f"import from `rollouts/{rollout.name}`, or list it as a package in `dependencies`."
        )
        yield Problem(InCode(imported.module, imported.node), message)


RULE = Rule(
    code="OSP109",
    name="import-not-found",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from quiz.grader import points"),
                "rollouts/demo/quiz/__init__.py": "",
                "rollouts/demo/quiz/grader.py": "from .«score» import points\n",
                "rollouts/demo/quiz/scoring.py": "def points(text):\n    return 1.0\n",
            }
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from tools import open_page, «web_search»"),
                "rollouts/demo/tools.py": "def open_page(url): ...\n\n\ndef search_web(text): ...\n",
            }
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from «rollouts.demo.tools» import add\nimport «common.text»"),
                "rollouts/demo/tools.py": "def add(a, b):\n    return a + b\n",
                "common/text.py": "",
            }
        ),
    ),
    good=(
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from quiz import VERSION, grader, later\nfrom . import quiz"),
                "rollouts/demo/quiz/__init__.py": "for VERSION in (1, 2): ...\n\n\ndef __getattr__(name): ...\n",
                "rollouts/demo/quiz/grader.py": "from .generated_pb2 import Row\nfrom .fast import score\n",
                "rollouts/demo/quiz/fast.cpython-312-x86_64-linux-gnu.so": "",
            }
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(
                    imports="from settings import DEBUG\n\n"
                    "try:\n    from .fast import score\nexcept ImportError:\n    score = len"
                ),
                "rollouts/demo/settings.py": "from our_company.settings import *\n",
            }
        ),
        Example(
            {
                "rollouts/demo/main.py": main_py(imports="from tools import search, settings"),
                "rollouts/demo/tools/search/local.py": "",
                "rollouts/demo/tools/settings.py": "",
                "tools/make.py": "",
            }
        ),
    ),
)
