import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import read_rows
from osmo_checks.datasets.convert import Converted, convert, plan_fields
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.sample import sample
from osmo_checks.datasets.validate import validate_file
from osmo_checks.errors import InputError, UsageError

ROWS = [
    {"question": "1 + 1?", "answer": "One and one.\n#### 2", "id": 1},
    {"question": "é?", "answer": "#### 1,234", "id": 2},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def converted(source: Path, *options: tuple[str, str], overwrite: bool = False) -> Converted:
    mapping, constants, extractions, templates = (
        [text for kind, text in options if kind == k] for k in ("map", "const", "extract", "template")
    )
    fields = plan_fields(mapping, constants, extractions, templates)
    return convert(source, source.with_name("out.jsonl"), fields, keep=not mapping, overwrite=overwrite)


def rows_of(source: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in source.with_name("out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_fields_are_renamed_added_and_extracted_prompts_first(source: Path) -> None:
    result = converted(
        source,
        ("map", "id=number"),
        ("map", "question=user_prompt"),
        ("extract", r"ground_truth=answer:####\s*(.+)$"),
        ("const", "system_prompt=a=b"),
    )
    assert result == Converted(2, ("system_prompt", "user_prompt", "ground_truth", "number"), ())
    assert [list(row.items()) for row in rows_of(source)] == [
        [("system_prompt", "a=b"), ("user_prompt", "1 + 1?"), ("ground_truth", "2"), ("number", 1)],
        [("system_prompt", "a=b"), ("user_prompt", "é?"), ("ground_truth", "1,234"), ("number", 2)],
    ]


def test_without_a_map_all_fields_are_kept(source: Path) -> None:
    converted(source, ("const", "system_prompt="))
    assert rows_of(source) == [{"system_prompt": "", **row} for row in ROWS]


def test_an_expression_without_a_group_gives_its_first_match(source: Path) -> None:
    converted(source, ("map", "question=user_prompt"), ("extract", r"first=answer:\w+"))
    assert [row["first"] for row in rows_of(source)] == ["One", "1"]


def test_a_json_array_becomes_lines(source: Path) -> None:
    array = source.with_name("in.json")
    array.write_text(json.dumps(ROWS), encoding="utf-8")
    converted(array)
    assert rows_of(array) == ROWS


@pytest.mark.parametrize(
    "option",
    [
        ("map", "question"),
        ("map", "=user_prompt"),
        ("map", "question="),
        ("map", "nothing=user_prompt"),
        ("const", "system_prompt"),
        ("extract", "ground_truth=answer"),
        ("extract", "ground_truth=answer:"),
        ("extract", "ground_truth=answer:("),
        ("extract", "ground_truth=nothing:x"),
        ("const", "user_prompt=made twice"),
        ("template", "x"),
        ("template", "x={nothing}"),
        ("template", "x={}"),
        ("template", "x={id"),
        ("template", "x={id.real}"),
        ("template", "x={id:>3}"),
        ("template", "x={id!r}"),
    ],
)
def test_options_that_cannot_be_are_wrong_usage(option: tuple[str, str], source: Path) -> None:
    with pytest.raises(UsageError):
        converted(source, ("map", "question=user_prompt"), option)
    assert not source.with_name("out.jsonl").exists()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ('{"question": "q"}', "has no field 'answer'"),
        ('{"question": "q", "answer": 4}', "not a text"),
        ('{"question": "q", "answer": "no"}', "matches nothing in answer"),
        ('{"question": "q", "answer": "#### 1"', "not complete"),
        (f'{{"question": {"9" * 100_000}, "answer": "#### 1"}}', "not fit in 64 bits: write it as text"),
        ('{"question": 1e99999, "answer": "#### 1"}', "a number too large"),
        (f'{{"question": {"[" * 5000}{"]" * 5000}, "answer": "#### 1"}}', "nested more than 500 deep"),
    ],
)
def test_a_row_that_cannot_be_converted_is_named_and_nothing_is_written(row: str, word: str, source: Path) -> None:
    with source.open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    with pytest.raises(InputError, match=word) as caught:
        converted(source, ("map", "question=user_prompt"), ("extract", "ground_truth=answer:#### (.*)"))
    assert f"{source}:3" in str(caught.value)
    assert [path.name for path in source.parent.iterdir()] == ["in.jsonl"]


def test_an_expression_that_takes_forever_is_a_sentence(source: Path) -> None:
    with source.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"question": "a" * 50 + "b", "answer": ""}) + "\n")
    with pytest.raises(InputError, match=r":3: .* takes more than 2 seconds in question"):
        converted(source, ("map", "question=user_prompt"), ("extract", "x=question:((a+)+$|[?]$)"))
    assert [path.name for path in source.parent.iterdir()] == ["in.jsonl"]
    assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_conversion_that_is_ended_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"a": "x"}\n' * 2_000_000)
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "convert", "in.jsonl", "out.jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not any(path.stat().st_size for path in tmp_path.glob(".out.jsonl.*")):
        assert process.poll() is None
    process.send_signal(number)
    assert process.communicate()[1] == "interrupted: out.jsonl was not written.\n"
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_file_that_exists_is_replaced_only_when_told(source: Path) -> None:
    out = source.with_name("out.jsonl")
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="--overwrite"):
        converted(source)
    assert out.read_text(encoding="utf-8") == "mine"
    converted(source, overwrite=True)
    assert rows_of(source) == ROWS


