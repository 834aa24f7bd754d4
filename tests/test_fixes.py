"""Fixes mend what they say they mend, and touch nothing else."""

import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest
from _pytest.mark import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from osmo_checks import looking
from osmo_checks.engine import Request, check_workspace
from osmo_checks.finding import Edit, Fix, Position, Severity
from osmo_checks.fixes import apply_fixes, fix_workspace
from osmo_checks.python.project import Module
from osmo_checks.rules import ALL, AnyRule
from osmo_checks.rules.base import Example, InText, Problem, Repair, Rewrite, Rule
from osmo_checks.workspace import Workspace

from .scaffolds import osmo, snapshot
from .workspaces import demo_files, unmarked, write_workspace

MAIN = "rollouts/demo/main.py"
GOOD = demo_files()[MAIN]
NOT_ASYNC = GOOD.replace("async def run", "def run")
SERVED = (
    "import uvicorn\n"
    + GOOD.replace("import AgentWorkflow,", "import LocalBackend, create_rollout_server, AgentWorkflow,")
    + "\n\nuvicorn.run(create_rollout_server(backend=LocalBackend(workflow=MyWorkflow, grader=MyGrader)))\n"
)


# every rule's --------------------------------------------------------------------------------------------------


def _workspace(root: Path, example: Example) -> Workspace:
    files = {path: unmarked(text)[0] for path, text in example.by_path().items()}
    return Workspace(write_workspace(root, files, example.contract))


def _bad_examples() -> list[ParameterSet]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{number}")
        for rule in ALL
        for number, example in enumerate(rule.bad)
    ]


@pytest.mark.parametrize(("rule", "example"), _bad_examples())
def test_a_fix_ends_its_finding_and_nothing_is_left_to_fix(rule: AnyRule, example: Example, tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, example)
    request = Request(select=[rule.code])
    before = check_workspace(workspace, request).findings
    fixable = [finding for finding in before if finding.fix and finding.fix.applicability != "display"]
    fixed = fix_workspace(workspace, request, unsafe=True)
    left = [finding for finding in fixed.report.findings if finding.fix and finding.fix.applicability != "display"]
    assert left == []
    assert bool(fixed.changed) == bool(fixable)
    assert len(fixed.report.findings) <= len(before) - bool(fixable)
    for path, change in fixed.changed.items():
        assert path in {workspace.root / finding.path for finding in fixable}
        path.write_bytes(change.after)
        _parse(path)
    assert fix_workspace(workspace, request, unsafe=True).changed == {}


@pytest.mark.parametrize(("rule", "example"), _bad_examples())
def test_a_safe_fix_brings_no_error(rule: AnyRule, example: Example, tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, example)
    before = {(one.code, one.message) for one in check_workspace(workspace).findings if one.severity is Severity.ERROR}
    fixed = fix_workspace(workspace, Request(select=[rule.code]), unsafe=False)
    for path, change in fixed.changed.items():
        path.write_bytes(change.after)
    after = {(one.code, one.message) for one in check_workspace(workspace).findings if one.severity is Severity.ERROR}
    assert after <= before


def _parse(path: Path) -> None:
    if path.suffix == ".py":
        cst.parse_module(path.read_bytes())
    elif path.suffix == ".toml":
        tomllib.loads(path.read_bytes().decode("utf-8"))


def test_some_rules_have_fixes(tmp_path: Path) -> None:
    workspace = Workspace(write_workspace(tmp_path, {MAIN: NOT_ASYNC}))
    assert [bool(one.fix) for one in check_workspace(workspace, Request(select=["OSC106"])).findings] == [True]


# text edits ------------------------------------------------------------------------------------------------------


def _fix(*edits: tuple[int, int, int, int, str]) -> Fix:
    return Fix("x", tuple(Edit(Position(a, b), Position(c, d), content) for a, b, c, d, content in edits))


