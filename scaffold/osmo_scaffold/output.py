"""How commands speak: the result on stdout, everything else on stderr."""

import json
import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import IO, Any

from osmo_scaffold.streams import tell

SCHEMA_VERSION = 1


class OutputFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class DriverName(StrEnum):
    """Who executes a run's attempts: workers of ours, or the rollout's own server."""

    INPROCESS = "inprocess"
    SERVER = "server"


class SubmitKind(StrEnum):
    """What the official command submits."""

    EVAL = "eval"
    TRAIN = "train"


class CheckFormat(StrEnum):
    """What ``check`` can write; ``osmo_checks.formats.FORMATS`` has a module for each."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    RDJSON = "rdjson"


def emit(text: str) -> None:
    """Write a result to stdout, with a final line end unless there is nothing to write."""
    sys.stdout.write(text if not text or text.endswith("\n") else text + "\n")


def emit_json(payload: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout: the payload in the versioned envelope every command shares."""
    emit(json.dumps({"schema_version": SCHEMA_VERSION, **payload}, ensure_ascii=True, allow_nan=False, indent=2))


def say(text: str) -> None:
    """Tell the person at the terminal something that is not the result."""
    tell(text)


def has_colour(stream: IO[str]) -> bool:
    """Colour is for terminals, unless ``NO_COLOR`` is set (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and stream.isatty() and os.environ.get("TERM") != "dumb"
