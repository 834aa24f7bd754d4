"""What a gate answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """``FAIL`` is for what the platform would refuse or would make the run worthless; ``SKIPPED`` was not looked at."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``message`` is a sentence, ``mend`` the command for it (run at the workspace's root), ``details`` one a line."""

    status: Status
    message: str
    mend: str = ""
    details: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "message": self.message,
            "mend": self.mend or None,
            "details": list(self.details),
        }


def passed(message: str) -> Outcome:
    return Outcome(Status.PASS, message)


def warned(message: str, mend: str = "", details: tuple[str, ...] = ()) -> Outcome:
    return Outcome(Status.WARN, message, mend, details)


def failed(message: str, mend: str = "", details: tuple[str, ...] = ()) -> Outcome:
    return Outcome(Status.FAIL, message, mend, details)


def skipped(message: str) -> Outcome:
    return Outcome(Status.SKIPPED, message)
