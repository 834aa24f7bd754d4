"""A key or token stands in the workspace's pyproject.toml.

## What it does
Looks through `pyproject.toml` at the workspace's root for the forms of well-known keys, and for addresses with a
password.

## Why is this bad?
The file is committed, and everyone who works with the repository reads it. Tokens get there in addresses of packages
and indexes, and in settings of tools.

## How to fix it
Revoke the key, since it has been written down. Tools read keys from environment variables: set one where the tool runs.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.places import secrets_of
from osmo_checks.sources import read_lines
from osmo_checks.subjects import Layout

_NAME = "pyproject.toml"


def check(layout: Layout) -> Iterator[Problem]:
    text = "\n".join(read_lines(layout.workspace.root / _NAME) or ())
    for place, kind in secrets_of(_NAME, text):
        yield Problem(place, f"This is {kind}: revoke it, and give its successor in an environment variable.")


# In parts, so that this file holds nothing of the form of a key.
_OPENAI = "sk-" + "proj-" + "Zk3vQ9dLr7TbXw2NcY8mHf4J"
_INDEX = "https" + "://reader:" + "q8Zt4vLw2Nx9" + "@packages.internal"

RULE = Rule(
    code="OSS109",
    name="secret-in-settings",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example({"pyproject.toml": f'[tool.judge]\napi_key = "«{_OPENAI}»"\n'}),
        Example({"pyproject.toml": f'[[tool.uv.index]]\nname = "ours"\nurl = "«{_INDEX}»/simple"\n'}),
    ),
    good=(Example({"pyproject.toml": '[tool.judge]\napi_key = "sk-your-key-goes-in-here"\n'}),),
)
