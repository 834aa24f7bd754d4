"""A tool opens whatever path the model names.

## What it does
Looks in tools for paths of the model that are opened, read, written or removed without the tool ever testing them or
holding them to a folder.

## Why is this bad?
`../data/train.jsonl` holds the answers, `main.py` the grader, `.env` the keys. A policy in training finds what pays,
and a path is the shortest way there.

## How to fix it
Hold the path to one folder:

```python
path = (ROOT / name).resolve()
if not path.is_relative_to(ROOT):
    return "There is no such file."
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Call, Rollout, last_name
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.rules.toolkit import from_model, looks_at, mentions

_OPENERS = frozenset(
    (
        *("builtins.open", "io.open", "os.open", "os.remove", "os.unlink", "shutil.rmtree", "os.listdir", "os.scandir"),
        *("aiofiles.open", "pandas.read_csv", "pandas.read_json"),
    )
)
_METHODS = ("read_text", "read_bytes", "write_text", "write_bytes", "unlink", "iterdir", "rmdir")
#: What holds a path to a folder, or leaves only its last part.
_HOLDING = ("relative_to", "is_relative_to", "commonpath", "commonprefix", "basename", "secure_filename", "safe_join")


def check(rollout: Rollout) -> Iterator[Problem]:
    for tool in rollout.tools:
        names = from_model(rollout, tool)
        if looks_at(tool, names) or _holds_paths(tool):
            continue
        for call in rollout.calls_in(tool):
            path = _opened(call)
            if path is not None and mentions(path, names):
                message = "The model can name any path here, that of the answers too: hold it to one folder."
                yield Problem(in_code(rollout, tool, path), message)


def _opened(call: Call) -> cst.BaseExpression | None:
    """Return the expression that says which file a call opens."""
    node = call.site.node
    if call.name in _OPENERS:
        return node.args[0].value if node.args else None
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value not in _METHODS:
        return None
    receiver = node.func.value
    made = call.name.startswith("pathlib.Path.")
    joined = isinstance(receiver, cst.BinaryOperation) and isinstance(receiver.operator, cst.Divide)
    return receiver if made or joined or _is_joined(call.site.scope, receiver) else None


def _is_joined(scope: Scope, receiver: cst.BaseExpression) -> bool:
    """Tell whether a name stands for one `folder / name`."""
    bindings = scope.bindings.get(receiver.value, []) if isinstance(receiver, cst.Name) else []
    value = getattr(bindings[0], "value", None) if len(bindings) == 1 else None
    return isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Divide)


def _holds_paths(tool: Scope) -> bool:
    called = any(last_name(site.node.func) in _HOLDING for site in tool.each(cst.Call))
    return called or any(site.node.attr.value in ("name", "stem") for site in tool.each(cst.Attribute))


RULE = Rule(
    code="OST106",
    name="tool-opens-any-path",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="from pathlib import Path\n\nfrom strands import tool",
                above='''
ROOT = Path(__file__).parent / "notes"


@tool
def read_note(name: str) -> str:
    """Read a note."""
    return («ROOT / name»).read_text()[:4000]
''',
            )
        ),
        Example(
            main_py(
                imports="import os\n\nfrom agents import function_tool",
                above='''
@function_tool
def save(path: str, text: str) -> str:
    """Save a text."""
    full = os.path.join("/srv/notes", path)
    with open(«full», "w", encoding="utf-8") as file:
        file.write(text)
    return "Saved."
''',
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="from pathlib import Path\n\nfrom strands import tool",
                above='''
ROOT = Path(__file__).parent / "notes"
NOTES = {"one": ROOT / "one.txt"}


@tool
def read_note(name: str) -> str:
    """Read a note."""
    path = (ROOT / name).resolve()
    path.relative_to(ROOT)
    return path.read_text()[:4000]


@tool
def read_known_note(name: str) -> str:
    """Read one of the notes."""
    return NOTES[name].read_text()[:4000]


@tool
def read_page(number: int) -> str:
    """Read a page of the book."""
    return (ROOT / f"page-{number}.txt").read_text()[:4000]
''',
            )
        ),
        Example(
            main_py(
                imports="from pathlib import Path\n\nfrom strands import tool",
                above='''
BOOK = Path(__file__).parent / "book.txt"


@tool
def search(word: str) -> str:
    """Find the first line with a word."""
    lines = BOOK.read_text().splitlines()
    return next((line for line in lines if word in line), "None.")
''',
            )
        ),
    ),
)
