"""CSV, JSON arrays and compressed files: against the standard library's readers, and with files that are not sound."""

import csv
import gzip
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osmo_checks.contracts import load_contract
from osmo_checks.datasets import codes, packed, read_rows
from osmo_checks.datasets.csv_split import split
from osmo_checks.datasets.csv_text import CsvText
from osmo_checks.datasets.json_elements import Element, Elements
from osmo_checks.datasets.packed import Unpacked
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file
from osmo_checks.errors import InputError, UsageError
from osmo_checks.finding import Severity

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RULES = rules_of(load_contract("0.3"))
FIELDS = ("system_prompt", "user_prompt", "ground_truth")
ROWS = [dict(zip(FIELDS, ("Add.", f"{number} + 1?", f"{number + 1}!"), strict=True)) for number in range(4)]
HEADER = b"system_prompt,user_prompt,ground_truth\n"
LINE = b"Add.,1 + 1?,2\n"
LINES = b"".join(b"Add.,%d + 1?,x\n" % number for number in range(2, 6))

in_memory = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
csv_texts = st.text(st.sampled_from('ab,"\n\r \t;é\x01🧮'), max_size=40)
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | csv_texts


def validated(path: Path, content: bytes) -> FileReport:
    path.write_bytes(content)
    return validate_file(path, path.name, RULES)


def summary_of(report: FileReport) -> list[str]:
    return [f"{f.code} {f.start.row}:{f.start.column} {f.severity.value}" for f in report.findings]


def csv_of(rows: list[dict[str, Any]], **options: Any) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIELDS, **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


#: What an editor, or git, would mangle: content, and what is expected.
BINARY = {
    "crlf": ((HEADER + LINE + LINES).replace(b"\n", b"\r\n"), []),
    "cr": ((HEADER + LINE + LINES).replace(b"\n", b"\r"), []),
    "cr-and-a-short-row": ((HEADER + LINE + b"Add.\n" + LINES).replace(b"\n", b"\r"), ["OSV161 3:5 error"]),
    "mixed-line-ends": (
        HEADER + b"Add.\r\n" + LINES.replace(b"\n", b"\r") + b"Add.\n",
        [
            "OSV161 2:5 error",
            "OSV161 7:5 error",
        ],
    ),
    "crlf-in-cells": (HEADER + b'Add.,"1\r\n+\r1?",2\n' + LINES + b"Add.", ["OSV161 9:5 error"]),
    "byte-order-mark": (b"\xef\xbb\xbf" + HEADER + LINES, ["OSV103 1:1 error"]),
    "utf-16": ((HEADER + LINES).decode().encode("utf-16"), ["OSV104 1:1 error"]),
    "latin-1": (HEADER + LINES + b"Add.,\xe9t\xe9,2\nAdd.\n", ["OSV102 6:6 error", "OSV161 7:5 error"]),
    "latin-1-after-quoted-lines": (HEADER + LINES + b'"1\n2","\xc3\xa93\n\xc3\xa9\xff",2\n', ["OSV102 8:2 error"]),
    "latin-1-header": (
        b"system_prompt,user_prompt,ground_truth,\xe9\n" + LINES.replace(b"x\n", b"x,1\n"),
        [
            "OSV102 1:40 error",
        ],
    ),
    "encoded-surrogate": (HEADER + LINES + b"Add.,\xed\xa0\x80,2\n", ["OSV102 6:6 error"]),
    "cut-in-a-character": (HEADER + LINES + b"Add.,1,\xf0\x9f", ["OSV102 6:8 error"]),
    "nul": (HEADER + LINES + b"Add.,\0,2\n", ["OSV115 6:6 warning"]),
    "separators-of-other-kinds": (HEADER + LINES + "Add.,a\u2028b\x85\x0cc,2\nAdd.\n".encode(), ["OSV161 7:5 error"]),
    "longest-cell": (HEADER + LINES + b"Add.,%s,2\n" % (b"x" * 131_072), []),
    "cell-too-long": (
        HEADER + b"Add.,%s,2\n" % (b"x" * 131_073) + LINES + b"Add.\n",
        [
            "OSV164 2:6 error",
            "OSV161 7:5 error",
        ],
    ),
    "quoted-cell-too-long": (
        HEADER + LINES + b'Add.,"%s",2\nAdd.\n' % (b"xy\n" * 50_000),
        [
            "OSV164 6:6 error",
            "OSV161 50007:5 error",
        ],
    ),
    "unclosed-and-then-much": (
        HEADER + b'Add.,"1,2\n' + LINES * 80_000 + b"Add.\n",
        [
            "OSV162 2:6 error",
            "OSV161 320003:5 error",
        ],
    ),
    "line-of-a-file": (HEADER + LINES + b"x" * 9_000_000 + b"\nAdd.\n", ["OSV106 6:1 error", "OSV161 7:5 error"]),
}


