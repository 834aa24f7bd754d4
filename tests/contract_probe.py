"""Run by Python 3.12 with a real SDK: prints what is there, for the names that a contract lists.

``python contract_probe.py CONTRACT.toml``; the answer is one JSON object on stdout. Standard library only. With
``--built-in``, what is looked at is the built-in SDK of the contract's generation.
"""

import dataclasses
import importlib
import importlib.metadata
import importlib.util
import inspect
import json
import sys
import tomllib
from pathlib import Path
from typing import Any


def look_up(dotted: str) -> Any:
    """Return what a dotted name leads to. Raises ``LookupError`` where it leads nowhere."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                raise LookupError(dotted)
            found = getattr(found, part)
        return found
    raise LookupError(dotted)


def module(name: str) -> dict[str, Any]:
    """Return the public names of a module, and those it declares to be so (``None`` where it declares none)."""
    found = importlib.import_module(name)
    return {"names": sorted(dir(found)), "declared": sorted(found.__all__) if hasattr(found, "__all__") else None}


def attributes(dotted: str) -> list[str]:
    """Return the public attributes that instances of a class have."""
    found = look_up(dotted)
    fields = [field.name for field in dataclasses.fields(found)]
    return sorted(name for name in {*fields, *dir(found)} if not name.startswith("_"))


def parameters(dotted: str) -> list[tuple[str, str, bool]]:
    """Return name, kind and whether it may be left out, of each parameter a caller passes."""
    found = look_up(dotted)
    method = inspect.isfunction(found) and "." in found.__qualname__
    listed = list(inspect.signature(found).parameters.values())[1 if method else 0 :]
    return [(one.name, one.kind.name, one.default is not one.empty) for one in listed]


def returned(dotted: str) -> str:
    return str(inspect.signature(look_up(dotted)).return_annotation)


def is_there(dotted: str) -> bool:
    try:
        found = look_up(dotted)
    except LookupError:
        owner, _, name = dotted.rpartition(".")
        try:
            return name in attributes(owner)
        except (LookupError, TypeError):
            return False
    return found is not None


def is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def version(package: str, generation: str) -> str:
    """Return the version of the SDK; the built-in one, which is asked for here, says it itself."""
    if "--built-in" not in sys.argv:
        return importlib.metadata.version("osmosis-ai")
    from osmo_runtime.sdk import finder

    finder.install(generation)
    return str(importlib.import_module(package).__version__)


def every_module(package: str) -> list[str]:
    """Return the dotted names of all modules of a package, found by their files."""
    (folder,) = importlib.import_module(package).__path__
    paths = [path.relative_to(Path(folder).parent) for path in Path(folder).rglob("*.py")]
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths)


def main() -> None:
    contract = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    calls = contract["calls"]
    roles = [f"{contract[role]['base']}.{contract[role]['method']}" for role in ("workflow", "grader", "sample_source")]
    signed = [*roles, *contract["signatures"]]
    answer = {
        "version": version(contract["package"], contract["generation"]),
        "modules": {name: module(name) for name in contract["modules"]},
        "attributes": {name: attributes(name) for name in contract["attributes"]},
        "parameters": {name: parameters(name) for name in signed},
        "returns": {name: returned(name) for name in contract["returns"]},
        "awaited": {
            name: inspect.iscoroutinefunction(look_up(name)) for name in (*roles, *calls["coroutines"], *calls["plain"])
        },
        "other_modules": {name: is_module(name) for name in contract["other_modules"]},
        "every_module": every_module(contract["package"]),
        "renamed": {name: is_there(name) for name in contract["renamed"]},
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
