"""``dataset stats`` and ``dataset diff``."""

import json
import statistics
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osmo_checks.datasets.convert import convert
from osmo_checks.datasets.difference import Difference, diff
from osmo_checks.datasets.stats import stats_of
from osmo_checks.errors import UsageError

in_memory = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
small_rows = st.lists(
    st.fixed_dictionaries({"user_prompt": st.sampled_from("abcd"), "n": st.sampled_from([1, 1.0, True, None, "1"])}),
    max_size=12,
)


def lines(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


@in_memory
@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=80))
def test_quantiles_and_bins_are_exact(sizes: list[int], tmp_path: Path) -> None:
    found = stats_of(lines(tmp_path / "data.jsonl", [{"user_prompt": "x" * size} for size in sizes]))
    lengths = found.lengths["user_prompt"]
    assert (lengths.quantiles["min"], lengths.quantiles["max"]) == (min(sizes), max(sizes))
    assert lengths.quantiles["median"] == statistics.median_low(sizes)
    assert lengths.mean == pytest.approx(statistics.mean(sizes))
    assert sum(rows for _, _, rows in lengths.bins) == len(sizes)
    assert all(rows == sum(low <= size <= high for size in sizes) for low, high, rows in lengths.bins)
    assert list(lengths.quantiles.values()) == sorted(lengths.quantiles.values())


def test_what_is_counted(tmp_path: Path) -> None:
    rows = [
        {"user_prompt": "a", "ground_truth": "1", "metadata": {"x": 1}},
        {"user_prompt": "a", "ground_truth": 1, "metadata": {"x": 1}},
        {"metadata": {"x": 1}, "ground_truth": "1", "user_prompt": "a"},
        {"user_prompt": "b", "label": "2", "metadata": None},
    ]
    found = stats_of(lines(tmp_path / "data.jsonl", rows))
    assert (found.rows, found.mode, found.metadata_rows) == (4, "metadata", 3)
    assert (found.duplicate_rows, found.duplicate_prompts) == (1, 2)
    assert found.fields["metadata"] == {"object": 3, "null": 1}
    assert found.fields["ground_truth"] == {"text": 2, "number": 1}
    assert found.labels == {"1": 3, "2": 1}


def test_stats_take_little_memory(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "data.jsonl", [{"user_prompt": f"{n} " * 60, "ground_truth": str(n)} for n in range(50_000)]
    )
    stats_of(lines(tmp_path / "warm.jsonl", [{"user_prompt": "a"}]))
    tracemalloc.start()
    try:
        found = stats_of(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found.rows, len(found.labels)) == (50_000, 50_000)
    assert path.stat().st_size > 15_000_000
    assert peak < 12_000_000


def test_stats_as_text_and_as_json(tmp_path: Path) -> None:
    lines(
        tmp_path / "data.jsonl",
        [{"user_prompt": "a" * n, "ground_truth": "x\ny" if n % 2 else "z"} for n in range(1, 7)],
    )
    text = run(tmp_path, "stats", "data.jsonl").stdout
    assert text.startswith("data.jsonl: 6 rows, prompt mode\n")
    assert "  1  1  ██████████████████████████████\n" in text
    assert "x\\ny" in text
    assert text.endswith("Repeated: 0 rows as a whole, in any order of fields, 0 rows by prompt\n")
    payload = json.loads(run(tmp_path, "stats", "data.jsonl", "--output-format", "json").stdout)["dataset"]
    assert payload["lengths"]["user_prompt"]["median"] == 3
    assert payload["labels"]["most_common"][0] == {"label": "x\ny", "rows": 3}


def test_stats_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text("", encoding="utf-8")
    done = run(tmp_path, "stats", "data.jsonl")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "data.jsonl: 0 rows, prompt mode")


@in_memory
@given(before=small_rows, after=small_rows, key=st.sampled_from([None, "row", "n"]))
def test_differences_add_up(
    before: list[dict[str, Any]], after: list[dict[str, Any]], key: str | None, tmp_path: Path
) -> None:
    first, second = lines(tmp_path / "a.jsonl", before), lines(tmp_path / "b.jsonl", after)
    found = diff(first, second, key=key, most=100)
    assert found.same + found.removed + found.changed == len(before)
    assert found.same + found.added + found.changed == len(after)
    olds, news = (Counter(json.dumps(row, sort_keys=True) for row in rows) for rows in (before, after))
    assert found.same == (olds & news).total()
    assert Counter(change.kind for change in found.changes) == Counter(
        {"added": found.added, "removed": found.removed, "changed": found.changed}
    )
    assert all(change.fields for change in found.changes if change.kind == "changed")
    back = diff(second, first, key=key, most=0)
    assert (back.added, back.removed, back.changed, back.same) == (
        found.removed,
        found.added,
        found.changed,
        found.same,
    )
    if key == "row":
        assert not found.changed


