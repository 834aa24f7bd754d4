"""Every output format over the same findings, some of them as odd as users' files can make them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from osmo_checks import __version__
from osmo_checks.errors import UsageError
from osmo_checks.finding import Edit, Finding, Fix, Position, Severity
from osmo_checks.formats import FORMATS, counts, render
from osmo_scaffold.output import CheckFormat

from .scaffolds import osmo
from .workspaces import write_workspace

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "cases" / "formats"
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def _fix(message: str, applicability: Any, *edits: tuple[int, int, int, int, str]) -> Fix:
    return Fix(
        message,
        tuple(Edit(Position(a, b), Position(c, d), content) for a, b, c, d, content in edits),
        applicability,
    )


def _finding(path: str, span: tuple[int, int, int, int], code: str, message: str, **more: Any) -> Finding:
    row, column, end_row, end_column = span
    name, severity = more.pop("name", "some-rule"), more.pop("severity", ERROR)
    return Finding(
        path, Position(row, column), Position(end_row, end_column), code, name, severity, message, more.pop("fix", None)
    )


MAIN = "rollouts/demo/main.py"
ODD = "rollouts/é, 100%: a b.py"
LINES = {
    MAIN: ["class A:", "\tasync def run(self, ctx):", "    text = '漢字e\u0301', run", "", "x = 1", "x = 1"],
    ODD: ["print('\x1b[31m')"],
    "data/long.jsonl": ["x" * 500],
}
FINDINGS = [
    _finding("data/long.jsonl", (1, 400, 1, 410), "OSV101", "A line that is too long to show."),
    _finding(MAIN, (1, 7, 1, 8), "OSC103", "One letter."),
    _finding(MAIN, (2, 2, 3, 9), "OSC106", "Goes on.", fix=_fix("Write it.", "safe", (2, 2, 2, 2, "async "))),
    _finding(MAIN, (3, 20, 3, 23), "OSA101", "After wide and combining characters.", severity=WARNING),
    _finding(MAIN, (4, 1, 4, 1), "OSE101", "On an empty line.", fix=_fix("Guard it.", "unsafe", (4, 1, 5, 1, "é\n"))),
    _finding(MAIN, (5, 1, 5, 2), "OSG101", "Twice the same line.", fix=_fix("Look.", "display", (5, 1, 5, 2, "y"))),
    _finding(MAIN, (6, 1, 6, 2), "OSG101", "Twice the same line."),
    _finding(MAIN, (900, 70, 901, 3), "OSC102", "Beyond the end of the file."),
    _finding("missing/\udcff.toml", (1, 1, 1, 1), "OSL101", "A name that is not UTF-8.", severity=WARNING),
    _finding(
        ODD,
        (1, 1, 1, 6),
        "OST101",
        'Control \x1b[2J\x07 and <tags> & "quotes" ]]> 100%, ::error::\r\nnext line, \x00, half \ud83d and 🎲.',
    ),
]
SUMMARY = {"files": 4, **counts(FINDINGS)}


def _sources(path: str) -> Sequence[str] | None:
    return LINES.get(path)


def _rendered(name: str, findings: Sequence[Finding] = FINDINGS, *, colour: bool = False) -> str:
    return render(name, findings, summary={"files": 4, **counts(findings)}, sources=_sources, colour=colour)


def test_the_command_offers_every_format() -> None:
    assert [str(name) for name in CheckFormat] == list(FORMATS)


def test_an_unknown_format_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="There is no output format 'xml': use one of text, "):
        _rendered("xml")


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_is_the_golden_file(name: str) -> None:
    golden = GOLDEN / f"{name}.golden"
    written = _without_version(name)
    assert written == golden.read_bytes().decode("utf-8"), "`python -m tests.test_formats` writes them anew"


def _without_version(name: str) -> str:
    return _rendered(name).replace(f'"{__version__}"', '"VERSION"')


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_character_reaches_a_terminal(name: str) -> None:
    written = _rendered(name)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", written)
    assert written.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_no_findings_are_written_too(name: str) -> None:
    written = _rendered(name, [])
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(written)
    elif name == "junit":
        assert ET.fromstring(written).get("failures") == "0"
    else:
        assert written == ("" if name == "github" else "No findings in 4 files.\n")


# text ------------------------------------------------------------------------------------------------------------


def test_the_caret_stands_below_what_is_meant_in_cells() -> None:
    lines = _rendered("text").splitlines()
    source = next(number for number, line in enumerate(lines) if "漢字" in line)
    cells = [2 if char in "漢字" else 0 if char == "\u0301" else 1 for char in lines[source]]
    before = sum(cells[: lines[source].index("run")])
    assert lines[source + 1].index("^") == before
    assert lines[source + 1].endswith(" ^^^")


def test_colour_only_adds_escapes() -> None:
    assert re.sub("\x1b\\[[0-9;]*m", "", _rendered("text", colour=True)) == _rendered("text")
    assert "\x1b[1;31merror[OSC103]\x1b[0m" in _rendered("text", colour=True)


# formats for programs ---------------------------------------------------------------------------------------------


def test_json_keeps_its_schema_and_every_fact() -> None:
    written = json.loads(_rendered("json"))
    jsonschema.Draft202012Validator(_schema("findings")).validate(written)
    assert written["summary"] == SUMMARY
    assert [one["path"] for one in written["findings"]] == [one.path for one in FINDINGS]
    assert written["findings"][-1]["message"] == FINDINGS[-1].message
    assert [bool(one["fix"]) for one in written["findings"]] == [bool(one.fix) for one in FINDINGS]


@pytest.mark.parametrize("change", ["code", "location", "fix"])
def test_the_schema_notices_what_is_missing(change: str) -> None:
    written = json.loads(_rendered("json"))
    del written["findings"][0][change]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(_schema("findings")).validate(written)


def test_json_of_the_commands_keeps_the_schema(tmp_path: Path) -> None:
    row = '{"user_prompt": "u", "user_prompt": "u"}\n'
    write_workspace(tmp_path, {MAIN: "import os\n", "data/demo.jsonl": row})
    for command in (["check", "--no-cache"], ["dataset", "validate", "data/demo.jsonl"]):
        done = osmo(*command, "--output-format", "json", cwd=tmp_path)
        written = json.loads(done.stdout)
        jsonschema.Draft202012Validator(_schema("findings")).validate(written)
        assert written["findings"]


def _schema(name: str) -> Any:
    return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def _sarif(findings: Sequence[Finding] = FINDINGS) -> Any:
    return json.loads(_rendered("sarif", findings))


@pytest.mark.parametrize("findings", [FINDINGS, []], ids=["some", "none"])
def test_sarif_keeps_the_oasis_schema(findings: Sequence[Finding]) -> None:
    schema = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(_sarif(findings))


def test_sarif_names_rules_places_and_fixes() -> None:
    (run,) = _sarif()["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({one.code for one in FINDINGS})
    assert run["columnKind"] == "unicodeCodePoints"
    for result, one in zip(run["results"], FINDINGS, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one.code
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)
        assert unquote(uri, errors="surrogateescape") == one.path
        assert location["physicalLocation"]["region"]["startColumn"] == one.start.column
        assert ("fixes" in result) == bool(one.fix and one.fix.applicability != "display")


def test_fingerprints_outlive_lines_above_and_are_unique() -> None:
    moved = {path: ["# new", *lines] for path, lines in LINES.items()}
    down = [
        Finding(one.path, _down(one.start), _down(one.end), one.code, one.name, one.severity, one.message)
        for one in FINDINGS
    ]
    before = [issue["fingerprint"] for issue in json.loads(_rendered("gitlab"))]
    written = render("gitlab", down, summary=SUMMARY, sources=moved.get)
    assert [issue["fingerprint"] for issue in json.loads(written)] == before
    assert len(set(before)) == len(FINDINGS)
    assert [result["partialFingerprints"]["osmoScaffold/v1"] for result in _sarif()["runs"][0]["results"]] == before


def _down(position: Position) -> Position:
    return Position(position.row + 1, position.column)


def test_gitlab_has_the_fields_it_asks_for() -> None:
    for issue, one in zip(json.loads(_rendered("gitlab")), FINDINGS, strict=True):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] == ("major" if one.severity is ERROR else "minor")
        assert issue["location"]["path"] == one.path
        assert issue["location"]["positions"]["begin"] == {"line": one.start.row, "column": one.start.column}


def test_junit_is_xml_that_tells_everything() -> None:
    written = _rendered("junit")
    written.encode("ascii")
    root = ET.fromstring(written)
    cases = list(root.iter("testcase"))
    assert [int(root.get(key, "")) for key in ("tests", "failures")] == [len(FINDINGS)] * 2
    assert sum(int(suite.get("tests", "")) for suite in root) == len(FINDINGS)
    assert [case.get("name") for case in cases] == [f"{one.code} {one.name}" for one in FINDINGS]
    failure = cases[-1].find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    assert failure.get("message") == _shown(FINDINGS[-1].message)
    assert cases[-1].get("classname") == ODD


def test_rdjson_counts_bytes() -> None:
    diagnostics = json.loads(_rendered("rdjson"))["diagnostics"]
    after_wide = diagnostics[FINDINGS.index(next(one for one in FINDINGS if one.code == "OSA101"))]
    line = LINES[MAIN][2].encode()
    span = after_wide["location"]["range"]
    assert line[span["start"]["column"] - 1 : span["end"]["column"] - 1] == b"run"
    assert [bool(one.get("suggestions")) for one in diagnostics] == [
        bool(one.fix and one.fix.applicability == "safe") for one in FINDINGS
    ]
    assert {one["severity"] for one in diagnostics} == {"ERROR", "WARNING"}


def test_github_commands_stay_on_their_line_and_come_back_whole() -> None:
    lines = _rendered("github").splitlines()
    assert len(lines) == len(FINDINGS)
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 8 + ["::warning"] * 2
    (odd,) = [line for line in lines if "OST101" in line]
    command, _, message = odd.removeprefix("::").partition("::")
    properties = dict(text.split("=", 1) for text in command.removeprefix("error ").split(","))
    assert _unescaped(properties["file"]) == ODD
    assert _unescaped(message) == _shown(FINDINGS[-1].message)
    assert properties["title"] == "OST101 some-rule"


def _unescaped(text: str) -> str:
    return re.sub("%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)


def _shown(text: str) -> str:
    return re.sub("[\x00\x07\x1b\ud83d]", "\N{REPLACEMENT CHARACTER}", text)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_file_name_is_reported_on_any_terminal(name: str, encoding: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, {"rollouts/demo/ü漢.py": "def\n"})
    Path(str(tmp_path / "rollouts" / "demo" / "\udcff.py")).write_text("def\n", encoding="utf-8")
    arguments = ("check", "--no-cache", "--no-ruff", "--output-format", name)
    done = osmo(*arguments, cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("OSC102") >= 2


if __name__ == "__main__":
    for each in FORMATS:
        (GOLDEN / f"{each}.golden").write_text(_without_version(each), encoding="utf-8", newline="")


def test_the_line_with_a_secret_is_never_quoted() -> None:
    secret = Finding("a.py", Position(1, 7), Position(1, 20), "OSS101", "secret-in-code", Severity.ERROR, "A key.")
    for name in FORMATS:
        shown = render(name, [secret], summary={}, sources=lambda _path: ['KEY = "sk-live-3141592653"'])
        assert "3141592653" not in shown, name


def test_a_file_is_read_once_however_many_findings_it_has() -> None:
    asked: list[str] = []

    def sources(path: str) -> list[str]:
        asked.append(path)
        return ["one", "two"]

    place = Position(2, 1), Position(2, 4)
    findings = [Finding("a.py", *place, "OSC106", "not-async", Severity.ERROR, f"{n}.") for n in range(3)]
    assert render("text", findings, summary={}, sources=sources).count("2 | two") == 3
    assert asked == ["a.py"]