@pytest.mark.parametrize("name", BINARY)
def test_findings_of_binary_csv(name: str, tmp_path: Path) -> None:
    content, expected = BINARY[name]
    found = [line for line in summary_of(validated(tmp_path / "data.csv", content)) if "OSV15" not in line]
    assert found == expected


@in_memory
@given(text=csv_texts)
def test_csv_is_read_as_python_reads_it(text: str) -> None:
    """Named differences: text after a quotation, an unclosed one, and quoted text that goes on after lines."""
    records = list(records_of(text))
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        assert any(record.unclosed is not None or any(cell.junk for cell in record.cells) for record in records)
        return
    assert [list(record.values) for record in records] == expected
    assert not any(record.unclosed is not None for record in records)
    assert "".join(record.text for record in records) == text


@in_memory
@given(text=csv_texts, width=st.integers(1, 3))
def test_what_is_split_at_once_is_what_python_reads(text: str, width: int) -> None:
    table = split(text.encode(), width, 1, frozenset(range(width)))
    if table:
        taken = text.encode()[: table.size].decode()
        expected = list(csv.reader(io.StringIO(taken, newline=""), strict=True))
        assert [list(row) for row in table.rows] == expected
        assert all(row[index].strip() for row in expected for index in table.filled)
        assert [record.line for record in records_of(taken)] == list(table.lines)
        assert table.line_count == len(io.StringIO(taken, newline=None).readlines())


def test_all_white_space_is_known() -> None:
    spaces = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() and char not in "\r\n"]
    for written in (f"{space},x\n{whole}" for space in spaces for whole in ("", '"x",x\n')):
        table = split(written.encode(), 2, 1, frozenset([0, 1]))
        assert table
        assert not table.filled


