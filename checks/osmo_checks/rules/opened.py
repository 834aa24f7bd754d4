"""Which files code opens, as far as that is written in it."""

from collections.abc import Iterator
from typing import NamedTuple

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope, Site, ValueBinding
from osmo_checks.python.values import Constant, External
from osmo_checks.rollout import Rollout, last_name

_OPEN = ("builtins.open", "io.open", "aiofiles.open", "codecs.open", "gzip.open")
_READERS = (
    *("pandas.read_csv", "pandas.read_json", "pandas.read_parquet", "polars.read_csv", "polars.read_parquet"),
    *("numpy.load", "numpy.loadtxt", "PIL.Image.open"),
)
_PATH = External("pathlib.Path")
_READING = ("read_text", "read_bytes")
_WRITING = ("write_text", "write_bytes")


class Opened(NamedTuple):
    """``path`` as written in the code at ``node``, which ``site`` opens."""

    path: str
    node: cst.BaseExpression
    site: Site[cst.Call]
    writes: bool


def opened_in(rollout: Rollout, scope: Scope) -> Iterator[Opened]:
    """Yield the files of known path that a scope's own code opens."""
    for call in rollout.calls_in(scope):
        node, method = call.site.node, last_name(call.site.node.func)
        if call.name in _OPEN or call.name in _READERS:
            mode = call.argument("mode", 1) if call.name in _OPEN else None
            given = call.argument("file", 0)
        elif isinstance(node.func, cst.Attribute) and method in (*_READING, *_WRITING, "open"):
            mode = call.argument("mode", 0) if method == "open" else None
            given = _given_to_path(rollout, scope, node.func.value)
        else:
            continue
        path = rollout.resolver.expression(given, scope) if given else None
        writes = method in _WRITING or _writes(rollout, scope, mode)
        if given and isinstance(path, Constant) and isinstance(path.value, str) and writes is not None:
            yield Opened(path.value, given, call.site, writes)


def _given_to_path(rollout: Rollout, scope: Scope, receiver: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the text in ``Path("text")``, there or where the name of it was given."""
    if isinstance(receiver, cst.Name):
        place: Scope | None = scope
        while place and receiver.value not in place.bindings:
            place = place.outer
        bindings = place.bindings[receiver.value] if place else []
        only = bindings[0] if len(bindings) == 1 else None
        receiver = only.value if isinstance(only, ValueBinding) and only.value else receiver
        scope = place or scope
    if not isinstance(receiver, cst.Call) or len(receiver.args) != 1:
        return None
    return receiver.args[0].value if rollout.resolver.expression(receiver.func, scope) == _PATH else None


def _writes(rollout: Rollout, scope: Scope, mode: cst.BaseExpression | None) -> bool | None:
    """Tell whether a file is opened to be written; ``None`` where the mode is not known."""
    if mode is None:
        return False
    value = rollout.resolver.expression(mode, scope)
    return any(letter in value.value for letter in "wax+") if isinstance(value, Constant) else None
