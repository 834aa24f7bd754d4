"""`osmo-scaffold check`: what is selected, silenced and shown, on real workspaces."""

import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.engine import Request, check_workspace
from osmo_checks.errors import InputError, UsageError
from osmo_checks.settings import RUFFS_LETTERS
from osmo_checks.workspace import Workspace
from osmo_scaffold.commands.check import check

from .scaffolds import osmo
from .workspaces import demo_files, write_workspace

MAIN = "rollouts/demo/main.py"
NOT_ASYNC = demo_files()[MAIN].replace("async def run", "def run")
SETTINGS = "[tool.osmo-scaffold]\n"
#: What these tests are about; other rules may have more to say on so small a rollout.
ABOUT = {"OSC102", "OSC103", "OSC106", "OSC107", "OSF101", "OSF102", "OSU101", "OSU102", "OSC000"}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OSMO_SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    yield
    gc.enable()


class Checker:
    """Runs the command's function in a workspace."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.root / name).write_text(text, encoding="utf-8", newline="")

    def json(self, *paths: str, **options: Any) -> list[dict[str, Any]]:
        options = {"ruff": False, "cache": False, **options}
        check(paths, output_format="json", **options)
        found: list[dict[str, Any]] = json.loads(self._capsys.readouterr().out)["findings"]
        return [one for one in found if one["code"] in ABOUT or not one["code"].startswith("OS")]

    def codes(self, *paths: str, **options: Any) -> list[str]:
        return [finding["code"] for finding in self.json(*paths, **options)]


@pytest.fixture
def checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checker:
    root = write_workspace(tmp_path / "workspace", {MAIN: NOT_ASYNC, "configs/eval/demo.toml": "broken"})
    monkeypatch.chdir(root)
    return Checker(root, capsys)


# which rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ["OSF101", "OSC106"]),
        (["ALL"], [], ["OSF101", "OSC106"]),
        (["OSC106"], [], ["OSC106"]),
        (["not-async"], [], ["OSC106"]),
        (["OSC"], [], ["OSC106"]),
        (["OSC101"], [], []),
        ([], ["OSC"], ["OSF101"]),
        ([], ["toml-syntax"], ["OSC106"]),
        (["OSC106"], ["OSC"], ["OSC106"]),
        (["OSC"], ["OSC106"], []),
        (["OSC"], ["OSC"], []),
        ([], ["ALL"], []),
        (["OSC"], ["ALL"], ["OSC106"]),
        (["OS"], ["OSC", "OSF101"], []),
        (["OSC1", "OSF"], ["OSC10"], ["OSF101"]),
    ],
)
def test_of_two_selectors_that_fit_the_longer_one_decides(
    checker: Checker, select: list[str], ignore: list[str], expected: list[str]
) -> None:
    assert checker.codes(select=select, ignore=ignore) == expected


def test_settings_select_and_the_command_line_has_the_last_word(checker: Checker) -> None:
    checker.write({"pyproject.toml": f'{SETTINGS}select = ["OSF"]\n'})
    assert checker.codes() == ["OSF101"]
    assert checker.codes(select=["OSC"]) == ["OSC106"]
    checker.write({"pyproject.toml": f'{SETTINGS}ignore = ["toml-syntax"]\n'})
    assert checker.codes() == ["OSC106"]
    assert checker.codes(ignore=["OSC"]) == []
    assert checker.codes(select=["OSF101"]) == checker.codes(select=["OSF"]) == ["OSF101"]
    assert checker.codes(select=["OSF"], ignore=["OSF1"]) == []


def test_settings_behind_a_byte_order_mark_are_read(checker: Checker) -> None:
    checker.write({"pyproject.toml": f'\ufeff{SETTINGS}ignore = ["OSC"]\n'})
    assert checker.codes() == ["OSF101"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("configs/**", ["OSC106"]), ("rollouts/demo/*", ["OSF101"]), ("*", []), ("main.py", ["OSF101", "OSC106"])],
)
@pytest.mark.parametrize("codes", ['["OSC", "toml-syntax"]', '["ALL"]'])
def test_files_can_be_left_out_by_pattern(checker: Checker, pattern: str, codes: str, expected: list[str]) -> None:
    checker.write({"pyproject.toml": f'[tool.osmo-scaffold.per-file-ignores]\n"{pattern}" = {codes}\n'})
    assert checker.codes() == expected


@pytest.mark.parametrize(
    ("word", "hint"),
    [("OSC1066", "`OSC106`?"), ("not-asinc", "`not-async`?"), ("FOO999", "rule --all"), ("", "rule --all")],
)
@pytest.mark.parametrize("option", ["select", "ignore"])
def test_an_unknown_rule_on_the_command_line(checker: Checker, option: str, word: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"--{option} names no rule with `{word}`: .*{hint.replace('?', '[?]')}"):
        checker.codes(**{option: [word]})


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('select = ["OSC1066"]', r"osmo-scaffold\].select names no rule with `OSC1066`: did you mean `OSC106`\?"),
        ('ignore = ["nope-nope"]', r"osmo-scaffold\].ignore names no rule with `nope-nope`"),
        ('select = "OSC"', r"osmo-scaffold\].select has to be a list of codes"),
        ("ignore = [106]", r"osmo-scaffold\].ignore has to be a list of codes"),
        ("per-file-ignores = []", "has to be a table of patterns and lists"),
        ('per-file-ignores = { "*" = ["OSZ"] }', r'per-file-ignores\."\*" names no rule with `OSZ`'),
        ('per-file-ignores = { "a.py" = "OSC" }', r'per-file-ignores\."a\.py" has to be a list of codes'),
        ('selct = ["OSC"]', r"osmo-scaffold\] has no setting `selct`: did you mean `select`\?"),
        ("colour = true", r"has no setting `colour`: it knows select, ignore, per-file-ignores\."),
    ],
)
def test_what_is_wrong_in_the_settings_is_a_sentence(checker: Checker, table: str, sentence: str) -> None:
    checker.write({"pyproject.toml": f"{SETTINGS}{table}\n"})
    with pytest.raises(InputError, match=sentence):
        checker.codes()


def test_settings_that_are_no_table_are_a_sentence(checker: Checker) -> None:
    checker.write({"pyproject.toml": "[tool]\nosmo-scaffold = 3\n"})
    with pytest.raises(InputError, match=r"\[tool\.osmo-scaffold\] has to be a table"):
        checker.codes()


def test_all_letters_of_ruffs_codes_are_known() -> None:
    command = [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"]
    rules = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    letters = {rule["code"].rstrip("0123456789") for rule in rules if rule["code"]}
    assert letters <= RUFFS_LETTERS
    assert "OS" not in RUFFS_LETTERS


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_no_code_at_all_is_refused(checker: Checker, option: str) -> None:
    done = osmo("check", option, "", cwd=checker.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option} names no rule" in done.stderr


def test_wrong_settings_are_exit_1_and_a_wrong_option_exit_2(checker: Checker) -> None:
    assert osmo("check", "--select", "OSC1066", cwd=checker.root).returncode == 2
    checker.write({"pyproject.toml": f'{SETTINGS}select = ["OSC1066"]\n'})
    done = osmo("check", cwd=checker.root)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


# comments that silence -------------------------------------------------------------------------------------------


def _silenced(comment: str, where: str) -> str:
    line = "    def run(self, ctx: AgentWorkflowContext) -> None:\n"
    assert line in NOT_ASYNC
    if where == "same line":
        return NOT_ASYNC.replace(line, f"{line.rstrip()}  {comment}\n")
    if where == "line above":
        return NOT_ASYNC.replace(line, f"    {comment}\n\n    # why\n{line}")
    return f"{comment}\n{NOT_ASYNC}" if where == "top" else f"{NOT_ASYNC}\n{comment}\n"


@pytest.mark.parametrize(
    ("comment", "where", "expected"),
    [
        ("# osmo: ignore[OSC106]", "same line", []),
        ("# osmo: ignore[OSC106] the framework awaits it", "same line", []),
        ("# noqa: D102 # osmo: ignore[OSC106]", "same line", []),
        ("#osmo:ignore[OSC106]", "line above", []),
        ("# osmo: ignore[OSC106]", "bottom", ["OSC106", "OSU101"]),
        ("# osmo: ignore[OSC107]", "same line", ["OSC106", "OSU101"]),
        ("# osmo: ignore[OSC107, OSC106]", "same line", ["OSU101"]),
        ("# osmo: ignore[OSC999]", "same line", ["OSC106", "OSU102"]),
        ("# osmo: ignore", "same line", ["OSC106", "OSU102"]),
        ("# osmo: file-ignore[OSC106]", "top", []),
        ("# osmo: file-ignore[OSC106]", "bottom", []),
        ("# osmo: file-ignore[OSC107]", "bottom", ["OSC106", "OSU101"]),
        ('TEXT = "# osmo: file-ignore[OSC106]"', "bottom", ["OSC106"]),
        ('"""\n# osmo: file-ignore[OSC106]\n"""', "bottom", ["OSC106"]),
    ],
)
def test_comments_silence(checker: Checker, comment: str, where: str, expected: list[str]) -> None:
    checker.write({MAIN: _silenced(comment, where)})
    assert sorted(checker.codes(MAIN)) == expected


