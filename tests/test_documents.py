"""The code that the platform's documents show runs unchanged, where they are about what the built-in SDK is."""

import ast
import json
import re
from pathlib import Path

import pytest

from osmo_checks.contracts import load_contract

from .run_support import make_workspace
from .sdk_servers import CASES

DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"
#: What comes of each: the quick example's workflow holds a comment where it would call the model, so it has no sample.
OUTCOMES = {"001": "No samples after grading"}


def generations() -> dict[str, str]:
    """Return which generation each document describes, as their README says."""
    readme = (DOCUMENTS / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (\S+\.txt) \|.*\| (\S+) \|$", readme, re.MULTILINE))


def blocks(text: str) -> list[str]:
    """Return the pieces of Python in a text without fences: from an import of the SDK, as far as it can be parsed."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("from osmosis_ai")]
    return [_longest(lines[start:]) for start in starts]


def _longest(lines: list[str]) -> str:
    for end in range(len(lines), 0, -1):
        piece = "\n".join(lines[:end])
        try:
            ast.parse(piece)
        except (SyntaxError, ValueError):
            continue
        return piece + "\n"
    return ""


def imported(block: str) -> set[str]:
    """Return the dotted names that a block imports of the SDK."""
    imports = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]
    return {f"{node.module}.{alias.name}" for node in imports for alias in node.names if node.module}


def covered() -> list[tuple[str, str, str]]:
    """Return document, generation and text of each block that a built-in SDK's contract covers."""
    if not DOCUMENTS.is_dir():
        return []
    found = []
    for file, generation in generations().items():
        if generation in ("0.2", "0.3"):
            text = (DOCUMENTS / file).read_text(encoding="utf-8")
            found += [(file.partition("_")[0], generation, block) for block in blocks(text)]
    return found


@pytest.fixture(scope="module")
def shown() -> list[tuple[str, str, str]]:
    if not DOCUMENTS.is_dir():
        pytest.skip(f"the platform's documents are not at {DOCUMENTS.parent.name}/{DOCUMENTS.name} beside the checkout")
    return covered()


def test_every_block_has_an_outcome_here(shown: list[tuple[str, str, str]]) -> None:
    assert [document for document, _, _ in shown] == list(OUTCOMES)


def test_blocks_import_what_there_is(shown: list[tuple[str, str, str]]) -> None:
    for _, generation, block in shown:
        modules = load_contract(generation).modules
        assert imported(block) <= {f"{module}.{name}" for module, names in modules.items() for name in names}


def test_blocks_run_unchanged(shown: list[tuple[str, str, str]], tmp_path: Path) -> None:
    for document, generation, block in shown:
        rollout = tmp_path / f"rollout-{document}"
        rollout.mkdir()
        (rollout / "main.py").write_text(block, encoding="utf-8")
        workspace = make_workspace(tmp_path / document, rollout, contract=generation)
        done = workspace.run("--name", "it", "--policy", "constant:as expected", "--output-format", "json")
        assert done.returncode == 1, done.stderr
        failures = json.loads(done.stdout)["summary"]["failures"]
        assert set(failures) == {"grader"}
        assert OUTCOMES[document] in failures["grader"]["message"]


def test_the_quick_example_is_also_run_with_a_model_behind_it(shown: list[tuple[str, str, str]]) -> None:
    """The case that fills its comment in differs from it in nothing else."""
    case = (CASES.parent / "rollouts" / "quick-example" / "main.py").read_text(encoding="utf-8")
    block = next(block for document, _, block in shown if document == "001")
    lines = {line.strip() for line in block.splitlines() if line.strip()} - {"pass"}
    assert lines <= {line.strip() for line in case.splitlines()}
