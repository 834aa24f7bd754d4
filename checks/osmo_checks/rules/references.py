"""Texts of the form `module:name`, which the SDK and uvicorn import."""

from difflib import get_close_matches

from osmo_checks.python import nodes as cst
from osmo_checks.python.scope import Scope
from osmo_checks.rollout import Rollout
from osmo_checks.rules.startup import is_guarded


def mistake_in(rollout: Rollout, reference: str) -> str | None:
    """Return what is wrong with ``reference`` and what to do; ``None`` where nothing is, or it cannot be followed."""
    name, colon, attribute = reference.rpartition(":")
    if not colon:
        name, _, attribute = reference.rpartition(".")
        if not name:
            return f"A reference needs a colon and a name: write `{attribute}:NAME`."
        return f"A reference needs a colon before the name: write `{name}:{attribute}`."
    first = attribute.partition(".")[0]
    module = rollout.project.find(name)
    if not module or module.problem or module.scope.stars or "__getattr__" in module.scope.bindings:
        return None
    if _is_only_guarded(module.scope, first):
        return f"`{first}` is made only where `{module.source.shown}` is started: make it above, for imports too."
    if first in module.scope.bindings:
        return None
    near = get_close_matches(first, module.scope.bindings, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "define it there, or correct the name."
    return f"There is no `{first}` in `{module.source.shown}`: {hint}"


def _is_only_guarded(module: Scope, name: str) -> bool:
    """Tell whether ``name`` is assigned below ``if __name__ == "__main__":``, and nowhere else."""
    guarded = [
        target
        for site in module.each(cst.Assign)
        for target in site.node.targets
        if isinstance(target.target, cst.Name) and target.target.value == name and is_guarded(site)
    ]
    return bool(guarded) and len(guarded) == len(module.bindings[name])
