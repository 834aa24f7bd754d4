"""Parquet files: what is found in them, where, and that it is what the same rows as JSON Lines have."""

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import read_rows
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rows import read_placed_rows
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file
from osmo_checks.errors import InputError

CASES = Path(__file__).parent / "cases" / "datasets"
ROW = {"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}
TEXTS = ["a", "b", "c", "d", "e"]


def columns(**changed: Any) -> dict[str, Any]:
    """Return five rows of prompts, no two alike; ``changed`` replaces or adds columns."""
    prompts = pa.array([f"{number} + 1?" for number in range(5)])
    return {**{name: pa.array([text] * 5) for name, text in ROW.items()}, "user_prompt": prompts, **changed}


def written(path: Path, table: Mapping[str, Any] | pa.Table | None, **options: Any) -> Path:
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(dict(table or {})), path, **options)
    return path


def validated(path: Path, generation: str = "0.3") -> FileReport:
    return validate_file(path, path.name, rules_of(load_contract(generation)))


def summary_of(report: FileReport) -> list[str]:
    """Return each finding as ``CODE record:column json-path``."""
    return [
        f"{f.code} {f.start.row}:{f.start.column} {f.record.json_path if f.record else None}" for f in report.findings
    ]


def not_utf8() -> pa.Array:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 1, 2, 3, 4, 5)))
    return pa.Array.from_buffers(pa.string(), 5, [None, offsets, pa.py_buffer(b"ab\xffde")])


FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "null": (columns(user_prompt=["a", None, "c", "d", "e"]), ["OSV124 2:2 $.user_prompt"]),
    "empty": (columns(ground_truth=["a", "b", "", "d", "e"]), ["OSV125 3:3 $.ground_truth"]),
    "blank": (columns(user_prompt=["a", "b", "c", " \u2003\n", "e"]), ["OSV126 4:2 $.user_prompt"]),
    "nul": (columns(user_prompt=["a", "b", "c", "d", "e\0"]), ["OSV115 5:2 $.user_prompt"]),
    "two-in-a-row": (
        columns(user_prompt=["a", "", "c", "d", "e"], ground_truth=["a", None, "c", "d", "e"]),
        ["OSV125 2:2 $.user_prompt", "OSV124 2:3 $.ground_truth"],
    ),
    "no-label": (
        {name: values for name, values in columns().items() if name != "ground_truth"},
        ["OSV122 1:1 $"],
    ),
    "whole-numbers": (
        columns(user_prompt=[1, 2, 3, None, 5]),
        [
            *(f"OSV127 {row}:2 $.user_prompt" for row in (1, 2, 3)),
            "OSV124 4:2 $.user_prompt",
            "OSV127 5:2 $.user_prompt",
        ],
    ),
    "booleans": (columns(ground_truth=[True] * 5), [f"OSV127 {row}:3 $.ground_truth" for row in range(1, 6)]),
    "lists": (columns(user_prompt=[["a"]] * 5), [f"OSV127 {row}:2 $.user_prompt" for row in range(1, 6)]),
    "structs": (columns(user_prompt=[{"role": "a"}] * 5), [f"OSV127 {row}:2 $.user_prompt" for row in range(1, 6)]),
    "all-null": (columns(user_prompt=pa.nulls(5)), [f"OSV124 {row}:2 $.user_prompt" for row in range(1, 6)]),
    "binary": (
        columns(user_prompt=[b"a"] * 5),
        ["OSV183 1:2 $.user_prompt", *(f"OSV127 {row}:2 $.user_prompt" for row in range(1, 6))],
    ),
    "large-string": (columns(user_prompt=pa.array(["a", "", *"cde"], pa.large_string())), ["OSV125 2:2 $.user_prompt"]),
    "string-view": (columns(user_prompt=pa.array(["a", "", *"cde"], pa.string_view())), ["OSV125 2:2 $.user_prompt"]),
    "dictionary": (
        columns(user_prompt=pa.array(["a", "", None, "d", " "]).dictionary_encode()),
        ["OSV125 2:2 $.user_prompt", "OSV124 3:2 $.user_prompt", "OSV126 5:2 $.user_prompt"],
    ),
    "not-utf8": (columns(user_prompt=not_utf8()), ["OSV102 3:2 $.user_prompt"]),
    "not-utf8-elsewhere": (columns(note=not_utf8()), ["OSV102 3:4 $.note"]),
    "nan-elsewhere": (columns(note=[1.0, math.nan, None, math.inf, 2.0]), ["OSV112 2:4 $.note", "OSV112 4:4 $.note"]),
    "unsigned-elsewhere": (columns(note=pa.array([1, 2**64 - 1, 3, 4, None], pa.uint64())), ["OSV113 2:4 $.note"]),
    "timestamps-elsewhere": (columns(note=pa.array([1] * 5, pa.timestamp("us"))), ["OSV183 1:4 $.note"]),
    "times-that-python-lacks": (
        columns(
            a=pa.array([10**12] * 5, pa.timestamp("s")),
            b=pa.array([1] * 5, pa.time64("ns")),
            c=pa.array([1] * 5, pa.timestamp("s", "No/Where")),
            d=[{"e": value} for value in pa.array([1] * 5, pa.timestamp("us")).to_pylist()],
        ),
        ["OSV183 1:4 $.a", "OSV183 1:5 $.b", "OSV183 1:6 $.c", "OSV183 1:7 $.d.e"],
    ),
    "binary-in-a-list": (columns(note=[[{"a": b"x"}]] * 5), ["OSV183 1:4 $.note[].a"]),
    "metadata": (columns(metadata=[{"a": 1, "b": [{"c": "x"}]}] * 5), []),
    "metadata-nan": (
        columns(metadata=[{"a b": [1.0]}, {"a b": []}, {"a b": [1.0, 2.0, math.nan]}, {"a b": None}, {"a b": [1.0]}]),
        ['OSV112 3:4 $.metadata["a b"][2]'],
    ),
    "metadata-null": (columns(metadata=[{"a": 1}, None, {"a": 2}, {"a": 3}, {"a": 4}]), ["OSV131 2:4 $.metadata"]),
    "metadata-unsigned": (
        columns(metadata=[{"a": n} for n in (1, 2, 3, 2**64 - 1, 5)]),
        ["OSV135 4:4 $.metadata.a"],
    ),
    "metadata-text": (
        columns(metadata=['{"a": 1}', '{"a": "x"}', "[1]", "{", '{"b": [], "a": 2.5}']),
        ["OSV134 2:4 $.metadata.a", "OSV132 3:4 $.metadata", "OSV108 4:4 $.metadata"],
    ),
    "metadata-text-twice": (
        columns(metadata=['{"a": 1}', '{"a": 1, "a": 2}', '{"a": 3}', " ", '{"\\u0022": 1}']),
        ["OSV116 2:4 $.metadata.a", "OSV131 4:4 $.metadata"],
    ),
    "metadata-map": (
        columns(metadata=pa.array([[("a", 1)]] * 5, pa.map_(pa.string(), pa.int64()))),
        ["OSV132 1:4 None"],
    ),
    "metadata-dictionary": (
        columns(metadata=pa.array(['{"a": 1}'] * 5).dictionary_encode()),
        ["OSV132 1:4 None"],
    ),
    "metadata-list": (
        columns(metadata=[[1]] * 5),
        [f"OSV132 {n}:4 $.metadata" for n in range(1, 6)],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_in_cells_is_found_with_record_column_and_path(name: str, tmp_path: Path) -> None:
    table, expected = FAULTS[name]
    if name == "metadata-unsigned":
        kind = pa.struct([("a", pa.uint64())])
        table = {**table, "metadata": pa.array(table["metadata"], kind)}
    report = validated(written(tmp_path / "data.parquet", table))
    assert summary_of(report) == expected
    assert report.rows == 5


#: Types that no text has, and whether JSON has them at all.
WRONG_TYPES: list[tuple[pa.DataType, bool]] = [
    *((kind, True) for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32())),
    *((kind, True) for kind in (pa.uint64(), pa.float16(), pa.float32(), pa.float64(), pa.bool_())),
    *((kind, True) for kind in (pa.list_(pa.string()), pa.large_list(pa.string()), pa.list_(pa.string(), 2))),
    *((kind, True) for kind in (pa.struct([("a", pa.string())]), pa.map_(pa.string(), pa.string()))),
    *((kind, False) for kind in (pa.binary(), pa.large_binary(), pa.binary(2), pa.decimal128(5, 2))),
    *((kind, False) for kind in (pa.date32(), pa.date64(), pa.time32("ms"), pa.time64("us"))),
    *((kind, False) for kind in (pa.timestamp("ms"), pa.timestamp("us", "UTC"), pa.duration("us"))),
]


