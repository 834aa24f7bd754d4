"""The language server, spoken to over the protocol."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from osmo_checks.explain import as_markdown, explain

from .lsp_client import Editor
from .workspaces import demo_files, write_workspace

MAIN = "rollouts/demo/main.py"
CONFIG = "configs/eval/demo.toml"
GOOD = demo_files()[MAIN]
NOT_ASYNC = GOOD.replace("async def run", "def run")
BOTH_NOT_ASYNC = NOT_ASYNC.replace("async def grade", "def grade")
SETTINGS = '[tool.osmo-scaffold]\nselect = ["OSC102", "OSC103", "OSC106", "OSE101", "OSF"]\n'
EVERYWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "work space é", {"pyproject.toml": SETTINGS})


@pytest.fixture(scope="module")
def shared_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """Start one server for all tests: each has a workspace of its own."""
    folder = tmp_path_factory.mktemp("editor")
    with Editor(folder, folder / "cache") as editor:
        yield editor


@pytest.fixture
def editor(shared_editor: Editor) -> Editor:
    shared_editor.said.clear()
    return shared_editor


def _codes(diagnostics: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in diagnostics]


def _applied(text: str, action: dict[str, Any], path: Path) -> str:
    """Apply an action's edits as an editor does, from the end; texts here are in the basic plane of Unicode."""
    lines = text.split("\n")
    edits = action["edit"]["changes"][path.as_uri()]
    for edit in sorted(edits, key=lambda edit: tuple(edit["range"]["start"].values()), reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        before = lines[start["line"]][: start["character"]]
        after = lines[end["line"]][end["character"] :]
        lines[start["line"] : end["line"] + 1] = (before + edit["newText"] + after).split("\n")
    return "\n".join(lines)


def test_it_says_what_it_can_do(editor: Editor) -> None:
    assert editor.server["serverInfo"]["name"] == "osmo-scaffold"
    capabilities = editor.server["capabilities"]
    assert capabilities["positionEncoding"] == "utf-16"
    assert capabilities["textDocumentSync"]["change"] == 1
    assert capabilities["codeActionProvider"]["codeActionKinds"] == ["quickfix", "source.fixAll.osmo"]


def test_the_text_that_is_typed_is_looked_at(editor: Editor, root: Path) -> None:
    main = root / MAIN
    editor.open(main, NOT_ASYNC)
    (found,) = editor.diagnostics(main)
    assert (found["code"], found["severity"], found["source"]) == ("OSC106", 1, "osmo-scaffold")
    assert found["range"] == {"start": {"line": 4, "character": 8}, "end": {"line": 4, "character": 11}}
    editor.change(main, GOOD)
    assert editor.diagnostics(main) == []
    editor.change(main, f"{GOOD}\ndef\n")
    assert _codes(editor.diagnostics(main)) == ["OSC102"]
    assert main.read_text(encoding="utf-8") == GOOD


def test_a_code_leads_to_a_page_about_it(editor: Editor, root: Path) -> None:
    editor.open(root / MAIN, NOT_ASYNC)
    (found,) = editor.diagnostics(root / MAIN)
    page = Path(unquote(urlsplit(found["codeDescription"]["href"]).path))
    assert page.read_text(encoding="utf-8") == as_markdown(explain("OSC106"))


def test_of_many_changes_the_last_one_counts(editor: Editor, root: Path) -> None:
    main = root / MAIN
    editor.open(main, GOOD)
    for number in range(30):
        editor.change(main, f"{GOOD}\n# {number}\n")
    editor.change(main, NOT_ASYNC)
    assert _codes(editor.diagnostics(main)) == ["OSC106"]
    assert len(editor.said) == 0


def test_configs_and_other_files_are_looked_at_too(editor: Editor, root: Path) -> None:
    config = root / CONFIG
    editor.open(config, "broken")
    (found,) = editor.diagnostics(config)
    assert (found["code"], found["range"]["start"]["line"]) == ("OSF101", 0)
    editor.change(config, demo_files()[CONFIG])
    assert editor.diagnostics(config) == []
    (root / MAIN).write_text("def\n", encoding="utf-8")
    editor.save(config)
    assert _codes(editor.diagnostics(root / MAIN, version=None)) == ["OSC102"]
    (root / MAIN).write_text(GOOD, encoding="utf-8")
    editor.save(config)
    assert editor.diagnostics(root / MAIN, version=None) == []


def test_a_text_counts_for_the_files_that_import_it(editor: Editor, root: Path) -> None:
    helper = root / "rollouts" / "demo" / "parts.py"
    helper.write_text(GOOD, encoding="utf-8")
    (root / MAIN).write_text("from parts import MyWorkflow, MyGrader\n", encoding="utf-8")
    editor.open(helper, GOOD)
    assert editor.diagnostics(helper) == []
    editor.change(helper, GOOD.replace("MyWorkflow(AgentWorkflow)", "MyWorkflow"))
    assert "OSC103" in _codes(editor.diagnostics(root / MAIN, version=None))


def test_what_others_change_is_looked_at(editor: Editor, root: Path) -> None:
    editor.open(root / CONFIG, demo_files()[CONFIG])
    assert editor.diagnostics(root / CONFIG) == []
    (root / MAIN).write_text(NOT_ASYNC, encoding="utf-8")
    editor.changed_on_disk(root / MAIN, root / "rollouts" / "demo")
    assert _codes(editor.diagnostics(root / MAIN, version=None)) == ["OSC106"]
    (root / "pyproject.toml").write_text(SETTINGS.replace('"OSC106", ', ""), encoding="utf-8")
    editor.changed_on_disk(root / "pyproject.toml")
    assert editor.diagnostics(root / MAIN, version=None) == []
    (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    editor.notify("workspace/didChangeConfiguration", {"settings": None})
    assert _codes(editor.diagnostics(root / MAIN, version=None)) == ["OSC106"]


def test_files_are_watched_that_findings_depend_on(editor: Editor) -> None:
    (watched,) = editor.watched
    assert watched["method"] == "workspace/didChangeWatchedFiles"
    assert "py,toml" in str(watched["registerOptions"]["watchers"])


def test_ruffs_findings_stand_among_ours(editor: Editor, root: Path) -> None:
    (root / "pyproject.toml").write_text(SETTINGS.replace("select = [", 'select = ["F401", '), encoding="utf-8")
    (root / "rollouts/demo/other.py").write_text("import re\n", encoding="utf-8")
    editor.open(root / MAIN, NOT_ASYNC)
    assert _codes(editor.diagnostics(root / "rollouts/demo/other.py", version=None)) == ["F401"]
    editor.change(root / MAIN, f"import os\n{NOT_ASYNC}")
    unused, not_async = editor.diagnostics(root / MAIN)
    assert (unused["code"], unused["source"], unused["severity"]) == ("F401", "ruff", 2)
    assert unused["range"]["start"] == {"line": 0, "character": 7}
    assert not_async["source"] == "osmo-scaffold"
    editor.change(root / MAIN, GOOD)
    assert editor.diagnostics(root / MAIN) == []


def test_ruff_can_be_left_to_its_own_server(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.osmo-scaffold]\n", encoding="utf-8")
    with Editor(root, tmp_path / "cache", options=("--no-ruff",)) as editor:
        editor.open(root / MAIN, f"import os\n{NOT_ASYNC}")
        assert "F401" not in _codes(editor.diagnostics(root / MAIN))


def test_broken_settings_of_ruff_are_said_once(editor: Editor, root: Path) -> None:
    (root / "pyproject.toml").write_text(f"{SETTINGS}[tool.ruff]\nline-lenght = 3\n", encoding="utf-8")
    editor.open(root / MAIN, NOT_ASYNC)
    message = editor.message("window/showMessage")["params"]["message"]
    assert message.startswith("ruff did not run: ")
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]
    editor.change(root / MAIN, f"{NOT_ASYNC}\n")
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]
    assert not [one for one in editor.said if one["method"] == "window/showMessage"]


