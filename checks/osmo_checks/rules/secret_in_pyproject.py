"""A key or token stands in a rollout's pyproject.toml.

## What it does
Looks through `rollouts/<name>/pyproject.toml` for the forms of well-known keys, and for addresses with a password.

## Why is this bad?
Tokens for private packages end up in addresses of `dependencies`, `[tool.uv.sources]` and indexes. The file is
committed, and installers print these addresses to the log of the run.

## How to fix it
Revoke the token, since it has been written down. Take it out of the address; publish the package where the platform can
install it without one, or move its code into the repository.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.places import secrets_of


def check(rollout: Rollout) -> Iterator[Problem]:
    toml = rollout.pyproject
    for place, kind in secrets_of(toml.shown, toml.text) if toml else ():
        yield Problem(place, f"This is {kind}: revoke it, and install what it is for without one.")


def _pyproject(dependency: str, more: str = "") -> Example:
    dependencies = f'["osmosis-ai[server]>=0.2.31,<0.3", "{dependency}"]'
    text = f'[project]\nname = "demo"\ndependencies = {dependencies}\n{more}'
    return Example({"rollouts/demo/pyproject.toml": text})


# In parts, so that this file holds nothing of the form of a key.
_GITHUB = "ghp_" + "a8Fj2kLq9ZxWv3Tn7Rb5Yc1Hm6Pd4Sg0Ue2X"
_INDEX = "https" + "://reader:" + "q8Zt4vLw2Nx9" + "@packages.internal"

RULE = Rule(
    code="OSS108",
    name="secret-in-pyproject",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        _pyproject(f"ours @ git+https://«{_GITHUB}»@github.com/example/ours.git@0123abc"),
        _pyproject("ours", f'\n[[tool.uv.index]]\nname = "ours"\nurl = "«{_INDEX}»/simple"\n'),
    ),
    good=(
        _pyproject("ours @ git+https://github.com/example/ours.git@0123abc"),
        _pyproject("ours", '\n[[tool.uv.index]]\nname = "ours"\nurl = "https://packages.example.org/simple"\n'),
    ),
)