def value_of(kind: pa.DataType) -> Any:
    """Return a value of a type as what it is made from."""
    if pa.types.is_struct(kind):
        return {"a": "b"}
    if pa.types.is_map(kind):
        return [("a", "b")]
    if pa.types.is_nested(kind):
        return ["a", "b"]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return b"ab"
    return {pa.bool_(): True, pa.decimal128(5, 2): Decimal("1.25"), pa.date64(): 86_400_000}.get(kind, 1)


@pytest.mark.parametrize(("kind", "is_json"), WRONG_TYPES, ids=[str(kind) for kind, _ in WRONG_TYPES])
def test_no_type_but_text_is_taken_for_a_prompt(kind: pa.DataType, is_json: bool, tmp_path: Path) -> None:
    values = pa.array([value_of(kind)] * 5, None if pa.types.is_float16(kind) else kind).cast(kind)
    report = validated(written(tmp_path / "data.parquet", columns(user_prompt=values)))
    foreign = [] if is_json else ["OSV183 1:2 $.user_prompt"]
    assert summary_of(report) == [*foreign, *(f"OSV127 {row}:2 $.user_prompt" for row in range(1, 6))]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_records_are_counted_over_row_groups(size: int, tmp_path: Path) -> None:
    table = columns(user_prompt=["a", None, "c", "", "e"])
    report = validated(written(tmp_path / "data.parquet", table, row_group_size=size))
    assert summary_of(report) == ["OSV124 2:2 $.user_prompt", "OSV125 4:2 $.user_prompt"]


def test_empty_row_groups_are_no_rows(tmp_path: Path) -> None:
    table = pa.table(columns())
    with pq.ParquetWriter(tmp_path / "data.parquet", table.schema) as writer:
        for part in (table.slice(0, 0), table.slice(0, 2), table.slice(0, 0), table.slice(2, 3)):
            writer.write_table(part)
    report = validated(tmp_path / "data.parquet")
    assert (report.rows, report.findings) == (5, [])


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    table = pa.table(list(columns(more=TEXTS).values()), names=[*ROW, "user_prompt"])
    report = validated(written(tmp_path / "data.parquet", table))
    assert summary_of(report) == ["OSV182 1:4 None"]
    with pytest.raises(InputError, match="two columns called 'user_prompt'"):
        next(read_rows(tmp_path / "data.parquet"))


@pytest.mark.parametrize(("rows", "code"), [(0, "OSV141"), (3, "OSV142")])
def test_too_few_rows(rows: int, code: str, tmp_path: Path) -> None:
    report = validated(written(tmp_path / "data.parquet", pa.table(columns()).slice(0, rows)))
    assert ([finding.code for finding in report.findings], report.rows) == ([code], rows)