@in_memory
@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=8), quoting=st.sampled_from([0, csv.QUOTE_ALL]))
def test_csv_that_python_writes_is_read_back(rows: list[tuple[str, str, str]], quoting: int, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    wanted = [dict(zip(FIELDS, row, strict=True)) for row in rows]
    path.write_bytes(csv_of(wanted, quoting=quoting))
    assert [row.data for row in read_rows(path)] == wanted


def records_of(text: str) -> Iterator[Any]:
    reader = CsvText(io.BytesIO(text.encode()))
    while record := reader.next_record():
        yield record


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@in_memory
@given(
    rows=st.lists(json_values, max_size=6), indent=st.none() | st.integers(0, 3), before=st.sampled_from(["", "\n "])
)
def test_elements_of_an_array_are_those_that_json_reads(rows: list[Any], indent: int | None, before: str) -> None:
    text = before + json.dumps(rows, indent=indent)
    elements = list(Elements(io.BytesIO(text.encode())))
    assert all(isinstance(element, Element) for element in elements)
    assert [json.loads(element.text) for element in elements if isinstance(element, Element)] == rows
    lines = text.split("\n")
    for element in elements:
        if isinstance(element, Element):
            assert "\n".join(lines[element.start.row - 1 :])[element.start.column - 1 :].startswith(element.text)


@in_memory
@given(
    rows=st.lists(json_values, max_size=4), at=st.integers(0, 80), put=st.sampled_from(["", ",", '"', "}", "]", "x"])
)
def test_damaged_arrays_are_refused_as_python_does(rows: list[Any], at: int, put: str, tmp_path: Path) -> None:
    text = "[" + json.dumps(rows)[1:]
    text = text[0] + text[1:at] + put + text[at + 1 :]
    report = validated(tmp_path / "data.json", text.encode())
    syntax = {codes.INVALID_JSON.code, codes.TRUNCATED_ROW.code, codes.SEVERAL_ROWS.code}
    try:
        json.loads(text)
    except json.JSONDecodeError:
        assert syntax & {finding.code for finding in report.findings}
    else:
        assert not syntax & {finding.code for finding in report.findings}


def with_checksum(content: bytes) -> bytes:
    return bytes(zstd.compress(content, options={int(zstd.CompressionParameter.checksum_flag): 1}))


PACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": with_checksum}


def jsonl_of(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def content_of(ending: str, rows: list[dict[str, Any]]) -> bytes:
    if ending == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), file)
        return file.getvalue()
    if ending == ".json":
        return json.dumps(rows, indent=1).encode()
    return csv_of(rows) if ending == ".csv" else jsonl_of(rows)


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("ending", [".jsonl", ".json", ".csv", ".parquet"])
def test_every_format_is_the_same_compressed(ending: str, packing: str, tmp_path: Path) -> None:
    rows = [*ROWS, ROWS[1], {**ROWS[0], "user_prompt": ""}]
    plain, path = tmp_path / f"data{ending}", tmp_path / f"data{ending}{packing}"
    expected = validated(plain, content_of(ending, rows))
    found = validated(path, PACK[packing](content_of(ending, rows)))
    assert (found.rows, summary_of(found)) == (expected.rows, summary_of(expected))
    assert {finding.code for finding in found.findings} == {codes.EMPTY_TEXT.code, codes.DUPLICATE_ROW.code}
    assert [row.data for row in read_rows(path)] == rows


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda whole: whole[:-2], "cut off"),
        (lambda whole: whole[:-4] + b"\0" * 4, "damaged"),
        (lambda whole: whole + b"rest", "damaged"),
    ],
    ids=["cut", "bad-checksum", "rest"],
)
@pytest.mark.parametrize("ending", [".jsonl", ".json", ".csv"])
def test_all_that_can_be_unpacked_of_a_damaged_archive_is_looked_at(
    ending: str, packing: str, damage: Any, word: str, tmp_path: Path
) -> None:
    count = 40 if ending == ".json" else 9_000
    rows = [{**ROWS[0], "user_prompt": f"{number**9}", "ground_truth": f"{number}!"} for number in range(count)]
    rows[7]["user_prompt"] = ""
    path = tmp_path / f"data{ending}{packing}"
    report = validated(path, damage(PACK[packing](content_of(ending, rows))))
    (empty, broken) = (found for found in report.findings if found.name != "ending-not-taken")
    assert (empty.name, broken.name) == ("empty-text", "broken-archive")
    assert word in broken.message
    assert broken.record is not None
    assert broken.record.number == report.rows
    assert report.rows > count - 2_000
    if word == "damaged":
        assert report.rows == count
    with pytest.raises(InputError, match=word):
        list(read_rows(path))


@pytest.mark.parametrize("ending", [".jsonl", ".json", ".csv"])
def test_a_row_that_an_archive_breaks_off_in_is_not_found_fault_with(ending: str, tmp_path: Path) -> None:
    rows = [{**ROWS[0], "user_prompt": f'{number} "\n"', "ground_truth": f"{number}!"} for number in range(40)]
    content = content_of(ending, rows)[:-40]
    path = tmp_path / f"data{ending}.gz"
    report = validated(path, gzip.compress(content, 0)[:-8])
    (broken,) = (found for found in report.findings if found.name != "ending-not-taken")
    assert broken.name == "broken-archive"
    assert 37 <= report.rows <= 39
    assert f"The {report.rows} rows before it were looked at." in broken.message
    assert broken.start.row == content.count(b"\n")