def test_what_is_closed_is_as_it_is_on_disk(editor: Editor, root: Path) -> None:
    editor.open(root / MAIN, NOT_ASYNC)
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]
    editor.close(root / MAIN)
    assert editor.diagnostics(root / MAIN, version=None) == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-16", 10), ("utf-8", 13), ("utf-32", 9)])
def test_columns_are_counted_as_agreed(root: Path, tmp_path: Path, encoding: str, column: int) -> None:
    with Editor(root, tmp_path / "cache", "utf-7", encoding) as editor:
        assert editor.server["capabilities"]["positionEncoding"] == encoding
        editor.open(root / MAIN, f"{GOOD}\nx = '🎲é' )\n")
        (found,) = editor.diagnostics(root / MAIN)
        assert found["range"]["start"] == {"line": GOOD.count("\n") + 1, "character": column}
        assert editor.leave() == 0


# fixes -----------------------------------------------------------------------------------------------------------


def test_a_fix_is_offered_where_the_finding_stands(editor: Editor, root: Path) -> None:
    main = root / MAIN
    editor.open(main, BOTH_NOT_ASYNC)
    first, second = editor.diagnostics(main)
    (action,) = editor.actions(main, first["range"], "quickfix")
    assert (action["title"], action["isPreferred"]) == ("Write `async def` (OSC106)", True)
    assert action["diagnostics"] == [first]
    assert _applied(BOTH_NOT_ASYNC, action, main) == GOOD.replace("async def grade", "def grade")
    (action,) = editor.actions(main, second["range"], "quickfix")
    assert _applied(BOTH_NOT_ASYNC, action, main) == NOT_ASYNC
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 5}}
    assert editor.actions(main, nowhere, "quickfix") == []


