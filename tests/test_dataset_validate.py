import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import codes
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.scan import Node, scan
from osmo_checks.datasets.validate import rules_for, validate_file

RULES = rules_of(load_contract("0.2"))
ROW = {"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}

#: What json reads and ``scan`` finds fault with, and the other way round nothing.
NAMED_DIFFERENCES = {codes.NOT_A_NUMBER, codes.LONE_SURROGATE, codes.TOO_DEEP}

#: What rows may be said to have in common, or not to have.
OF_THE_WHOLE_FILE = {code.code for code in (codes.DUPLICATE_ROW, codes.MIXED_TYPES, codes.LABEL_IN_PROMPT)}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda t: not t.isspace()
)
in_memory = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def validated(path: Path, content: bytes) -> FileReport:
    path.write_bytes(content)
    return validate_file(path, path.name, RULES)


def json_lines(rows: list[dict[str, Any]], **options: Any) -> bytes:
    return "".join(json.dumps(row, **options) + "\n" for row in rows).encode()


def distinct_rows(count: int) -> list[dict[str, Any]]:
    return [{**ROW, "user_prompt": f"1 + {number}?"} for number in range(count)]


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "validate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)


@in_memory
@given(
    rows=st.lists(st.fixed_dictionaries(dict.fromkeys(ROW, texts)), min_size=4, max_size=8), ascii_only=st.booleans()
)
def test_every_file_of_texts_is_clean(rows: list[dict[str, Any]], ascii_only: bool, tmp_path: Path) -> None:
    report = validated(tmp_path / "data.jsonl", json_lines(rows, ensure_ascii=ascii_only))
    assert report.rows == len(rows)
    assert {finding.code for finding in report.findings} <= OF_THE_WHOLE_FILE


@in_memory
@given(extra=st.lists(json_values, min_size=4, max_size=6))
def test_what_other_fields_hold_does_not_matter(extra: list[Any], tmp_path: Path) -> None:
    rows = [{**ROW, "extra": value} for value in extra]
    report = validated(tmp_path / "data.jsonl", json_lines(rows))
    assert {finding.code for finding in report.findings} <= {codes.NUL_CHARACTER.code, *OF_THE_WHOLE_FILE}


@in_memory
@given(text=st.text(st.sampled_from('{}[]",:\\ \n\tu0eE+-.19dDnNalsetrufiI\x00é'), max_size=30))
def test_json_that_python_reads_is_read_alike(text: str) -> None:
    assert_alike(text)


@in_memory
@given(value=json_values, cut=st.integers(0, 200), put=st.sampled_from(["", ",", '"', "}", "]", "\\", "0", " ", "NaN"]))
def test_damaged_json_is_refused_as_python_does(value: Any, cut: int, put: str) -> None:
    text = json.dumps(value)
    assert_alike(text[:cut] + put + text[cut + 1 :])


def assert_alike(text: str) -> None:
    found = scan(text)
    broken = [flaw for flaw in found.flaws if flaw.code.severity == "error"]
    try:
        expected = json.loads(text)
    except json.JSONDecodeError:
        assert broken
        return
    assert {flaw.code for flaw in broken} <= NAMED_DIFFERENCES
    assert found.root is not None
    if not any(flaw.code is codes.NUMBER_TOO_LARGE for flaw in found.flaws):
        assert repr(plain(found.root)) == repr(expected)


def plain(node: Node) -> Any:
    if node.kind == "object":
        return {member.key: plain(member.value) for member in node.members}
    return [plain(element) for element in node.elements] if node.kind == "array" else node.value


@in_memory
@given(row=st.dictionaries(st.sampled_from([*ROW, "x"]), json_values | texts), twice=st.sampled_from([*ROW, "x"]))
def test_a_key_that_comes_twice_is_found_in_every_row(row: dict[str, Any], twice: str, tmp_path: Path) -> None:
    full = {**ROW, "x": [], **row}
    line = json.dumps(full)[:-1] + f", {json.dumps(twice)}: {json.dumps(full[twice])}}}\n"
    report = validated(tmp_path / "data.jsonl", json_lines([{**ROW, "x": []}] * 3) + line.encode())
    assert codes.DUPLICATE_KEY.code in {finding.code for finding in report.findings if finding.start.row == 4}


