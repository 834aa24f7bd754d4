"""Every format that rows can be written in: what is read back is what was there, as far as the format can hold it."""

import csv
import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osmo_checks.datasets import read_rows
from osmo_checks.datasets.convert import convert
from osmo_checks.errors import InputError

ROWS: list[dict[str, Any]] = [
    {"user_prompt": 'a "quoted", é\n🧮', "ground_truth": "1", "n": 1, "metadata": {"a": [1, 2], "b": {"c": None}}},
    {"user_prompt": "=cell", "ground_truth": " ", "n": 2.5, "metadata": {"a": [], "b": {"c": "x"}}},
]
in_memory = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
texts = st.text(st.characters(exclude_categories=["Cs"]))
#: Without NUL, which CSV readers refuse.
plain_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1)


def lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def converted(source: Path, name: str) -> Path:
    target = source.with_name(name)
    convert(source, target, {}, keep=True, overwrite=True)
    return target


def rows_in(path: Path) -> list[dict[str, Any]]:
    return [row.data for row in read_rows(path)]


@pytest.mark.parametrize("name", ["out.jsonl", "out.json", "out.parquet", "OUT.JSONL"])
def test_there_and_back_is_the_identity(name: str, tmp_path: Path) -> None:
    there = converted(lines(tmp_path / "in.jsonl", ROWS), name)
    back = converted(there, "back.jsonl")
    assert rows_in(back) == ROWS
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.jsonl", name, "back.jsonl"])


@in_memory
@given(data=st.data(), fields=st.lists(names, min_size=1, max_size=4, unique=True))
def test_rows_of_texts_and_nulls_survive_parquet(data: st.DataObject, fields: list[str], tmp_path: Path) -> None:
    value = st.fixed_dictionaries({name: st.none() | texts for name in fields})
    rows = data.draw(st.lists(value, min_size=1, max_size=6))
    source = lines(tmp_path / "in.jsonl", rows)
    assert rows_in(converted(source, "out.parquet")) == rows
    assert rows_in(converted(source, "out.json")) == rows


@in_memory
@given(data=st.data(), fields=st.lists(names, min_size=1, max_size=4, unique=True))
def test_rows_of_texts_survive_csv(data: st.DataObject, fields: list[str], tmp_path: Path) -> None:
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(fields, texts)), min_size=1, max_size=6))
    out = converted(lines(tmp_path / "in.jsonl", rows), "out.csv")
    assert list(csv.DictReader(io.StringIO(out.read_bytes().decode(), newline=""))) == rows


@in_memory
@given(data=st.data(), fields=st.lists(names, min_size=1, max_size=3, unique=True))
def test_texts_go_through_all_formats(data: st.DataObject, fields: list[str], tmp_path: Path) -> None:
    value = st.fixed_dictionaries(dict.fromkeys(fields, plain_texts))
    rows = data.draw(st.lists(value, min_size=1, max_size=5))
    path = lines(tmp_path / "in.jsonl", rows)
    order = data.draw(st.permutations(["a.csv", "b.parquet", "c.json", "d.csv.gz", "e.json.zst", "f.jsonl.gz"]))
    for name in order:
        path = converted(path, name)
    assert rows_in(path) == rows


def test_csv_has_json_where_there_is_no_text(tmp_path: Path) -> None:
    out = converted(lines(tmp_path / "in.jsonl", [*ROWS, {"user_prompt": None, "n": True}]), "out.csv")
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0] == {
        "user_prompt": 'a "quoted", é\n🧮',
        "ground_truth": "1",
        "n": "1",
        "metadata": '{"a": [1, 2], "b": {"c": null}}',
    }
    assert rows[2] == {"user_prompt": "", "ground_truth": "", "n": "true", "metadata": ""}


def test_compressed_files_are_the_same_at_any_time(tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", ROWS)
    plain = converted(source, "out.jsonl").read_bytes()
    packed = converted(source, "out.jsonl.gz").read_bytes()
    assert (gzip.decompress(packed), packed[4:8]) == (plain, b"\0\0\0\0")
    with pa.CompressedInputStream(str(converted(source, "out.jsonl.zst")), "zstd") as stream:
        assert stream.read() == plain
    assert b"user_prompt" in gzip.decompress(converted(source, "out.csv.gz").read_bytes())


def test_types_of_parquet_are_told_from_all_rows(tmp_path: Path) -> None:
    rows = [{"a": 1, "m": {"x": 1}}] * 9_000 + [{"a": 1.5, "b": "later", "m": {"y": None}}]
    out = converted(lines(tmp_path / "in.jsonl", rows), "out.parquet")
    read = rows_in(out)
    assert read[0] == {"a": 1, "b": None, "m": {"x": 1, "y": None}}
    assert read[-1] == {"a": 1.5, "b": "later", "m": {"x": None, "y": None}}
    assert pq.read_schema(out).field("a").type == pa.float64()


@pytest.mark.parametrize(
    ("name", "row", "word"),
    [
        ("out.parquet", {"n": "text"}, "'n'"),
        ("out.parquet", {"n": True}, "'n'"),
        ("out.parquet", {"n": 2**70}, "'n'"),
        ("out.parquet", {"n": 2, "e": {}}, "objects without keys"),
        ("out.csv", {"n": 3, "extra": 1}, ":2: the row has the field 'extra'"),
    ],
)
def test_what_a_format_cannot_hold_is_named_and_nothing_is_written(
    name: str, row: dict[str, Any], word: str, tmp_path: Path
) -> None:
    source = lines(tmp_path / "in.jsonl", [{"n": 1}, row])
    with pytest.raises(InputError, match=word):
        converted(source, name)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_types_that_differ_many_rows_apart_are_named(tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", [{"n": 1}] * 9_000 + [{"n": "x"}])
    with pytest.raises(InputError, match=r"in.jsonl:8193 or a row soon after"):
        converted(source, "out.parquet")


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "out.json.gz"])
def test_writing_takes_little_memory(name: str, tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", [{"user_prompt": "why? " * 100, "n": 1}] * 40_000)
    converted(lines(tmp_path / "warm.jsonl", ROWS), name)
    tracemalloc.start()
    try:
        converted(source, name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert source.stat().st_size > 20_000_000
    assert peak < 16_000_000


def test_the_command_converts_with_a_template(tmp_path: Path) -> None:
    lines(tmp_path / "in.jsonl", [{"question": "1 + 1?", "answer": "2"}])
    options = ["--template", "user_prompt=Q: {question}", "--map", "answer=ground_truth", "--output-format", "json"]
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "convert", "in.jsonl", "out.parquet", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["dataset"] == {
        "path": "out.parquet",
        "rows": 1,
        "fields": ["user_prompt", "ground_truth"],
        "changes": [],
    }
    assert rows_in(tmp_path / "out.parquet") == [{"user_prompt": "Q: 1 + 1?", "ground_truth": "2"}]