def test_a_link_that_leads_nowhere_is_replaced_only_when_told(source: Path) -> None:
    out = source.with_name("out.jsonl")
    out.symlink_to("nowhere.jsonl")
    with pytest.raises(UsageError, match=r"exists: .* --overwrite"):
        converted(source)
    assert out.readlink() == Path("nowhere.jsonl")
    converted(source, overwrite=True)
    assert rows_of(source) == ROWS
    assert not out.is_symlink()


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_the_input_is_never_written_over(link: Any, source: Path) -> None:
    before = source.read_bytes()
    link(source, source.with_name("out.jsonl"))
    with pytest.raises(UsageError, match="is the file that is read"):
        converted(source, overwrite=True)
    with pytest.raises(UsageError, match="is the file that is read"):
        convert(source, source.parent / "." / source.name, {}, keep=True, overwrite=True)
    assert source.read_bytes() == before


@pytest.mark.parametrize("name", ["out", "out.txt", "out.jsonl.bz2", "out.gz", "out.parquet.gz"])
def test_other_endings_cannot_be_written(name: str, source: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        convert(source, source.with_name(name), {}, keep=True, overwrite=False)


def test_templates_put_fields_into_a_text(source: Path) -> None:
    converted(source, ("template", "user_prompt=No. {id}: {question} {{sic}}"), ("map", "answer=ground_truth"))
    assert [row["user_prompt"] for row in rows_of(source)] == ["No. 1: 1 + 1? {sic}", "No. 2: é? {sic}"]


def test_no_rows_make_no_file(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="no rows"):
        converted(source)
    assert not source.with_name("out.jsonl").exists()


def test_real_problems_become_a_clean_dataset(gsm8k: Path, tmp_path: Path) -> None:
    target = tmp_path / "gsm8k.jsonl"
    fields = plan_fields(
        ["question=user_prompt"], ["system_prompt=Solve the problem."], [r"ground_truth=answer:####\s*(.+)$"]
    )
    assert convert(gsm8k, target, fields, keep=False, overwrite=False).rows == 1319
    for generation in ("remote", "0.2", "0.3"):
        report = validate_file(target, target.name, rules_of(load_contract(generation)))
        assert (report.rows, report.findings) == (1319, [])


@pytest.mark.parametrize("name", ["data.jsonl", "data.json"])
def test_a_row_with_a_key_twice_is_refused_where_it_is(name: str, tmp_path: Path) -> None:
    rows = ['{"user_prompt": "a"}', r'{"user_prompt": "b\"", "metadata": [{"k": 1, "k": 2}]}']
    text = "\n".join(rows) if name.endswith("l") else "[\n" + ",\n".join(rows) + "]"
    (tmp_path / name).write_text(text, encoding="utf-8")
    line = 2 if name.endswith("l") else 3
    with pytest.raises(InputError, match=rf'{name}:{line}:46: The key "k" appears twice in \$\.metadata\[0\]'):
        convert(tmp_path / name, tmp_path / "out.csv", {}, keep=True, overwrite=False)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("out.jsonl", []),
        (
            "out.csv",
            [
                'CSV has no null: empty texts stand for it in "c", "b".',
                'CSV has texts only: other values became JSON in a text in "a", "b".',
            ],
        ),
        (
            "out.parquet",
            [
                'Parquet has all fields in all rows: null stands for missing ones in "b", "c".',
                'Parquet has one type in a column: whole numbers became decimal in "a".',
            ],
        ),
    ],
)
def test_what_a_format_cannot_keep_is_said(name: str, expected: list[str], tmp_path: Path) -> None:
    rows = [{"a": 1, "b": {"x": 1}, "c": "x"}, {"a": 1.5, "b": {"y": 2}}, {"a": 2, "b": None, "c": "y"}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = convert(tmp_path / "in.jsonl", tmp_path / name, {}, keep=True, overwrite=False)
    assert list(done.changes) == expected


ONE_OF_EACH = pa.table(
    {
        "user_prompt": ["a", "b"],
        "price": pa.array([Decimal("1.5"), None]),
        "when": pa.array([datetime(2020, 1, 2, 3, tzinfo=UTC), None]),
        "day": pa.array([date(2020, 1, 2), None]),
        "at": pa.array([time(3, 4), None]),
        "took": pa.array([timedelta(hours=1), None]),
        "raw": pa.array([b"abc", None]),
        "codes": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
        "metadata": pa.array([{"costs": [Decimal("2.5")], "n": 1}, None]),
        "score": [0.5, 1.5],
    }
)
SAID_OF_EACH = (
    'Decimals became texts in "price", "metadata.costs[]".',
    'Dates and times became texts in "when", "day", "at".',
    'Durations became texts in "took".',
    'Binary data became texts in "raw".',
    'Maps became objects in "codes".',
)


def test_what_is_not_read_from_parquet_as_it_is_stored_is_said(tmp_path: Path) -> None:
    source, target = tmp_path / "in.parquet", tmp_path / "out.jsonl"
    pq.write_table(ONE_OF_EACH, source)
    assert sample(source, tmp_path / "few.jsonl", 1, seed=0, overwrite=False).changes == SAID_OF_EACH
    assert convert(source, target, {}, keep=True, overwrite=False).changes == SAID_OF_EACH
    assert rows_of(source)[0] == {
        "user_prompt": "a",
        "price": "1.5",
        "when": "2020-01-02T03:00:00+00:00",
        "day": "2020-01-02",
        "at": "03:04:00",
        "took": "1:00:00",
        "raw": "abc",
        "codes": {"a": 1},
        "metadata": {"costs": ["2.5"], "n": 1},
        "score": 0.5,
    }
    fields = plan_fields(["price=ground_truth"], [], [])
    done = convert(source, target, fields, keep=False, overwrite=True)
    assert done.changes[1:] == ('Decimals became texts in "price".',)
    fields = plan_fields([], ["price=1", "metadata="], [])
    assert convert(source, target, fields, keep=True, overwrite=True).changes == SAID_OF_EACH[1:]


def test_a_split_says_it_too(tmp_path: Path) -> None:
    pq.write_table(ONE_OF_EACH, tmp_path / "in.parquet")
    command = [
        sys.executable,
        "-m",
        "osmo_scaffold",
        "dataset",
        "split",
        "in.parquet",
        "--part",
        "a=.5",
        "--part",
        "b=.5",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines() == [f"in.parquet: {said}" for said in SAID_OF_EACH]


def test_a_map_with_a_key_twice_is_refused_where_it_is(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    pairs = pa.array([[("a", 1)], [("a", 1), ("a", 2)]], pa.map_(pa.string(), pa.int64()))
    pq.write_table(pa.table({"codes": pairs}), source)
    assert [row.data for row in read_rows(source)] == [{"codes": {"a": 1}}, {"codes": {"a": 2}}]
    with pytest.raises(InputError, match=r"in.parquet: 'codes': record 2 has a map with a key twice: remove one\."):
        convert(source, tmp_path / "out.jsonl", {}, keep=True, overwrite=False)


def test_fields_that_are_left_out_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"q": "1?", "a": "1", "id": 7}\n', encoding="utf-8")
    fields = plan_fields(["q=user_prompt"], [], ["ground_truth=a:.+"])
    done = convert(tmp_path / "in.jsonl", tmp_path / "out.jsonl", fields, keep=False, overwrite=False)
    assert done.changes == ('Fields that no option names were left out: "id".',)


def test_a_quotation_mark_that_readers_leave_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('user_prompt,ground_truth\n"ab"c,1\n', encoding="utf-8")
    assert [row.data for row in read_rows(tmp_path / "in.csv")] == [{"user_prompt": "abc", "ground_truth": "1"}]
    with pytest.raises(InputError, match=r"in\.csv:2:5: Text follows the quotation mark"):
        convert(tmp_path / "in.csv", tmp_path / "out.jsonl", {}, keep=True, overwrite=False)