def test_comments_silence_in_toml(checker: Checker) -> None:
    config = demo_files()["configs/eval/demo.toml"]
    checker.write({MAIN: demo_files()[MAIN], "configs/eval/demo.toml": f"{config}\n[bogus] # osmo: ignore[OSF102]\n"})
    assert checker.codes() == []
    checker.write({"configs/eval/demo.toml": f"{config}\n# osmo: ignore[OSF102]\n[bogus]\n[other]\n"})
    assert checker.codes() == ["OSF102"]


@pytest.mark.parametrize(
    "value",
    [
        '"# osmo: file-ignore[OSF102]"',
        "'# osmo: file-ignore[OSF102]'",
        '"""\n# osmo: file-ignore[OSF102]\n"""',
        "'''\n# osmo: file-ignore[OSF102]\n'''",
        '"a \\" # osmo: file-ignore[OSF102]"',
        '"x" #',
    ],
)
def test_texts_in_toml_silence_nothing(checker: Checker, value: str) -> None:
    config = demo_files()["configs/eval/demo.toml"]
    checker.write({MAIN: demo_files()[MAIN], "configs/eval/demo.toml": f"{config}\n[env]\nNOTE = {value}\n[bogus]\n"})
    assert checker.codes() == ["OSF102"]


def test_a_comment_is_not_unused_where_its_rule_was_not_asked(checker: Checker) -> None:
    checker.write({MAIN: _silenced("# osmo: ignore[OSC107]", "same line")})
    assert checker.codes(MAIN, ignore=["OSC107"]) == ["OSC106"]