def test_copies_are_named_by_record_and_rows_with_errors_are_not_compared(tmp_path: Path) -> None:
    table = {
        "user_prompt": ["a", "a", "a", "b", "b", "", ""],
        "ground_truth": ["1", "2", "1", None, None, "3", "3"],
        "label": [None, None, None, "4", "4", None, None],
        "metadata": [{"n": n} for n in (1, 1, 1, 2, 2, 3, 3)],
    }
    report = validated(written(tmp_path / "data.parquet", table, row_group_size=2))
    copies = [(finding.start.row, finding.message) for finding in report.findings if finding.code == "OSV151"]
    assert [(row, message.split(":")[0]) for row, message in copies] == [
        (3, "This row is a copy of the one in record 1"),
        (5, "This row is a copy of the one in record 4"),
        (7, "This row is a copy of the one in record 6"),
    ]
    report = validated(written(tmp_path / "data.parquet", {**table, "metadata": [{"n": 1}] * 5 + [None] * 2}))
    assert [finding.start.row for finding in report.findings if finding.code == "OSV151"] == [3, 5]


def test_labels_in_prompts_are_found(tmp_path: Path) -> None:
    table = columns(
        user_prompt=[f"{n}: is it Paris?" for n in range(5)], ground_truth=["Rome", "Oslo", "Paris", "Bern", "x"]
    )
    assert [(f.code, f.start.row) for f in validated(written(tmp_path / "data.parquet", table)).findings] == [
        ("OSV154", 3)
    ]