def test_many_lines_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    row = json.dumps({**ROW, "user_prompt": "1 + 1? " * 40}) + "\n"
    with path.open("w", encoding="utf-8") as stream:
        for _ in range(50):
            stream.write(row * 2_900)
            stream.write("{bad\n" * 100)
    assert path.stat().st_size > 50_000_000
    tracemalloc.start()
    try:
        report = validate_file(path, path.name, RULES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (report.rows, report.errors, report.hidden) == (150_000, 5_000, 4_000 + report.warnings)
    assert peak < 4_000_000


def test_too_many_metadata_keys_are_said_once(tmp_path: Path) -> None:
    rows = [{**ROW, "metadata": {f"key{row}-{key}": key for key in range(3_000)}} for row in range(5)]
    report = validated(tmp_path / "data.jsonl", json_lines(rows))
    assert [finding.name for finding in report.findings] == ["metadata-too-many-keys"]


def test_the_generation_comes_from_the_workspace(tmp_path: Path) -> None:
    for folder in ("rollouts", "configs", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "w"\ndependencies = ["osmosis-ai>=0.3"]\n', encoding="utf-8"
    )
    assert rules_for(tmp_path / "data" / "a.jsonl").generation == "0.3"
    assert rules_for(Path("/nowhere/a.jsonl")).generation == "0.3"
    assert rules_for(tmp_path / "data" / "a.jsonl", "0.2").generation == "0.2"


def test_outside_a_workspace_it_is_said_whose_rules_are_asked(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines(distinct_rows(4)))
    newest = run("a.jsonl", "--output-format", "json", cwd=tmp_path)
    assert json.loads(newest.stdout)["summary"]["contracts"] == ["0.3"]
    assert "a.jsonl: in no workspace, so the rules are those of SDK 0.3" in newest.stderr
    chosen = run("a.jsonl", "--contract", "0.2", "--output-format", "json", cwd=tmp_path)
    assert json.loads(chosen.stdout)["summary"]["contracts"] == ["0.2"]
    assert not chosen.stderr
    unknown = run("a.jsonl", "--contract", "9", cwd=tmp_path)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "choose one of 0.2, 0.3, remote" in unknown.stderr


def test_codes_are_given_once_and_all_are_listed() -> None:
    declared = {value for value in vars(codes).values() if isinstance(value, codes.Code)}
    assert declared == set(codes.CODES)
    assert len({code.code for code in declared}) == len({code.name for code in declared}) == len(codes.CODES)
    assert [code.code for code in codes.CODES] == sorted(code.code for code in codes.CODES)


def test_a_clean_file_exits_0_and_a_bad_one_1(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_bytes(json_lines(distinct_rows(4)))
    (tmp_path / "bad.jsonl").write_bytes(json_lines(distinct_rows(8)[4:]) + b"x\n")
    clean = run("good.jsonl", cwd=tmp_path)
    assert (clean.returncode, clean.stdout) == (0, "No findings in 1 file, 4 rows.\n")
    bad = run("good.jsonl", "bad.jsonl", "--output-format", "json", cwd=tmp_path)
    assert bad.returncode == 1
    payload = json.loads(bad.stdout)
    assert payload["summary"] == {
        "files": 2,
        "rows": 9,
        "errors": 1,
        "warnings": 0,
        "not_shown": 0,
        "contracts": ["0.3"],
    }
    assert payload["findings"][0]["path"] == "bad.jsonl"
    assert payload["findings"][0]["location"] == {"row": 5, "column": 1}


def test_warnings_alone_exit_0(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_bytes(json_lines(distinct_rows(4)) + b"\n")
    done = run("data.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert "data.jsonl:5:1: warning[OSV107]" in done.stdout


@pytest.mark.parametrize("name", ["missing.jsonl", "folder.jsonl", "data.tsv", "pipe.jsonl"])
def test_what_is_no_dataset_is_wrong_usage(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "data.tsv").write_text("a\tb\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.jsonl")
    done = run(name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {name} ")
    assert done.stderr.count("\n") == 1


def test_validating_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_bytes(json_lines(distinct_rows(6)) + b"x\n")
    script = (
        "import sys; from osmo_scaffold.main import _dispatch; _dispatch(sys.argv[1:]);"
        "heavy = {'typer', 'click', 'rich', 'pydantic', 'pyarrow', 'libcst', 'jsonschema'};"
        "print(*heavy & sys.modules.keys(), file=sys.stderr)"
    )
    arguments = [sys.executable, "-c", script, "dataset", "validate", str(tmp_path / "data.jsonl")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert (done.stderr.splitlines()[-1], done.stdout.count("OSV101")) == ("", 1)


def test_clean_rows_keep_the_row_schema() -> None:
    from jsonschema import Draft202012Validator

    from osmo_checks.bundled import data_folder

    schema = json.loads((data_folder("schemas") / "dataset-row.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(ROW)
    assert validator.is_valid({"metadata": {"a": [1, 2.5, None], "b": {"c": True}}})
    assert not validator.is_valid({"user_prompt": ""})
    assert not validator.is_valid({**ROW, "metadata": {"a": {}}})
    assert not validator.is_valid({**ROW, "metadata": {"a": 2**63}})


@pytest.mark.parametrize("name", ["data.json", "data.jsonl"])
def test_rows_that_are_one_level_down_are_pointed_to(name: str, tmp_path: Path) -> None:
    row = {"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}
    text = json.dumps({"version": 1, "tags": [], "messages": [{"role": "user"}], "data": [row, row]})
    (tmp_path / name).write_text(text, encoding="utf-8")
    report = validate_file(tmp_path / name, name, rules_for(tmp_path / name))
    messages = {finding.message for finding in report.findings}
    assert 'The row has no user_prompt: "data" seems to hold the rows, so write that list by itself.' in messages
