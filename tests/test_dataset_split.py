"""``dataset split`` and ``dataset sample``: no row is lost, no prompt leaks, and the same seed gives the same files."""

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from osmo_checks.datasets import read_rows
from osmo_checks.datasets import split as split_module
from osmo_checks.datasets.keys import metadata_of
from osmo_checks.datasets.sample import chosen, sample
from osmo_checks.datasets.split import Part, parts_of, path_of_part, split
from osmo_checks.datasets.targets import Target, target_at
from osmo_checks.datasets.writing import row_writers
from osmo_checks.errors import InputError, UsageError

in_memory = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
rows_of_any_kind = st.lists(
    st.fixed_dictionaries(
        {"n": st.integers(0, 9)},
        optional={
            "user_prompt": st.sampled_from(["", "a", "b", "c", None, 1]),
            "label": st.sampled_from(["x", "y", 1]),
        },
    ),
    min_size=1,
    max_size=40,
)
shares = st.sampled_from([(0.9, 0.1), (0.5, 0.5), (0.6, 0.2, 0.2), (0.99, 0.01)])


def lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_in(path: Path) -> list[dict[str, Any]]:
    return [row.data for row in read_rows(path)]


def split_in(source: Path, *numbers: float, stratify: str | None = None, seed: int = 0) -> list[list[dict[str, Any]]]:
    parts = [Part(f"p{index}", share) for index, share in enumerate(numbers)]
    done = split(source, parts, folder=None, stratify=stratify, seed=seed, overwrite=True)
    written = [rows_in(part.path) for part in done]
    assert [part.rows for part in done] == [len(rows) for rows in written]
    return written