LONG_CALL = """
import requests


def fetch():
    return requests.get({}
        "https://example.org",{}
    ){}
"""


@pytest.mark.parametrize(
    ("place", "expected"), [(0, []), (1, ["OSA101", "OSU101"]), (2, [])], ids=["first line", "inside", "last line"]
)
def test_a_comment_silences_where_a_long_call_begins_and_ends(
    checker: Checker, place: int, expected: list[str]
) -> None:
    comments = ["", "", ""]
    comments[place] = "  # osmo: ignore[OSA101]"
    called = NOT_ASYNC.replace("print(ctx.prompt)", "print(fetch())").replace("def run", "async def run")
    checker.write({MAIN: f"{called}{LONG_CALL.format(*comments)}"})
    found = check_workspace(Workspace(checker.root), Request(select=["OSA101", "OSU101"])).findings
    assert sorted(finding.code for finding in found) == expected


@pytest.mark.parametrize("where", ["same line", "top"])
def test_a_comment_is_not_unused_where_no_rule_could_look(checker: Checker, where: str) -> None:
    commented = _silenced("# osmo: ignore[OSC107]", where)
    checker.write({MAIN: commented})
    assert "OSU101" in checker.codes(MAIN)
    checker.write({MAIN: f"{commented}def\n"})
    assert checker.codes(MAIN) == ["OSC102"]