@pytest.mark.parametrize(
    ("before", "fixes", "after", "count"),
    [
        ("ab\ncd\n", [_fix((1, 2, 1, 3, "X"))], "aX\ncd\n", 1),
        ("ab\ncd\n", [_fix((1, 3, 2, 1, ""))], "abcd\n", 1),
        ("ab", [_fix((1, 3, 1, 3, "\nc"))], "ab\nc", 1),
        ("ab\n", [_fix((2, 1, 2, 1, "c\n"))], "ab\nc\n", 1),
        ("ab\n", [_fix((9, 1, 9, 1, "c\n"))], "ab\nc\n", 1),
        ("abcd", [_fix((1, 1, 1, 3, "X")), _fix((1, 3, 1, 5, "Y"))], "XY", 2),
        ("abcd", [_fix((1, 1, 1, 3, "X")), _fix((1, 2, 1, 4, "Y"))], "Xcd", 1),
        ("abcd", [_fix((1, 2, 1, 2, "X")), _fix((1, 2, 1, 2, "Y"))], "aXbcd", 1),
        ("abcd", [_fix((1, 2, 1, 2, "X")), _fix((1, 2, 1, 2, "X"))], "aXbcd", 1),
        ("abcd", [_fix((1, 1, 1, 2, "X"), (1, 4, 1, 5, "Z")), _fix((1, 4, 1, 5, "Q"))], "XbcZ", 1),
        ("é漢🎲x", [_fix((1, 4, 1, 5, "y"))], "é漢🎲y", 1),
        ("a\r\nb\r\n", [_fix((2, 1, 2, 2, "x\ny"))], "a\r\nx\r\ny\r\n", 1),
        ("a\rb\r", [_fix((2, 1, 2, 2, "x"))], "a\rx\r", 1),
        ("\ufeffab\n", [_fix((1, 1, 1, 2, "X"))], "\ufeffXb\n", 1),
        ("a\x0cb\x85c\u2028d", [_fix((1, 3, 1, 4, "X"))], "a\x0cX\x85c\u2028d", 1),
        ("ab", [], "ab", 0),
    ],
)
def test_edits(before: str, fixes: list[Fix], after: str, count: int) -> None:
    assert apply_fixes(before.encode(), fixes) == (after.encode(), count)


def test_text_that_is_not_utf8_is_left_alone() -> None:
    assert apply_fixes(b"caf\xe9", [_fix((1, 1, 1, 2, "C"))]) == (b"caf\xe9", 0)


@given(st.text(alphabet="aé🎲\r\n", max_size=12), st.data())
def test_what_is_outside_of_an_edit_stays(text: str, data: st.DataObject) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    row = data.draw(st.integers(1, len(lines)))
    start, end = sorted(data.draw(st.integers(1, len(lines[row - 1]) + 1)) for _ in range(2))
    after, count = apply_fixes(text.encode(), [_fix((row, start, row, end, "<>"))])
    written = after.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines[row - 1] = lines[row - 1][: start - 1] + "<>" + lines[row - 1][end - 1 :]
    assert (written, count) == (lines, 1)


# the command -----------------------------------------------------------------------------------------------------


def _check(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    cache = str(root.parent / "cache")
    selected = ("check", "--no-ruff", "--select", "OSC,OSE101,OSF", "--ignore", "OSC113")
    return osmo(*selected, *options, cwd=root, OSMO_SCAFFOLD_CACHE_DIR=cache)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "workspace", {MAIN: NOT_ASYNC})


def test_fix_mends_says_so_and_is_done(root: Path) -> None:
    done = _check(root, "--fix")
    assert (done.returncode, done.stderr) == (0, "Fixed 1 finding in 1 file.\n")
    assert (root / MAIN).read_text(encoding="utf-8") == GOOD
    before = snapshot(root)
    done = _check(root, "--fix")
    assert (done.returncode, done.stderr) == (0, "Fixed 0 findings in 0 files.\n")
    assert snapshot(root) == before


def test_diff_shows_and_changes_nothing(root: Path) -> None:
    before = snapshot(root)
    done = _check(root, "--diff")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"--- a/{MAIN}\n+++ b/{MAIN}\n@@ -")
    assert "\n-    def run(self" in done.stdout
    assert "\n+    async def run(self" in done.stdout
    assert snapshot(root) == before
    patched = subprocess.run(["git", "apply", "-"], cwd=root, input=done.stdout, text=True, check=False)
    assert patched.returncode == 0
    assert (root / MAIN).read_text(encoding="utf-8") == GOOD
    assert (_check(root, "--diff").stdout, _check(root, "--diff").returncode) == ("", 0)


def test_a_diff_of_a_file_without_a_last_line_end_can_be_applied(root: Path) -> None:
    (root / MAIN).write_text(NOT_ASYNC.rstrip(), encoding="utf-8")
    shown = _check(root, "--diff").stdout
    subprocess.run(["git", "apply", "-"], cwd=root, input=shown, text=True, check=True)
    assert (root / MAIN).read_text(encoding="utf-8") == GOOD.rstrip()


