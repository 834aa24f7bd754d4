"""Whether the platform takes a file before it looks at any row: by its name and size."""

import shlex
from pathlib import Path, PurePosixPath
from typing import Final

from osmo_checks.datasets import codes
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import DatasetRules
from osmo_checks.endings import ending_of, packing_of

_GIB: Final = 1024**3


def is_taken(path: Path, rules: DatasetRules) -> bool:
    return path.suffix.lower() in rules.endings


def convert_command(path: Path, shown: str, rules: DatasetRules) -> str:
    """Return the command that writes the dataset ``path``, called ``shown``, as a file that the platform takes."""
    unpacked = shown[: len(shown) - len(packing_of(path))]
    target = unpacked if ending_of(path) in rules.endings else PurePosixPath(unpacked).with_suffix(".jsonl").as_posix()
    return f"osmo-scaffold dataset convert {shlex.quote(shown)} {shlex.quote(target)}"


def look_at_file(path: Path, rules: DatasetRules, report: FileReport) -> None:
    """Report it where the platform refuses the file ``path``, whatever is in it."""
    if not is_taken(path, rules):
        *most, least = rules.endings
        taken = f"{', '.join(most)} and {least}"
        command = convert_command(path, report.path, rules)
        report.add(codes.ENDING_NOT_TAKEN, f"The platform takes {taken} files only: `{command}` writes one.")
    size = path.stat().st_size
    if rules.max_bytes is not None and size > rules.max_bytes:
        message = f"The file has {size / _GIB:.1f} GiB, and the platform takes {rules.max_bytes / _GIB:g}"
        report.add(codes.FILE_TOO_LARGE, f"{message}: write it as Parquet, or a sample of it.")