def compared(folder: Path, before: Sequence[Any], after: Sequence[Any], **options: Any) -> Difference:
    names = [lines(folder / "a.jsonl", before), lines(folder / "b.jsonl", after)]
    return diff(*names, **{"key": None, "most": 10, **options})


def test_a_changed_row_says_where_and_what(tmp_path: Path) -> None:
    before = [{"user_prompt": "p", "n": 1}, {"user_prompt": "q", "n": 2, "old": None}, {"user_prompt": "r"}]
    after = [{"user_prompt": "s"}, {"n": 1, "user_prompt": "p"}, {"user_prompt": "q", "n": True, "new": []}]
    changed, removed, added = compared(tmp_path, before, after).changes
    assert (changed.kind, changed.key) == ("changed", "q")
    assert (changed.before, changed.after) == (f"{tmp_path}/a.jsonl:2", f"{tmp_path}/b.jsonl:3")
    assert changed.fields == {"n": (2, True), "old": (None, None), "new": (None, [])}
    assert (removed.kind, removed.key, removed.after) == ("removed", "r", None)
    assert (added.kind, added.key, added.before) == ("added", "s", None)


def test_rows_can_be_compared_by_a_field(tmp_path: Path) -> None:
    found = compared(tmp_path, [{"id": 1, "user_prompt": "a"}], [{"id": 1, "user_prompt": "b"}], key="id")
    assert [change.fields for change in found.changes] == [{"user_prompt": ("a", "b")}]
    with pytest.raises(UsageError, match="no field 'nr' to compare by"):
        compared(tmp_path, [{"id": 1}], [{"id": 2}], key="nr")


def test_the_diff_command(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", [{"user_prompt": f"p{n}", "ground_truth": str(n)} for n in range(30)])
    lines(tmp_path / "b.jsonl", [{"user_prompt": f"p{n}", "ground_truth": str(n + (n > 3))} for n in range(29)])
    done = run(tmp_path, "diff", "a.jsonl", "b.jsonl", "--limit", "1")
    assert done.returncode == 0
    assert done.stdout == (
        "~ a.jsonl:5 -> b.jsonl:5  p4\n    ground_truth: 4 -> 5\n... and 25 more\n"
        "0 added, 1 removed, 25 changed, 4 the same.\n"
    )
    assert run(tmp_path, "diff", "a.jsonl", "b.jsonl", "--exit-code").returncode == 1
    same = run(tmp_path, "diff", "a.jsonl", "a.jsonl", "--exit-code")
    assert (same.returncode, same.stdout) == (0, "No differences in 30 rows.\n")
    lines(tmp_path / "c.jsonl", [{"user_prompt": "p"}])
    assert run(tmp_path, "diff", "c.jsonl", "c.jsonl").stdout == "No differences in 1 row.\n"
    payload = json.loads(run(tmp_path, "diff", "a.jsonl", "b.jsonl", "--output-format", "json").stdout)
    assert payload["summary"] == {"added": 0, "removed": 1, "changed": 25, "same": 4, "not_shown": 6}
    assert payload["changes"][0]["fields"] == {"ground_truth": {"before": "4", "after": "5"}}


def test_metadata_is_the_same_as_an_object_and_as_a_text(tmp_path: Path) -> None:
    source = lines(tmp_path / "a.jsonl", [{"user_prompt": "a", "metadata": {"b": [1, "x"], "c": {"d": "e"}}}])
    convert(source, tmp_path / "a.csv", {}, keep=True, overwrite=False)
    assert diff(source, tmp_path / "a.csv", key=None, most=9).total == 0


def test_a_terminal_is_told_nothing_by_rows(tmp_path: Path) -> None:
    row = {"user_prompt": "p", "ground_truth": "a\x1b[2J", "\x1b[31m": 1}
    lines(tmp_path / "a.jsonl", [row])
    lines(tmp_path / "b.jsonl", [{**row, "ground_truth": "b\n"}])
    shown = run(tmp_path, "stats", "a.jsonl").stdout + run(tmp_path, "diff", "a.jsonl", "b.jsonl").stdout
    assert "\x1b" not in shown
    assert "ground_truth: a\\x1b[2J -> b\\n" in shown
    assert "\\x1b[31m" in shown