def test_a_comment_is_not_unused_in_what_a_broken_file_imports(checker: Checker) -> None:
    helper = "rollouts/demo/helper.py"
    checker.write({helper: "X = 1  # osmo: ignore[OSC107]\n", MAIN: f"import helper\n{NOT_ASYNC}"})
    assert checker.codes(helper) == ["OSU101"]
    checker.write({MAIN: f"import helper\n{NOT_ASYNC}def\n"})
    assert checker.codes(helper) == []


def test_a_comment_is_not_unused_in_toml_that_cannot_be_read(checker: Checker) -> None:
    config = "configs/eval/demo.toml"
    checker.write({config: f"{demo_files()[config]}# osmo: ignore[OSF102]\n"})
    assert checker.codes(config) == ["OSU101"]
    checker.write({config: f"{demo_files()[config]}# osmo: ignore[OSF102]\nbroken\n"})
    assert checker.codes(config) == ["OSF101"]


# which files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".", ["OSF101", "OSC106"]),
        ("rollouts", ["OSC106"]),
        ("rollouts/demo", ["OSC106"]),
        ("rollouts/demo/../demo/main.py", ["OSC106"]),
        ("configs/../configs/eval/../training", []),
        ("configs", ["OSF101"]),
        ("AGENTS.md", []),
        ("data/demo.jsonl", []),
    ],
)
def test_a_path_narrows_the_report(checker: Checker, path: str, expected: list[str]) -> None:
    assert checker.codes(path) == expected


def test_other_files_are_still_looked_at(checker: Checker) -> None:
    checker.write({MAIN: "from workflow import *\nfrom grading import *\n"})
    workflow, grader = demo_files()[MAIN].split("\n\n\nclass MyGrader")
    header = workflow.split("\n")[0]
    checker.write({"rollouts/demo/workflow.py": workflow.replace("async ", "")})
    checker.write({"rollouts/demo/grading.py": f"{header}\n\n\nclass MyGrader{grader}"})
    assert checker.codes("rollouts/demo/workflow.py") == ["OSC106"]
    assert checker.codes(MAIN) == []


