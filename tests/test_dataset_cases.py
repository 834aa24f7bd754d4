"""Every file in cases/datasets/<generation>/ has its findings beside it: ``CODE row:column severity``, one a line.

To add a case, add a dataset of any format, ``NAME.jsonl`` for instance, and ``NAME.expected``.
"""

import gzip
from pathlib import Path

import pytest

from osmo_checks.contracts import load_contract
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import rules_of
from osmo_checks.datasets.validate import validate_file

CASES = Path(__file__).parent / "cases" / "datasets"
FILES = sorted(path for path in CASES.glob("*/*") if path.suffix != ".expected")

ROW = b'{"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}'
ROWS = [ROW.replace(b"1 + 1?", b"%d + 1?" % number) for number in (2, 3, 4)]


def lines(*content: bytes) -> bytes:
    return b"".join(line + b"\n" for line in content)


#: Files an editor, or git, would mangle: content, and what is expected.
BINARY = {
    "byte-order-mark": (b"\xef\xbb\xbf" + lines(*ROWS, b"{"), ["OSV103 1:1 error", "OSV108 4:2 error"]),
    "utf-16-with-mark": (lines(*ROWS, ROW).decode().encode("utf-16"), ["OSV104 1:1 error"]),
    "utf-16-little-endian": (lines(*ROWS, ROW).decode().encode("utf-16-le"), ["OSV104 1:1 error"]),
    "utf-16-big-endian": (lines(*ROWS, ROW).decode().encode("utf-16-be"), ["OSV104 1:1 error"]),
    "utf-32": (lines(*ROWS, ROW).decode().encode("utf-32"), ["OSV104 1:1 error"]),
    "gzip": (b"\x1f\x8b\x08\x00 and more", ["OSV104 1:1 error"]),
    "zstd": (b"\x28\xb5\x2f\xfd and more", ["OSV104 1:1 error"]),
    "parquet": (b"PAR1\x15\x04", ["OSV104 1:1 error"]),
    "latin-1": (lines(*ROWS, ROW.replace(b"Add.", b"\xe9t\xe9")), ["OSV102 4:20 error"]),
    "bad-byte-after-wide-ones": (
        lines(*ROWS, ROW.replace(b"Add.", "é🧮".encode() + b"\xff")),
        ["OSV102 4:22 error"],
    ),
    "encoded-surrogate": (lines(*ROWS, ROW.replace(b"Add.", b"\xed\xa0\x80")), ["OSV102 4:20 error"]),
    "overlong-slash": (lines(*ROWS, ROW.replace(b"Add.", b"\xc0\xaf")), ["OSV102 4:20 error"]),
    "bad-byte-in-an-extra-field": (
        lines(*[row[:-1] + b', "z": "a"}' for row in [*ROWS, ROW]], ROW[:-1] + b', "z": "\xff"}'),
        ["OSV102 5:79 error"],
    ),
    "carriage-returns-alone": (b"\r".join([*ROWS, ROW]), ["OSV105 1:72 error"]),
    "carriage-return-line-feed": (b"\r\n".join([*ROWS, ROW, b""]), []),
    "nul-line": (lines(*ROWS, b"\0\0\0\0", ROW), ["OSV101 4:1 error"]),
    "nul-in-text": (lines(*ROWS, ROW.replace(b"Add.", b"A\0")), ["OSV101 4:21 error"]),
    "nul-tail": (lines(*ROWS, ROW) + b"\0" * 100, ["OSV101 5:1 error"]),
    "form-feed-line": (lines(*ROWS, b"\x0c", ROW), ["OSV107 4:1 warning"]),
    "line-separator-is-no-line-end": (
        lines(*ROWS, ROW.replace(b"Add.", "a\u2028b".encode()), b"x"),
        ["OSV101 5:1 error"],
    ),
    "hundred-thousand-brackets": (lines(*ROWS, b"[" * 100_000, ROW), ["OSV111 4:501 error"]),
    "hundred-thousand-objects": (lines(*ROWS, b'{"a":' * 100_000, ROW), ["OSV111 4:2501 error"]),
    "unclosed-bracket-on-every-line": (lines(ROW, *[b" ["] * 3), [f"OSV108 {row}:3 error" for row in (2, 3, 4)]),
    "empty-line-only": (b"\n", ["OSV107 1:1 warning", "OSV141 1:1 error"]),
    "nothing": (b"", ["OSV141 1:1 error"]),
}


def validated(path: Path, generation: str = "0.2") -> FileReport:
    return validate_file(path, path.name, rules_of(load_contract(generation)))


def summary_of(report: FileReport) -> list[str]:
    return [f"{f.code} {f.start.row}:{f.start.column} {f.severity.value}" for f in report.findings]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_findings_of_a_case_are_the_expected_ones(path: Path) -> None:
    report = validated(path, path.parent.name)
    assert summary_of(report) == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert report.errors + report.warnings == len(report.findings)


@pytest.mark.parametrize("name", BINARY)
def test_findings_of_binary_content(name: str, tmp_path: Path) -> None:
    content, expected = BINARY[name]
    path = tmp_path / "data.jsonl"
    path.write_bytes(content)
    assert summary_of(validated(path)) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_finding_lies_inside_its_line_and_ends_after_it_starts(path: Path) -> None:
    content = path.read_text(encoding="utf-8").split("\n")
    for finding in validated(path, path.parent.name).findings:
        assert finding.start <= finding.end
        assert 1 <= finding.start.column <= len(content[finding.start.row - 1]) + 1


def test_a_bad_row_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(lines(*ROWS, ROW, *[b"{bad"] * 50, ROW.replace(b"1 + 1?", b"5 + 1?")))
    assert summary_of(validated(path)) == [f"OSV101 {row}:2 error" for row in range(5, 55)]


def test_all_findings_are_counted_and_the_first_thousand_kept(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(lines(*ROWS, *[b"x"] * 1_500))
    report = validated(path)
    assert (report.errors, len(report.findings), report.hidden) == (1_500, 1_000, 500)
    assert report.rows == 1_503


def test_that_a_file_was_not_read_to_its_end_is_shown_after_any_number_of_findings(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl.gz"
    path.write_bytes(gzip.compress(lines(*ROWS, *[b"x"] * 1_500))[:-8])
    report = validated(path)
    assert len(report.findings) == 1_001
    assert report.findings[-1].name == "broken-archive"
    merged = FileReport("data.jsonl", most=2)
    merged.merge(report)
    assert [finding.name for finding in merged.findings] == ["invalid-json", "invalid-json", "broken-archive"]