def text_of(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


@in_memory
@given(rows=rows_of_any_kind, numbers=shares, seed=st.integers(0, 3), stratify=st.sampled_from([None, "label", "n"]))
def test_no_row_is_lost_and_no_prompt_is_in_two_parts(
    rows: list[dict[str, Any]], numbers: tuple[float, ...], seed: int, stratify: str | None, tmp_path: Path
) -> None:
    source = lines(tmp_path / "data.jsonl", rows)
    try:
        parts = split_in(source, *numbers, stratify=stratify, seed=seed)
    except InputError:  # so few prompts that a part would be empty
        assume(False)
    assert Counter(text_of(row) for part in parts for row in part) == Counter(map(text_of, rows))
    prompts = [{row["user_prompt"] for row in part if isinstance(row.get("user_prompt"), str)} - {""} for part in parts]
    wholes = [set(map(text_of, part)) for part in parts]
    for kinds in (prompts, wholes):
        assert all(not first & second for first, second in combinations(kinds, 2))
    order = list(map(text_of, rows))
    for part in parts:
        found = iter(order)
        assert all(text_of(row) in found for row in part)


def test_every_label_is_spread_as_the_shares_say(tmp_path: Path) -> None:
    rows = [{"user_prompt": str(n), "label": "rare" if n % 20 == 0 else "often"} for n in range(1_000)]
    train, evaluation = split_in(lines(tmp_path / "data.jsonl", rows), 0.9, 0.1, stratify="label")
    assert Counter(row["label"] for row in evaluation) == {"often": 95, "rare": 5}
    assert len(train) == 900


def test_labels_that_come_once_are_spread_together(tmp_path: Path) -> None:
    rows = [{"user_prompt": str(n), "label": str(n)} for n in range(100)]
    parts = split_in(lines(tmp_path / "data.jsonl", rows), 0.6, 0.3, 0.1, stratify="label")
    assert [len(part) for part in parts] == [60, 30, 10]


@pytest.mark.parametrize("rows", [9, 11])
def test_a_file_that_changes_meanwhile_is_named(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = lines(tmp_path / "data.jsonl", [{"user_prompt": str(n)} for n in range(10)])

    def change(*_: object) -> dict[int, int]:
        lines(source, [{"user_prompt": str(n)} for n in range(rows)])
        return homes(*_)  # type: ignore[arg-type]

    homes = split_module._homes
    monkeypatch.setattr(split_module, "_homes", change)
    with pytest.raises(InputError, match="has changed while it was split"):
        split_in(source, 0.5, 0.5)
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_the_seed_decides(tmp_path: Path) -> None:
    source = lines(tmp_path / "data.jsonl", [{"user_prompt": str(n)} for n in range(50)])
    first, again, other = (split_in(source, 0.5, 0.5, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_parts_keep_format_and_compression_of_the_file() -> None:
    assert path_of_part(Path("a/data.v1.jsonl.gz"), "eval", None) == Path("a/data.v1-eval.jsonl.gz")
    assert path_of_part(Path("data.parquet"), "eval", Path("b")) == Path("b/data-eval.parquet")


@pytest.mark.parametrize(
    "options",
    [
        ["train=0.9"],
        ["train=1"],
        ["train=0.9", "eval=0.2"],
        ["train=0.9", "train=0.1"],
        ["train=0.9", "eval=x"],
        ["train=0.9", "=0.1"],
        ["a/b=0.5", "c=0.5"],
        ["a=nan", "b=0.5"],
        ["a=1.5", "b=-0.5"],
        ["train", "eval"],
    ],
)
def test_parts_that_cannot_be_are_wrong_usage(options: list[str]) -> None:
    with pytest.raises(UsageError):
        parts_of(options)


def test_a_field_that_a_row_lacks_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = lines(tmp_path / "data.jsonl", [{"user_prompt": "a", "kind": 1}, {"user_prompt": "b"}])
    with pytest.raises(InputError, match=r"data.jsonl:2: the row has no field 'kind'"):
        split_in(source, 0.5, 0.5, stratify="kind")
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_the_file_is_never_written_over(link: Any, tmp_path: Path) -> None:
    source = lines(tmp_path / "data.jsonl", [{"user_prompt": str(n)} for n in range(9)])
    link(source, tmp_path / "data-p1.jsonl")
    with pytest.raises(UsageError, match="is the file that is read"):
        split_in(source, 0.5, 0.5)
    assert not (tmp_path / "data-p0.jsonl").exists()


def test_a_part_that_is_empty_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = lines(tmp_path / "data.jsonl", [{"user_prompt": "a", "n": n} for n in range(10)])
    with pytest.raises(InputError, match="p1 would be empty"):
        split_in(source, 0.9, 0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def write_mixed(targets: dict[str, Target]) -> None:
    with row_writers(targets) as writers:
        for writer in writers.values():
            writer.write("row 1", {"n": 1})
            writer.write("row 2", {"n": "text"})


def test_a_part_that_cannot_be_written_leaves_no_other(tmp_path: Path) -> None:
    targets = {name: target_at(tmp_path / name) for name in ("a.jsonl", "b.parquet", "c.csv")}
    with pytest.raises(InputError, match="one type"):
        write_mixed(targets)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("is_there", [False, True])
def test_a_disk_that_is_full_for_one_part_leaves_all_as_they_were(tmp_path: Path, *, is_there: bool) -> None:
    lines(tmp_path / "data.jsonl", [{"user_prompt": f"question {n}"} for n in range(400)])
    there = {f"data-{name}.jsonl": f"old {name}" for name in ("train", "eval") if is_there}
    for name, content in there.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    options = ["--part", "train=0.9", "--part", "eval=0.1", "--overwrite"]
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    code += "; from osmo_scaffold.main import main; main()"
    command = [sys.executable, "-B", "-c", code, "dataset", "split", "data.jsonl", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "error: data-train.jsonl and data-eval.jsonl cannot be written: File too large.\n"
    found = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.name != "data.jsonl"}
    assert found == there


@given(count=st.integers(0, 60), rows=st.integers(1, 60), seed=st.integers(0, 5))
def test_a_sample_has_as_many_rows_as_it_can_and_none_twice(count: int, rows: int, seed: int) -> None:
    taken = chosen(count, rows, seed)
    assert len(set(taken)) == len(taken) == min(rows, count)
    assert set(taken) <= set(range(count))
    assert taken == chosen(count, rows, seed)


def test_every_row_has_the_same_chance() -> None:
    taken = Counter(number for seed in range(2_000) for number in chosen(10, 3, seed))
    assert all(500 < taken[number] < 700 for number in range(10))


def test_a_sample_keeps_the_order(tmp_path: Path) -> None:
    source = lines(tmp_path / "data.jsonl", [{"n": n} for n in range(100)])
    done = sample(source, tmp_path / "out.parquet", 20, seed=3, overwrite=False)
    numbers = [row["n"] for row in rows_in(tmp_path / "out.parquet")]
    assert (done.rows, done.of, len(numbers)) == (20, 100, 20)
    assert numbers == sorted(numbers) != list(range(20))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "dataset", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)


def test_the_commands_write_and_tell(tmp_path: Path) -> None:
    lines(tmp_path / "data.jsonl", [{"user_prompt": str(n), "label": n % 2} for n in range(20)])
    parts = ["--part", "train=0.8", "--part", "eval=0.2", "--to", "parts", "--stratify", "label"]
    done = run(tmp_path, "split", "data.jsonl", *parts)
    assert done.stdout == "Wrote 16 rows to parts/data-train.jsonl.\nWrote 4 rows to parts/data-eval.jsonl.\n"
    assert run(tmp_path, "split", "data.jsonl", *parts).returncode == 2
    payload = json.loads(run(tmp_path, "split", "data.jsonl", *parts, "--overwrite", "--output-format", "json").stdout)
    assert payload["parts"][1] == {"part": "eval", "path": "parts/data-eval.jsonl", "rows": 4}
    assert run(tmp_path, "sample", "data.jsonl", "few.jsonl", "-n", "3").stdout == "Wrote 3 of 20 rows to few.jsonl.\n"
    refused = run(tmp_path, "sample", "data.jsonl", "data.jsonl", "-n", "3", "--overwrite")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def metadata_rows(kind: str, count: int) -> list[dict[str, Any]]:
    """Return two rows for each of ``count`` questions, which differ in ``kind`` only."""
    asked = [{"q": number, "deep": {"a": 1, "b": [2]}} for number in range(count)]
    again = [{"deep": {"b": [2], "a": 1}, "q": number} for number in range(count)]
    first: dict[str, Any] = {"id": "first", "ground_truth": "1"}
    second: dict[str, Any] = {"id": "second", "ground_truth": "2"}
    return [
        *(
            {**first, "metadata": {**metadata, "label": "x"} if kind == "label inside" else metadata}
            for metadata in asked
        ),
        *({**second, "metadata": json.dumps(metadata) if kind == "text" else metadata} for metadata in again),
    ]


@pytest.mark.parametrize("kind", ["order and label", "label inside", "text"])
def test_rows_with_the_same_metadata_stay_together(kind: str, tmp_path: Path) -> None:
    parts = split_in(lines(tmp_path / "data.jsonl", metadata_rows(kind, 30)), 0.5, 0.5)
    asked = [{data["q"] for data in map(metadata_of, part) if data} for part in parts]
    assert asked[0].isdisjoint(asked[1])
    assert len(asked[0] | asked[1]) == 30


def test_a_prompt_in_metadata_is_one(tmp_path: Path) -> None:
    rows = [{"metadata": {"user_prompt": f"{number % 10}?", "id": number}} for number in range(40)]
    parts = split_in(lines(tmp_path / "data.jsonl", rows), 0.5, 0.5)
    prompts = [{row["metadata"]["user_prompt"] for row in part} for part in parts]
    assert prompts[0].isdisjoint(prompts[1])


@pytest.mark.parametrize("by", ["metadata.q", "id.of row"])
def test_what_stays_together_can_be_named(by: str, tmp_path: Path) -> None:
    rows = [
        {"user_prompt": "Solve it.", "id.of row": number % 7, "metadata": {"q": number % 7, "n": number}}
        for number in range(70)
    ]
    source = lines(tmp_path / "data.jsonl", rows)
    halves = [Part("a", 0.5), Part("b", 0.5)]
    written = split(source, halves, folder=None, by=by, stratify=None, seed=0, overwrite=False)
    first, second = ({row["metadata"]["q"] for row in rows_in(part.path)} for part in written)
    assert first.isdisjoint(second)
    with pytest.raises(InputError, match=r"data\.jsonl:1: the row has no metadata\.z to keep together by"):
        split(source, halves, folder=None, by="metadata.z", stratify=None, seed=0, overwrite=True)
    with pytest.raises(InputError, match="too few prompts for a part"):
        split(source, halves, folder=None, stratify=None, seed=0, overwrite=True)
