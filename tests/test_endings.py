"""One list of endings tells which files are datasets, to configs and to readers alike."""

from pathlib import Path

import pytest

from osmo_checks.datasets import read_rows
from osmo_checks.datasets.convert import convert
from osmo_checks.datasets.packed import PACKINGS
from osmo_checks.datasets.registry import FORMATS
from osmo_checks.endings import DATASET_ENDINGS, FORMAT_ENDINGS, PACKING_ENDINGS, name_of
from osmo_checks.workspace import Workspace

ROW = b'{"system_prompt": "Add.", "user_prompt": "1 + 1?", "ground_truth": "2"}\n'


def test_what_can_be_read_is_what_is_looked_for() -> None:
    assert tuple(FORMATS) == FORMAT_ENDINGS
    assert tuple(PACKINGS) == PACKING_ENDINGS


#: Parquet compresses by itself, and is not written compressed once more.
WRITTEN = [ending for ending in DATASET_ENDINGS if not ending.startswith(".parquet.")]


@pytest.mark.parametrize("ending", WRITTEN)
def test_a_config_finds_the_file_of_a_name_whatever_it_ends_with(ending: str, tmp_path: Path) -> None:
    source, data = tmp_path / "source.jsonl", tmp_path / "data"
    source.write_bytes(ROW * 4)
    data.mkdir()
    convert(source, data / f"sums.v1{ending}", {}, keep=True, overwrite=False)
    workspace = Workspace(tmp_path)
    assert workspace.dataset_names() == ["sums.v1"]
    for name in ("sums.v1", f"sums.v1{ending}"):
        found = workspace.dataset(name)
        assert found is not None
        assert [row.data["ground_truth"] for row in read_rows(found)] == ["2"] * 4


def test_a_plain_file_comes_before_a_compressed_one(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("a.jsonl.gz", "a.parquet", "b.txt", "b.tar.gz"):
        (tmp_path / "data" / name).write_bytes(b"")
    workspace = Workspace(tmp_path)
    assert workspace.dataset("a") == tmp_path / "data" / "a.parquet"
    assert workspace.dataset("b") is None
    assert name_of(Path("x.CSV.GZ")) == "x"