def test_all_safe_fixes_at_once(editor: Editor, root: Path) -> None:
    main = root / MAIN
    editor.open(main, BOTH_NOT_ASYNC)
    editor.diagnostics(main)
    for only in ("source.fixAll.osmo", "source.fixAll", "source"):
        (action,) = editor.actions(main, EVERYWHERE, only)
        assert (action["kind"], _applied(BOTH_NOT_ASYNC, action, main)) == ("source.fixAll.osmo", GOOD)
    assert len(editor.actions(main, EVERYWHERE)) == 3
    assert editor.actions(main, EVERYWHERE, "refactor") == []


def test_an_unsafe_fix_says_so_and_is_not_among_all(editor: Editor, root: Path) -> None:
    main = root / MAIN
    text = f"import uvicorn\n{GOOD}\n\nuvicorn.run('main:app')\n"
    editor.open(main, text)
    (found,) = editor.diagnostics(main)
    assert found["code"] == "OSE101"
    (action,) = editor.actions(main, found["range"])
    assert action["title"].endswith("(OSE101, may change what the code does)")
    assert not action.get("isPreferred")
    assert 'if __name__ == "__main__":\n    uvicorn.run(' in _applied(text, action, main)


def test_places_in_an_earlier_text_are_not_edited(editor: Editor, root: Path) -> None:
    editor.open(root / MAIN, NOT_ASYNC)
    editor.diagnostics(root / MAIN)
    editor.change(root / MAIN, f"# another line\n{NOT_ASYNC}")
    assert editor.actions(root / MAIN, EVERYWHERE) == []
    editor.diagnostics(root / MAIN)
    assert len(editor.actions(root / MAIN, EVERYWHERE)) == 2


# what can go wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "x = '\ud83d'\n",
        "(" * 100_000,
        "x = 1\r\ny = (\rz\n",
        "# \u2028 \x0c \x85\ndef\n",
        "\ufeff\ufeffdef",
        "#" * 1_000_000,
        "if 1:\n\tx\n        y\n",
    ],
    ids=["empty", "NUL", "half a character", "brackets", "line ends", "line separators", "marks", "long", "tabs"],
)
def test_odd_text_is_a_finding_at_worst(editor: Editor, root: Path, text: str) -> None:
    for path in (root / MAIN, root / CONFIG):
        editor.open(path, text)
        for found in editor.diagnostics(path):
            assert found["code"].startswith("OS")
        editor.actions(path, EVERYWHERE)
        editor.close(path)
    editor.open(root / MAIN, NOT_ASYNC)
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]
    assert editor.said == []


def test_texts_that_are_no_files_of_a_workspace_are_left_alone(editor: Editor, root: Path, tmp_path: Path) -> None:
    for uri in ("untitled:Untitled-1", (tmp_path / "other.py").as_uri(), "git:/x.py?ref", "file:///"):
        document = {"uri": uri, "languageId": "python", "version": 1, "text": "def\n"}
        editor.notify("textDocument/didOpen", {"textDocument": document})
    editor.open(root / MAIN, NOT_ASYNC)
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]
    assert editor.said == []


def test_wrong_settings_are_said_once_and_can_be_mended(editor: Editor, root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.osmo-scaffold]\nselct = ["OSC"]\n', encoding="utf-8")
    editor.open(root / MAIN, GOOD)
    message = editor.message("window/showMessage")["params"]
    assert (message["type"], message["message"].endswith("did you mean `select`?")) == (1, True)
    editor.change(root / MAIN, NOT_ASYNC)
    (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    editor.save(root / MAIN)
    assert _codes(editor.diagnostics(root / MAIN)) == ["OSC106"]


def test_without_pygls_it_is_a_sentence(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; from osmo_scaffold.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "lsp"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == "error: The language server needs pygls: install it with `pip install 'osmo-scaffold[lsp]'`.\n"
    )