def test_two_workspaces_are_checked_in_one_go(checker: Checker, tmp_path: Path) -> None:
    other = write_workspace(tmp_path / "other", {"configs/training/demo.toml": "broken"})
    found = checker.json(str(other / "configs"), str(checker.root / MAIN))
    shown = [(one["code"], one["path"]) for one in found]
    assert shown == [("OSF101", "../other/configs/training/demo.toml"), ("OSC106", MAIN)]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two workspaces, the current one, in which the same file has the same mistake."""
    root = tmp_path / "two"
    write_workspace(root / "a", {MAIN: NOT_ASYNC})
    write_workspace(root / "b", {MAIN: NOT_ASYNC.replace("ctx: A", "context: A").replace("ctx.p", "context.p")})
    monkeypatch.chdir(root)
    return root


def test_findings_of_two_workspaces_are_told_apart(two: Path) -> None:
    done = osmo("check", "--no-ruff", "--no-cache", "--select", "OSC106", "a", "b", cwd=two)
    assert f"a/{MAIN}:5:9: error[OSC106]" in done.stdout
    assert f"b/{MAIN}:5:9: error[OSC106]" in done.stdout
    assert "run(self, ctx: A" in done.stdout.partition(f"b/{MAIN}")[0]
    assert "run(self, context: A" in done.stdout.partition(f"b/{MAIN}")[2]
    alone = osmo("check", "--no-ruff", "--no-cache", "--select", "OSC106", "a", cwd=two)
    assert alone.stdout.startswith(f"{MAIN}:5:9")
    (files,) = re.findall(r"in (\d+) files", alone.stdout)
    assert done.stdout.endswith(f"2 errors, 0 warnings in {2 * int(files)} files.\n")


def test_a_patch_of_two_workspaces_can_be_applied(two: Path) -> None:
    options = ("check", "--no-ruff", "--no-cache", "--select", "OSC106", "a", "b")
    shown = osmo(*options, "--diff", cwd=two).stdout
    assert re.findall(r"^\+\+\+ (.*)", shown, re.MULTILINE) == [f"b/a/{MAIN}", f"b/b/{MAIN}"]
    subprocess.run(["git", "apply", "-"], cwd=two, input=shown, text=True, check=True)
    assert osmo(*options, cwd=two).stdout.startswith("No findings")


def test_fixing_two_workspaces_shows_what_is_left_in_each(two: Path) -> None:
    for name in ("a", "b"):
        (two / name / "configs/eval/demo.toml").write_text("broken", encoding="utf-8")
    options = ("check", "--no-ruff", "--select", "OSC106,OSF101", "--output-format", "concise", "--fix")
    done = osmo(*options, "a", "b", cwd=two)
    assert done.stderr == "Fixed 2 findings in 2 files.\n"
    left = [line.partition(":")[0] for line in done.stdout.splitlines()[:-1]]
    assert left == ["a/configs/eval/demo.toml", "b/configs/eval/demo.toml"]


def test_stdin_stands_for_a_file(checker: Checker) -> None:
    options = ["--select", "OSC106", "--stdin-filename", MAIN, "--output-format", "concise"]
    command = [sys.executable, "-m", "osmo_scaffold", "check", *options]
    text = f"# é\n{NOT_ASYNC}"
    done = subprocess.run(command, cwd=checker.root, input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout.decode().startswith(f"{MAIN}:6:9: error[OSC106]")
    good = demo_files()[MAIN].encode()
    done = subprocess.run(command, cwd=checker.root, input=good, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == (0, "No findings in 1 file.\n")


@pytest.mark.parametrize(
    ("paths", "options", "sentence"),
    [
        ([MAIN], {"stdin_filename": MAIN}, "leave the paths out"),
        ([], {"stdin_filename": MAIN, "fix": True}, "leave --fix out"),
        ([], {"stdin_filename": MAIN, "watch": True}, "leave --watch out"),
        ([], {"watch": True, "fix": True}, "leave --fix and --diff out"),
        ([], {"unsafe_fixes": True}, "give one of them, too"),
        ([], {"statistics": True, "output_format": "sarif"}, "leave the other --output-format out"),
        (["nowhere"], {}, "no file or folder 'nowhere'"),
        ([], {"stdin_filename": "nowhere.py"}, "no file or folder 'nowhere.py'"),
    ],
)
def test_options_that_contradict_each_other(
    checker: Checker, paths: list[str], options: dict[str, Any], sentence: str
) -> None:
    assert checker.root.is_dir()
    with pytest.raises(UsageError, match=sentence):
        check(paths, **options)


# what is shown ---------------------------------------------------------------------------------------------------


def test_statistics_count_by_rule(checker: Checker, capsys: pytest.CaptureFixture[str]) -> None:
    checker.write({"configs/training/demo.toml": "broken"})
    about = ("OSF101", "OSC106")
    assert check([], cache=False, ruff=False, select=about, statistics=True) == 1
    assert capsys.readouterr().out == (
        "     2  OSF101   [ ] toml-syntax\n     1  OSC106   [*] not-async\n[*] --fix mends these\n"
    )
    check([], cache=False, ruff=False, select=about, statistics=True, output_format="json")
    counted = json.loads(capsys.readouterr().out)
    assert counted["statistics"][0] == {"code": "OSF101", "name": "toml-syntax", "count": 2, "fixable": False}


def test_exit_zero_only_changes_the_exit_code(checker: Checker) -> None:
    loud = osmo("check", "--no-ruff", cwd=checker.root)
    quiet = osmo("check", "--no-ruff", "--exit-zero", cwd=checker.root)
    fixing = osmo("check", "--no-ruff", "--exit-zero", "--diff", cwd=checker.root)
    assert (loud.returncode, quiet.returncode, fixing.returncode) == (1, 0, 0)
    assert loud.stdout == quiet.stdout != ""
    assert "+++ b/rollouts/demo/main.py" in fixing.stdout


@pytest.mark.parametrize(("variable", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colour_unless_it_says_no(checker: Checker, variable: dict[str, str], coloured: bool) -> None:
    import pty

    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "osmo_scaffold", "check", "--no-ruff", "--select", "OSF"],
        cwd=checker.root,
        env={**environment, "TERM": "xterm", **variable},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = os.read(ours, 100)
    done.wait()
    os.close(ours)
    assert (b"\x1b[" in shown) == coloured
    assert b"configs/eval" in shown


# ruff beside it --------------------------------------------------------------------------------------------------


def test_ruffs_findings_stand_among_ours(checker: Checker) -> None:
    checker.write({MAIN: f"import os\n{NOT_ASYNC}", "pyproject.toml": '[tool.ruff.lint]\nselect = ["F"]\n'})
    found = checker.json(MAIN, ruff=True)
    assert [(one["code"], one["severity"]) for one in found] == [("F401", "warning"), ("OSC106", "error")]
    assert found[0]["location"] == {"row": 1, "column": 8}
    assert checker.codes(MAIN, ruff=True, select=["F"]) == ["F401"]
    assert checker.codes(MAIN, ruff=True, ignore=["F401"]) == ["OSC106"]
    assert checker.codes("configs", ruff=True) == ["OSF101"]
    assert checker.codes(MAIN, ruff=False) == ["OSC106"]


def test_ruff_keeps_to_the_workspaces_settings(checker: Checker) -> None:
    checker.write({MAIN: f"import os\n{NOT_ASYNC}", "pyproject.toml": '[tool.ruff.lint]\nselect = ["D100"]\n'})
    assert checker.codes(MAIN, ruff=True) == ["D100", "OSC106"]


def test_ruff_without_settings_of_its_own(checker: Checker) -> None:
    checker.write({MAIN: f"import os\n{NOT_ASYNC}"})
    (checker.root / "pyproject.toml").unlink()
    assert {"F401", "OSC106"} <= set(checker.codes(MAIN, ruff=True))


def test_broken_ruff_settings_are_said_and_the_check_goes_on(checker: Checker) -> None:
    checker.write({"pyproject.toml": "[tool.ruff]\nline-lenght = 100\n"})
    for _ in range(2):
        done = osmo("check", "--output-format", "concise", cwd=checker.root)
        assert re.fullmatch(r"ruff did not run: .*pyproject\.toml: .*: unknown field `line-lenght`\n", done.stderr)
        assert "OSC106" in done.stdout
        assert done.returncode == 1


def test_a_missing_ruff_is_said_and_the_check_goes_on(checker: Checker) -> None:
    code = "import sys; sys.modules['ruff'] = None; from osmo_scaffold.main import main; main()"
    command = [sys.executable, "-c", code, "check"]
    done = subprocess.run(command, cwd=checker.root, capture_output=True, text=True, check=False)
    assert "ruff did not run: " in done.stderr
    assert "or use --no-ruff" in done.stderr
    assert "OSC106" in done.stdout


# watching --------------------------------------------------------------------------------------------------------


def test_watching_shows_every_change_until_interrupted(checker: Checker) -> None:
    options = ["--watch", "--no-ruff", "--output-format", "concise", "--select", "OSF101,OSC106"]
    process = subprocess.Popen(
        [sys.executable, "-m", "osmo_scaffold", "check", *options],
        cwd=checker.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    try:
        assert _until_summary(process.stdout) == ["OSF101", "OSC106"]
        checker.write({"configs/eval/demo.toml": demo_files()["configs/eval/demo.toml"]})
        assert _until_summary(process.stdout)[-1] == "OSC106"
        checker.write({"pyproject.toml": f'{SETTINGS}ignore = ["OSC1066"]\n'})
        assert "did you mean `OSC106`?" in process.stderr.readline()
        checker.write({MAIN: demo_files()[MAIN], "pyproject.toml": SETTINGS})
        while _until_summary(process.stdout):
            time.sleep(0.01)  # it may have looked between two of the files written
        (checker.root / "rollouts").rename(checker.root / "away")
        assert "is not inside a workspace" in process.stderr.readline()
        checker.write({"away/demo/main.py": NOT_ASYNC})
        (checker.root / "away").rename(checker.root / "rollouts")
        assert "OSC106" in _until_summary(process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()


def _until_summary(stream: Any) -> list[str]:
    codes = []
    for line in stream:
        if "[" not in line:
            break
        codes.append(line.partition("[")[2].partition("]")[0])
    return codes


# the cache -------------------------------------------------------------------------------------------------------


def _touched(root: Path) -> None:
    os.utime(root / MAIN)


def _same_size_and_time(root: Path) -> None:
    """Change a file's text, and set its time of modification back."""
    before = (root / MAIN).stat()
    (root / MAIN).write_text(NOT_ASYNC.replace("def run", "def nur"), encoding="utf-8")
    os.utime(root / MAIN, ns=(before.st_atime_ns, before.st_mtime_ns))


