"""Remembers what looking at each rollout gave, by the contents of all that was read for it.

Where one file of many changed, or none did but all were written anew (a fresh checkout), only what is new is looked at.
As answers of whole checks do (:mod:`osmo_checks.replay`), looks lie in the user's own cache folder, as JSON, and hold
for our own code as it was and for the same names in the workspace: which files there are decides what imports find.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from osmo_checks.credentials import kind_of_secret
from osmo_checks.finding import Finding
from osmo_checks.looking import Look
from osmo_checks.replay import cache_folder, names_of, state_of, write_privately
from osmo_checks.sources import Read, read_file

_FORMAT: Final = 1


class Memory:
    """What is remembered of the workspace in the folder ``root``. ``read`` gives the files as they are now."""

    def __init__(self, root: Path, read: Read = read_file) -> None:
        self._read = read
        self._path = Path(cache_folder(), "looks", _digest(os.fsencode(root)))
        self._state = [_FORMAT, state_of([]), names_of([str(root)])]
        self._before = self._load()
        self._now: dict[str, Any] = {}
        self._digests: dict[str, str] = {}

    def answer(self, question: str, look: Callable[[Read], Look]) -> Look:
        """Return what ``look`` gave for ``question`` before, if all that it read is the same; else look."""
        question = _digest(question.encode())
        known = self._before.get(question)
        # Somebody may have written anything there.
        with suppress(LookupError, TypeError, ValueError, AttributeError):
            if known and all(self._digest_of(path) == digest for path, digest in known["files"].items()):
                remembered = _look_from(known["look"])
                self._now[question] = known
                return remembered
        files: dict[str, str] = {}

        def read(path: Path) -> bytes:
            files[str(path)] = self._digest_of(str(path))
            return self._read(path)

        seen = look(read)
        if not any(_repeats_secret(finding) for finding in seen.findings):
            self._now[question] = {"files": files, "look": _as_json(seen)}
        return seen

    def save(self) -> None:
        """Keep what was asked since the start. What cannot be written is forgotten."""
        if self._now != self._before:
            write_privately(str(self._path), json.dumps({"state": self._state, "looks": self._now}))

    def _load(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_bytes())
            return dict(kept["looks"]) if kept["state"] == self._state else {}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return {}

    def _digest_of(self, path: str) -> str:
        if path not in self._digests:
            try:
                self._digests[path] = _digest(self._read(Path(path)))
            except OSError as error:
                self._digests[path] = f"{error.errno}"
        return self._digests[path]


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _repeats_secret(finding: Finding) -> bool:
    edits = finding.fix.edits if finding.fix else ()
    return any(kind_of_secret(text) for text in (finding.message, *(edit.content for edit in edits)))


def _as_json(look: Look) -> dict[str, Any]:
    return {
        "findings": [finding.to_json() for finding in look.findings],
        "paths": list(look.paths),
        "whole": look.whole,
    }


def _look_from(kept: dict[str, Any]) -> Look:
    return Look(tuple(map(Finding.from_json, kept["findings"])), tuple(kept["paths"]), whole=bool(kept["whole"]))
