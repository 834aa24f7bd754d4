"""How dataset files are named: the ending of a format, and after it that of a compression."""

from pathlib import PurePath
from typing import Final

#: Of the formats that can be read, in the order in which the file of a name is looked for.
FORMAT_ENDINGS: Final = (".jsonl", ".json", ".csv", ".parquet")

#: Of the compressions.
PACKING_ENDINGS: Final = (".gz", ".zst")

#: All that a dataset's file may end with; plain files come first.
DATASET_ENDINGS: Final = tuple(ending + packing for packing in ("", *PACKING_ENDINGS) for ending in FORMAT_ENDINGS)


def packing_of(path: PurePath) -> str:
    """Return the ending of ``path`` that says it is compressed, such as ``.gz``; else an empty text."""
    last = path.suffix.lower()
    return last if last in PACKING_ENDINGS else ""


def ending_of(path: PurePath) -> str:
    """Return the ending of ``path`` that tells its format, such as ``.csv`` of ``rows.csv.gz``."""
    return PurePath(path.stem).suffix.lower() if packing_of(path) else path.suffix.lower()


def is_dataset(path: PurePath) -> bool:
    """Tell whether a file is named like a dataset."""
    return ending_of(path) in FORMAT_ENDINGS


def name_of(path: PurePath) -> str:
    """Return a dataset's name: that of its file, without the endings."""
    return PurePath(path.stem).stem if packing_of(path) else path.stem