def _linked(root: Path) -> None:
    """Change a file of a rollout that is a link to a folder elsewhere."""
    (root.parent / "elsewhere" / "main.py").write_text("def\n", encoding="utf-8")


CHANGES: dict[str, Any] = {
    "changed": lambda root: (root / MAIN).write_text("def\n", encoding="utf-8"),
    "new": lambda root: (root / "rollouts/demo/more.py").write_text("def\n", encoding="utf-8"),
    "removed": lambda root: (root / "configs/eval/demo.toml").unlink(),
    "renamed": lambda root: (root / MAIN).rename(root / "rollouts/demo/mian.py"),
    "settings": lambda root: (root / "pyproject.toml").write_text(f'{SETTINGS}ignore = ["OSC"]\n', encoding="utf-8"),
    "in a linked rollout": _linked,
    "set back": _same_size_and_time,
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(checker: Checker, tmp_path: Path, change: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.py").write_text(demo_files()[MAIN], encoding="utf-8")
    (checker.root / "rollouts" / "linked").symlink_to(elsewhere)
    before = checker.json(cache=True)
    CHANGES[change](checker.root)
    after = checker.json(cache=True)
    assert after == checker.json(cache=False)
    assert after != before


def _answers(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache" / "check").rglob("?" * 32))


def test_an_answer_is_repeated_while_nothing_changed(checker: Checker, tmp_path: Path) -> None:
    assert checker.codes(cache=True) == ["OSF101", "OSC106"]
    (answer,) = _answers(tmp_path)
    told = answer.read_text(encoding="utf-8").replace("OSC106", "OSC000")
    answer.write_text(told, encoding="utf-8")
    assert checker.codes(cache=True) == ["OSF101", "OSC000"]
    assert checker.codes(cache=False) == ["OSF101", "OSC106"]
    _touched(checker.root)
    assert checker.codes(cache=True) == ["OSF101", "OSC106"]


def test_other_questions_have_other_answers(checker: Checker, tmp_path: Path) -> None:
    assert checker.codes(cache=True) == ["OSF101", "OSC106"]
    assert checker.codes(cache=True, select=["OSC"]) == ["OSC106"]
    assert checker.codes(cache=True, ignore=["OSC"]) == ["OSF101"]
    assert checker.codes(MAIN, cache=True) == ["OSC106"]
    assert len(_answers(tmp_path)) == 4


def test_answers_in_the_workspace_are_never_read(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker.codes(cache=True)
    (answer,) = _answers(tmp_path)
    forged = answer.read_text(encoding="utf-8").replace("OSC106", "OSC000")
    monkeypatch.delenv("OSMO_SCAFFOLD_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", ".cache")
    for folder in (".cache", "cache", ".osmosis", "osmo-scaffold"):
        for place in (checker.root / folder / "check", checker.root / folder / "osmo-scaffold" / "check"):
            place.mkdir(parents=True)
            (place / answer.name).write_text(forged, encoding="utf-8")
    assert checker.codes(cache=True) == ["OSF101", "OSC106"]
    assert (tmp_path / "home" / ".cache" / "osmo-scaffold" / "check" / answer.name).is_file()


@pytest.mark.parametrize("content", ["", "nonsense", "a\nb\nc\nd", "\0\n\n1\n", "\ud800"])
def test_a_broken_answer_is_no_answer(checker: Checker, tmp_path: Path, content: str) -> None:
    checker.codes(cache=True)
    (answer,) = _answers(tmp_path)
    answer.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert checker.codes(cache=True) == ["OSF101", "OSC106"]


def test_a_cache_folder_that_cannot_be_written_is_fine(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("OSMO_SCAFFOLD_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert checker.codes(cache=True) == checker.codes(cache=True) == ["OSF101", "OSC106"]


def test_no_cache_leaves_nothing_behind(checker: Checker, tmp_path: Path) -> None:
    checker.codes(cache=False)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("settings", ["extend", "git/ignore", "excludesFile", ".gitignore above"])
def test_an_answer_is_not_repeated_where_ruff_would_answer_otherwise(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    outside, name = {
        "extend": (tmp_path / "base.toml", 'lint.ignore = ["F401"]'),
        "git/ignore": (tmp_path / "home" / ".config" / "git" / "ignore", "unused.py"),
        "excludesFile": (tmp_path / "home" / "mine", "unused.py"),
        ".gitignore above": (checker.root.parent / ".gitignore", "unused.py"),
    }[settings]
    outside.parent.mkdir(parents=True, exist_ok=True)
    outside.write_text("\n", encoding="utf-8")
    (tmp_path / "home").mkdir(exist_ok=True)
    if settings == "excludesFile":
        (tmp_path / "home" / ".gitconfig").write_text("[core]\n  excludesFile = ~/mine\n", encoding="utf-8")
    pyproject = checker.root / "pyproject.toml"
    with pyproject.open("a", encoding="utf-8") as file:
        file.write(f'\n[tool.ruff]\nextend = "{os.path.relpath(tmp_path / "base.toml", checker.root)}"\n')
    (tmp_path / "base.toml").touch()
    subprocess.run(["git", "init", "-q", str(checker.root.parent)], check=True)
    (checker.root / "rollouts" / "demo" / "unused.py").write_text("import os\n", encoding="utf-8")
    assert "F401" in checker.codes(cache=True, ruff=True)
    outside.write_text(f"{name}\n", encoding="utf-8")
    assert "F401" not in checker.codes(cache=True, ruff=True)


def test_what_git_ignores_above_the_workspace_counts(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "repository/workspace", {".env": "KEY=1\n"})
    (root.parent / ".git").mkdir()
    request = Request(select=["OSS106"])
    assert [finding.path for finding in check_workspace(Workspace(root), request).findings] == [".env"]
    (root.parent / ".gitignore").write_text(".env\n", encoding="utf-8")
    assert check_workspace(Workspace(root), request).findings == []
