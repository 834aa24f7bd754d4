"""Validates ``.json`` files: an array of objects, or JSON Lines under that name."""

from collections.abc import Callable
from typing import BinaryIO

from osmo_checks.datasets import jsonl
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.rules import DatasetRules


def validate(stream: BinaryIO, rules: DatasetRules, report: FileReport, tick: Callable[[int], None]) -> None:
    """Look at every row of ``stream`` (buffered, at its start) and add what is wrong to ``report``."""
    jsonl.validate(stream, rules, report, tick)