def test_unsafe_fixes_only_when_asked_for(root: Path) -> None:
    (root / MAIN).write_text(SERVED, encoding="utf-8")
    assert _check(root, "--fix").returncode == 1
    assert (root / MAIN).read_text(encoding="utf-8") == SERVED
    done = _check(root, "--fix", "--unsafe-fixes")
    assert (done.returncode, done.stderr) == (0, "Fixed 1 finding in 1 file.\n")
    assert 'if __name__ == "__main__":\n    uvicorn.run(' in (root / MAIN).read_text(encoding="utf-8")


def test_only_the_named_files_are_changed(root: Path) -> None:
    assert _check(root, "--fix", "configs").stderr == "Fixed 0 findings in 0 files.\n"
    assert (root / MAIN).read_text(encoding="utf-8") == NOT_ASYNC


@pytest.mark.parametrize(
    "around",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("    ", "\t").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: f"# é 漢 🎲\x0c\n{text}\n\n\n# the end  \n".encode(),
        lambda text: text.replace("(self, ctx: A", "( self,ctx :A").replace("None:", "None :  # why? ").encode(),
    ],
    ids=["CRLF", "byte order mark", "tabs", "no last line end", "not ASCII", "odd spaces and comments"],
)
def test_everything_else_stays_byte_for_byte(root: Path, around: object) -> None:
    assert callable(around)
    (root / MAIN).write_bytes(around(NOT_ASYNC))
    assert _check(root, "--fix").returncode == 0
    assert (root / MAIN).read_bytes() == around(GOOD)


def test_a_file_in_another_encoding_is_left_alone(root: Path) -> None:
    text = f"# -*- coding: latin-1 -*-\n# caf\xe9\n{NOT_ASYNC}".encode("latin-1")
    (root / MAIN).write_bytes(text)
    done = _check(root, "--fix")
    kept, count = done.stderr.splitlines()
    assert kept.startswith(f"{MAIN} is left as it is: it is not written in UTF-8.")
    assert (done.returncode, count) == (1, "Fixed 0 findings in 0 files.")
    assert (root / MAIN).read_bytes() == text


@pytest.mark.parametrize("text", [f"\f{NOT_ASYNC}", NOT_ASYNC.replace("\n", "\r")])
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_why_a_file_is_not_rewritten_is_said(root: Path, text: str, option: str) -> None:
    (root / MAIN).write_bytes(text.encode())
    assert f"{MAIN} is left as it is: rewriting it would lose characters" in _check(root, option).stderr
    assert (root / MAIN).read_bytes() == text.encode()


def test_a_link_stays_a_link_and_its_file_is_mended(root: Path) -> None:
    (root / MAIN).rename(root / "rollouts" / "demo" / "real.py")
    (root / MAIN).symlink_to("real.py")
    assert _check(root, "--fix").returncode == 0
    assert (root / MAIN).is_symlink()
    assert (root / "rollouts" / "demo" / "real.py").read_text(encoding="utf-8") == GOOD


def test_nothing_outside_of_the_workspace_is_changed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    (root / MAIN).rename(outside)
    (root / MAIN).symlink_to(outside)
    _check(root, "--fix")
    assert outside.read_text(encoding="utf-8") == NOT_ASYNC


def test_a_file_that_cannot_be_written_stays_as_it_was(root: Path) -> None:
    before = snapshot(root)
    command = [sys.executable, "-m", "osmo_scaffold", "check", "--no-ruff", "--no-cache", "--fix"]

    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, preexec_fn=full_disk, env={"PATH": "/usr/bin"}
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {MAIN} cannot be written: File too large.")
    assert done.stderr.count("\n") == 1
    assert snapshot(root) == before


# a rule that would break things ----------------------------------------------------------------------------------


def _breaking(content: str) -> Rule[Module]:
    def check(module: Module) -> Iterator[Problem]:
        place = InText(module.source.shown, Position(1, 1), Position(1, 1))
        yield Problem(place, "Break it.", Repair("Break it.", (Rewrite(place, content),)))

    return Rule("OSC999", "breaking", Severity.WARNING, "Breaks.", check, (), ())


@pytest.mark.parametrize("content", ["(", "if True:\n", "\x00"])
def test_text_that_no_longer_parses_is_never_written(root: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(looking, "MODULE_RULES", (_breaking(content),))
    fixed = fix_workspace(Workspace(root), Request(), unsafe=True)
    assert (dict(fixed.changed), fixed.count) == ({}, 0)
    assert dict(fixed.kept) == {MAIN: "with its fixes it could not be read any more"}


def test_fixes_that_go_on_for_ever_come_to_an_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MODULE_RULES", (_breaking("# again\n"),))
    fixed = fix_workspace(Workspace(root), Request(only=[root / MAIN]), unsafe=True)
    assert fixed.changed[root / MAIN].after.decode().startswith("# again\n# again\n")
