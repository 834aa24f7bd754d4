"""What a rollout's own ``pyproject.toml`` says of how it is run: ``[tool.osmo-scaffold]``."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from osmo_checks.configs import require_toml
from osmo_checks.errors import InputError, UsageError
from osmo_runtime import policies
from osmo_runtime.policies.faults import parse_faults

_KEYS = ("policy", "fault", "seed", "concurrency")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What counts where the command line says nothing; ``None`` and an empty text where the rollout does not either."""

    policy: str | None = None
    fault: str = ""
    seed: int = 0
    concurrency: int | None = None


def read_defaults(path: Path, shown: str) -> Defaults:
    """Read ``[tool.osmo-scaffold]``. Raises ``InputError``, naming the file as ``shown``, for what is wrong in it."""
    if not path.exists():
        return Defaults()
    tool = require_toml(path, shown).get("tool")
    table = tool.get("osmo-scaffold", {}) if isinstance(tool, dict) else {}
    where = f"{shown}, [tool.osmo-scaffold]"
    if not isinstance(table, dict):
        raise InputError(f"{where} has to be a table.")
    _refuse_unknown(table, where)
    try:
        return _defaults(table, where)
    except UsageError as error:
        raise InputError(f"{where}: {error}") from None


def _refuse_unknown(table: Mapping[str, Any], where: str) -> None:
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"a rollout's has {', '.join(_KEYS)}."
            raise InputError(f"{where} has no setting `{key}`: {hint}")


def _defaults(table: Mapping[str, Any], where: str) -> Defaults:
    policy, fault = _text(table, "policy", where), _text(table, "fault", where) or ""
    if policy is not None:
        policies.parse(policy)
    if fault:
        parse_faults(fault)
    concurrency = _whole(table, "concurrency", where)
    if concurrency is not None and concurrency < 1:
        raise InputError(f"{where}: concurrency has to be a whole number from 1.")
    return Defaults(policy, fault, _whole(table, "seed", where) or 0, concurrency)


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f'{where}: {key} has to be a text, as in `{key} = "..."`.')
    return value


def _whole(table: Mapping[str, Any], key: str, where: str) -> int | None:
    value = table.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise InputError(f"{where}: {key} has to be a whole number.")
    return value