@pytest.mark.parametrize("packing", PACK)
def test_what_is_no_archive_is_one_finding(packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.jsonl{packing}"
    report = validated(path, jsonl_of(ROWS))
    (finding,) = report.findings
    assert (finding.name, report.rows) == ("broken-archive", 0)
    assert "at its start" in finding.message


@pytest.mark.parametrize("packing", PACK)
def test_several_archives_one_after_the_other_are_one_file(packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.csv{packing}"
    path.write_bytes(PACK[packing](HEADER + LINE) + PACK[packing](LINES))
    assert len(list(read_rows(path))) == 5


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".json", ".parquet"])
def test_a_bomb_is_given_up_in_little_memory(
    ending: str, packing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED", 100_000_000)
    start = {".json": b"[", ".csv": HEADER}.get(ending, b"")
    bomb = PACK[packing](start + b" " * 120_000_000)
    path = tmp_path / f"data{ending}{packing}"
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    try:
        report = validated(path, bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [finding.message for finding in report.findings if finding.name == "broken-archive"]
    assert peak < 60_000_000


@in_memory
@given(seeks=st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 6_000)), max_size=8))
def test_an_unpacked_stream_is_sought_in_like_a_file(seeks: list[tuple[int, int]]) -> None:
    content = bytes(number * number % 251 for number in range(50_000))
    stream = io.BufferedReader(Unpacked(io.BytesIO(gzip.compress(content)), ".gz"), 512)
    with pytest.MonkeyPatch.context() as patch, stream:
        patch.setattr(packed, "_WINDOW", 2_000)
        patch.setattr(packed, "_PIECE", 1_500)
        for offset, size in seeks:
            assert stream.seek(offset) == min(offset, len(content))
            assert stream.read(size) == content[offset : offset + size]


