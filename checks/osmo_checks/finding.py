"""The one thing every check yields: a finding, with an exact place and perhaps a fix.

Positions are 1-based; columns count Unicode code points, as ruff's do. An end position is exclusive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeAlias

Applicability: TypeAlias = Literal["safe", "unsafe", "display"]


class Severity(StrEnum):
    """How bad a finding is.

    ``ERROR`` is kept for what the platform or the SDK rejects, and for what makes a run worthless.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    row: int
    column: int

    def to_json(self) -> dict[str, int]:
        return {"row": self.row, "column": self.column}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Position":
        return cls(value["row"], value["column"])


START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from ``start`` up to, not including, ``end`` by ``content``."""

    start: Position
    end: Position
    content: str

    def to_json(self) -> dict[str, Any]:
        return {"location": self.start.to_json(), "end_location": self.end.to_json(), "content": self.content}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Edit":
        start, end = Position.from_json(value["location"]), Position.from_json(value["end_location"])
        return cls(start, end, value["content"])


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding; ``safe`` ones never change what correct code does."""

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability = "safe"

    def to_json(self) -> dict[str, Any]:
        return {
            "applicability": self.applicability,
            "message": self.message,
            "edits": [edit.to_json() for edit in self.edits],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Fix":
        return cls(value["message"], tuple(map(Edit.from_json, value["edits"])), value["applicability"])


@dataclass(frozen=True, slots=True)
class Record:
    """What of a dataset a finding is about.

    ``number`` counts records from 1, ``None`` for a column as such and where it was not counted; ``field`` is the
    top-level field, ``None`` for the record itself; ``json_path`` leads to the value, as ``$.metadata.items[2]``.
    """

    number: int | None
    field: str | None
    json_path: str | None

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "field": self.field, "json_path": self.json_path}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has to say.

    ``path`` is POSIX and relative to the workspace (or as the user gave it, outside of one).
    """

    path: str
    start: Position
    end: Position
    code: str
    name: str
    severity: Severity
    message: str
    fix: Fix | None = None
    record: Record | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "path": self.path,
            "location": self.start.to_json(),
            "end_location": self.end.to_json(),
            "fix": self.fix.to_json() if self.fix else None,
            **({"record": self.record.to_json()} if self.record else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        """Return the finding that ``to_json`` gave. Raises ``LookupError``, ``TypeError`` or ``ValueError``."""
        return cls(
            value["path"],
            Position.from_json(value["location"]),
            Position.from_json(value["end_location"]),
            value["code"],
            value["name"],
            Severity(value["severity"]),
            value["message"],
            Fix.from_json(value["fix"]) if value["fix"] else None,
            Record(**value["record"]) if "record" in value else None,
        )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by place, then code; the same finding reached along two ways is kept once."""
    return sorted(set(findings), key=lambda f: (f.path, f.start, f.code, f.message))
