"""What a run was started with. A run is resumed only under equal inputs."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from osmo_checks import __version__
from osmo_checks.errors import UsageError
from osmo_checks.files import write_atomically
from osmo_runtime import own_files

#: Not part of what a rollout does: caches, environments, what tools leave behind.
_IGNORED = {"__pycache__", "node_modules", "build", "dist"}


#: What to say of what is only known by a digest.
_CHANGED: Final = {
    "rollout_digest": "the rollout's files have changed",
    "dataset_digest": "the dataset's rows have changed",
    "row_numbers_digest": "other rows are asked for",
    "policy_digest": "the policy's file has changed",
    "env_digest": "the config's [env] has changed",
}


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder_digest(folder: Path) -> str:
    """Return a digest of the names and contents of a folder's files, hidden ones and caches left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(_is_left_behind(part) for part in parts):
            # A file's name may be any bytes, and need not be text.
            digest.update(os.fsencode("/".join(parts)) + f"\0{file_digest(path)}\n".encode())
    return digest.hexdigest()


def _is_left_behind(name: str) -> bool:
    return name.startswith(".") or name.endswith(".egg-info") or name in _IGNORED


def text_digest(values: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True).encode()).hexdigest()


def write_or_compare(path: Path, name: str, inputs: Mapping[str, Any]) -> None:
    """Write the inputs of a new run. Raises ``UsageError`` where the run exists and was started with others."""
    try:
        with own_files.read(path) as stream:
            earlier = json.load(stream)
    except FileNotFoundError:
        content = {"schema_version": 1, "tool": f"osmo-scaffold {__version__}", **inputs}
        write_atomically(path, json.dumps(content, indent=2).encode() + b"\n")
        return
    except (ValueError, RecursionError):
        earlier = None
    if not isinstance(earlier, dict):
        raise UsageError(f"The run {name} has an inputs.json that is not what was written: use another --name.")
    different = [
        _difference(key, earlier.get(key), value) for key, value in inputs.items() if earlier.get(key) != value
    ]
    if different:
        raise UsageError(
            f"The run {name} was started with other inputs ({'; '.join(different)}): "
            "use another --name, or go back to those inputs to resume it."
        )


def _difference(key: str, earlier: Any, now: Any) -> str:
    return _CHANGED.get(key) or f"{key.replace('_', ' ')} was {earlier!r} and is {now!r}"
