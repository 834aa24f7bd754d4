"""What one SDK generation asks of a dataset: the ``[dataset]`` table of its contract, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from osmo_checks.contracts import Contract
from osmo_checks.finding import Severity

METADATA = "metadata"
PROMPT = "user_prompt"
SYSTEM = "system_prompt"
LABEL = "ground_truth"

#: ``mode``: a first row with metadata makes every row need it, and prompts and labels optional.
MetadataRule = Literal["ignored", "optional", "mode"]


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How bad it is where a text column's value is missing, null, and so on; ``None``: not at all."""

    name: str
    alias: str | None
    missing: Severity | None
    null: Severity | None
    empty: Severity | None
    blank: Severity | None
    scalar: Severity | None
    container: Severity | None

    def optional(self) -> "ColumnRule":
        """Return the rule for a dataset of metadata, whose rows need no prompts."""
        return replace(self, missing=None, null=None, empty=self.empty and Severity.WARNING)


@dataclass(frozen=True, slots=True)
class DatasetRules:
    """The rules of one generation. ``endings`` are those of the files that it takes, such as ``.csv``.

    ``max_bytes`` is the most that a file may have, ``None`` where there is no such limit.
    """

    generation: str
    endings: tuple[str, ...]
    max_bytes: int | None
    columns: tuple[ColumnRule, ...]
    min_rows: int
    fields_differ: Severity | None
    metadata: MetadataRule


def rules_of(contract: Contract) -> DatasetRules:
    """Read the rules from a contract. Raises ``KeyError`` or ``ValueError`` where its ``[dataset]`` table is wrong."""
    table: Mapping[str, Any] = contract.data["dataset"]
    return DatasetRules(
        generation=contract.generation,
        endings=tuple(f".{ending}" for ending in table["endings"]),
        max_bytes=table.get("max_bytes"),
        columns=tuple(_column(name, column) for name, column in table["columns"].items()),
        min_rows=table["min_rows"],
        fields_differ=_severity(table["fields_differ"]),
        metadata=table["metadata"],
    )


def _column(name: str, table: Mapping[str, Any]) -> ColumnRule:
    severities = {key: _severity(value) for key, value in table.items() if key != "alias"}
    return ColumnRule(name, table.get("alias"), **severities)


def _severity(text: str) -> Severity | None:
    return None if text == "off" else Severity(text)