def damaged(content: bytes) -> Iterable[tuple[str, bytes, str]]:
    middle = content.index(b"1 + 1?")
    yield "nothing", b"", "empty"
    yield "magic alone", b"PAR1", "cut off"
    yield "no end", content[:-20], "cut off"
    yield "first half", content[: len(content) // 2], "cut off"
    yield "other magic", b"XXXX" + content[4:], "no Parquet file"
    yield "json", b'{"user_prompt": "a"}\n', "no Parquet file"
    yield "encrypted", content[:-4] + b"PARE", "encrypted"
    yield "wrong footer", content[:-8] + b"\xff\xff\xff\x7fPAR1", "damaged"
    yield "no footer", content[:4] + b"\0" * (len(content) - 8) + content[-4:], "damaged"
    yield "damaged page", content[: middle - 4] + b"\xff" * 8 + content[middle + 4 :], "damaged"


@pytest.mark.parametrize("index", range(10))
def test_files_that_cannot_be_read_are_a_finding_and_a_sentence(index: int, tmp_path: Path) -> None:
    good = written(tmp_path / "good.parquet", columns(), compression="none", use_dictionary=False)
    _, content, word = list(damaged(good.read_bytes()))[index]
    path = tmp_path / "data.parquet"
    path.write_bytes(content)
    report = validated(path)
    assert [finding.code for finding in report.findings] == ["OSV181"]
    assert word in report.findings[0].message
    with pytest.raises(InputError, match=word):
        list(read_rows(path))


def test_rows_are_read_as_json_has_them(tmp_path: Path) -> None:
    table = {
        "a": pa.array(["x", None]),
        "b": pa.array([1, 2], pa.timestamp("s")),
        "c": pa.array([Decimal("1.50"), None]),
        "d": pa.array([[("k", [1])], []], pa.map_(pa.string(), pa.list_(pa.int64()))),
        "e": pa.array([{"f": b"bytes"}, {"f": None}]),
        "g": pa.array(["y", "y"]).dictionary_encode(),
    }
    rows = list(read_placed_rows(written(tmp_path / "data.parquet", table, row_group_size=1)))
    assert [place.rpartition("/")[2] for place, _ in rows] == ["data.parquet: record 1", "data.parquet: record 2"]
    assert [data for _, data in rows] == [
        {"a": "x", "b": "1970-01-01T00:00:01", "c": "1.50", "d": {"k": [1]}, "e": {"f": "bytes"}, "g": "y"},
        {"a": None, "b": "1970-01-01T00:00:02", "c": None, "d": {}, "e": {"f": None}, "g": "y"},
    ]
    assert [row.number for row in read_rows(tmp_path / "data.parquet", limit=1)] == [0]


def test_times_that_python_lacks_are_read_as_texts_or_named(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    table = {"a": pa.array([10**12, 1], pa.timestamp("s")), "b": pa.array([1, None], pa.time64("ns"))}
    rows = [row.data for row in read_rows(written(path, table))]
    assert rows[1] == {"a": "1970-01-01 00:00:01.000", "b": None}
    assert rows[0]["b"] == "00:00:00.000000001"
    with pytest.raises(InputError, match=r"timestamp.* is beyond what can be read: cast its column"):
        list(read_rows(written(path, {"a": pa.array([1], pa.timestamp("s", "No/Where"))})))


@pytest.mark.parametrize("seed", range(40))
def test_damage_anywhere_is_never_our_bug(seed: int, tmp_path: Path) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    table = columns(metadata=[{"a": 1, "b": ["x", None]}] * 5, note=pa.array([1] * 5, pa.timestamp("us")))
    content = bytearray(written(tmp_path / "good.parquet", table, row_group_size=2).read_bytes())
    for _ in range(random.choice([1, 3, 30])):
        content[random.randrange(4, len(content) - 8)] = random.randrange(256)
    path = tmp_path / "data.parquet"
    path.write_bytes(content)
    report = validated(path)
    assert report.rows >= 0
    with suppress(InputError):
        list(read_rows(path))


def test_a_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "data.parquet", columns(user_prompt=not_utf8()))
    with pytest.raises(InputError, match="'user_prompt': record 3 has bytes"):
        list(read_rows(path))


def as_table(path: Path) -> pa.Table | None:
    """Return the rows of a JSON Lines file, where columns of one type can hold them."""
    try:
        rows = [row.data for row in read_rows(path)]
        fields = {name for row in rows for name in row}
        if any(row.keys() != fields for row in rows):
            return None
        return pa.Table.from_pylist(rows) if rows else None
    except (InputError, pa.ArrowException, OverflowError):
        return None


#: Blank lines and keys that come twice are how rows are written; where one struct has a key, all structs have it.
DIFFERENCES = {"OSV107", "OSV116"}
TABLES = {
    f"{path.parent.name}-{path.stem}": path
    for path in sorted(CASES.glob("*/*.jsonl"))
    if path.stem != "metadata-empty" and as_table(path) is not None
}


def said(report: FileReport) -> set[tuple[str, str]]:
    """Return codes and messages; where a value is, other messages of text files leave to the line and column."""
    findings = [finding for finding in report.findings if finding.code not in DIFFERENCES]
    return {
        (finding.code, re.sub(r" at \$\S+", "", finding.message).replace(" on line ", " in record "))
        for finding in findings
    }


@pytest.mark.parametrize("name", TABLES)
def test_the_rows_of_json_lines_cases_have_the_same_findings(name: str, tmp_path: Path) -> None:
    path = TABLES[name]
    try:
        parquet = written(tmp_path / "data.parquet", as_table(path))
    except pa.ArrowNotImplementedError:
        pytest.skip("Parquet has no empty objects")
    assert said(validated(parquet, path.parent.name)) == said(validated(path, path.parent.name))


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", "validate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)


def test_the_command_says_record_and_column(tmp_path: Path) -> None:
    written(tmp_path / "data.parquet", columns(system_prompt=["a", "", "c", "d", "e"], metadata=[{"a": math.nan}] * 5))
    done = run("data.parquet", cwd=tmp_path)
    assert done.returncode == 1
    assert "data.parquet:2:1: warning[OSV125] system_prompt is empty: write a text." in done.stdout
    payload = json.loads(run("data.parquet", "--output-format", "json", cwd=tmp_path).stdout)
    assert payload["findings"][0]["record"] == {"number": 1, "field": "metadata", "json_path": "$.metadata.a"}
    assert payload["summary"]["rows"] == 5