@pytest.mark.parametrize("ending", [".csv", ".json", ".csv.gz"])
def test_many_rows_take_little_memory(ending: str, tmp_path: Path) -> None:
    rows = [{**ROWS[0], "user_prompt": f'"{number}", ' + "x" * 6_000, "ground_truth": ""} for number in range(100)]
    path = tmp_path / f"data{ending}"
    with gzip.open(path, "wb", compresslevel=1) if ending.endswith(".gz") else path.open("wb") as stream:
        if ending == ".json":
            part = content_of(".json", rows)[1:-1]
            stream.write(b"[" + b",".join([part] * 100) + b"]")
        else:
            head, _, part = content_of(".csv", rows).partition(b"\n")
            stream.write(head + b"\n" + part * 100)
    tracemalloc.start()
    try:
        report = validate_file(path, path.name, RULES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (report.rows, report.errors) == (10_000, 10_000)
    assert peak < 30_000_000


def test_a_file_that_grows_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(HEADER + LINE * 20_000)
    rows = read_rows(path)
    assert next(rows).number == 0
    with path.open("ab") as stream:
        stream.write(LINE * 2_000 + b"Add.,1 +")
    with pytest.raises(
        InputError, match=r"data.csv:22002:9: The row has 2 cells and the header 3: add the missing ones\."
    ):
        list(rows)


def grow(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"\n")


def cut(path: Path) -> None:
    os.truncate(path, 100)


def rewrite(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"")
    other.replace(path)


@pytest.mark.parametrize("ending", [".csv", ".json", ".jsonl", ".jsonl.gz", ".parquet"])
@pytest.mark.parametrize(
    ("change", "word"),
    [(grow, "grew"), (cut, "was cut"), (rewrite, "was written to"), (replace, "replaced"), (Path.unlink, "removed")],
)
def test_a_file_that_changes_while_it_is_read(
    ending: str, change: Callable[[Path], None], word: str, tmp_path: Path
) -> None:
    rows = [{**ROWS[0], "user_prompt": str(number) * 50} for number in range(3_000)]
    content = content_of(ending.removesuffix(".gz"), rows)
    path = tmp_path / f"data{ending}"
    path.write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
    ticks: list[int] = []

    def at_first(read: int) -> None:
        if not ticks:
            change(path)
        ticks.append(read)

    report = validate_file(path, path.name, RULES, at_first, most=0)
    assert ticks
    (finding,) = report.findings
    assert finding.name == "file-changed", "it is shown even if none are to be"
    assert word in finding.message


@pytest.mark.parametrize("name", ["data.csv", "data.json", "data.jsonl.gz", "data.csv.zst", "data.parquet.gz"])
def test_folders_and_empty_files(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder" / name).mkdir(parents=True)
    with pytest.raises(UsageError, match="is a folder"):
        validate_file(tmp_path / "folder" / name, name, RULES)
    report = validated(tmp_path / name, b"")
    assert (report.rows, report.errors) == (0, 1)


@pytest.mark.parametrize("name", ["data.gz", "data.xlsx.gz", "data.jsonl.bz2", "data.jsonl.gz.gz"])
def test_what_is_compressed_otherwise_is_wrong_usage(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(UsageError, match="does not end like a dataset"):
        validate_file(tmp_path / name, name, RULES)


def test_findings_name_record_field_and_path(tmp_path: Path) -> None:
    report = validated(tmp_path / "data.csv", HEADER + b'Add.,"1\n+ 1?",2\n' + LINES + b"Add.,,2\n")
    record = report.findings[0].record
    assert record is not None
    assert record.to_json() == {"number": 6, "field": "user_prompt", "json_path": "$.user_prompt"}


def test_the_escape_of_a_quotation_mark_is_shown_as_it_is_written(tmp_path: Path) -> None:
    report = validated(tmp_path / "data.csv", HEADER + b'Add.,"1,2\n' + LINES)
    (unclosed,) = (finding for finding in report.findings if finding.code == codes.UNCLOSED_QUOTATION.code)
    assert unclosed.message.endswith('close it, or write "" for one in the text.')


def test_an_array_after_a_byte_order_mark_is_an_array(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    report = validated(path, b"\xef\xbb\xbf" + content_of(".json", [*ROWS, ROWS[1]]))
    assert [finding.name for finding in report.findings] == ["byte-order-mark", "duplicate-row"]
    assert [row.data for row in read_rows(path)] == [*ROWS, ROWS[1]]


def test_a_bracket_that_opens_a_list_of_all_other_rows_hides_none_of_them(tmp_path: Path) -> None:
    rows = [json.dumps({**ROWS[0], "user_prompt": f"{number} + 1?" + 400 * "x"}) for number in range(2_000)]
    rows[3] = f"[{rows[3]}"
    rows[-1] = json.dumps({**ROWS[0], "user_prompt": None})
    path = tmp_path / "data.json"
    path.write_text(f"[{','.join(rows)}]", encoding="utf-8")
    report = validate_file(path, path.name, RULES)
    assert report.rows == 2_000
    assert [finding.code for finding in report.findings if finding.severity is Severity.ERROR] == ["OSV101", "OSV124"]


def test_line_ends_inside_of_cells_tell_rows_apart_and_those_of_rows_do_not(tmp_path: Path) -> None:
    start = (HEADER + LINES).replace(b"\n", b"\r\n")
    report = validated(tmp_path / "data.csv", start + b'Add.,"1\r\n2",3\r\nAdd.,"1\n2",3\r\n')
    assert summary_of(report) == []
    report = validated(tmp_path / "data.csv", start + b'Add.,"1\n2",3\r\nAdd.,"1\n2",3\nAdd.,"1\n2",3')
    assert summary_of(report) == ["OSV151 8:1 warning", "OSV151 10:1 warning"]
