"""A connection does not check whom it talks to.

## What it does
Looks for `verify=False` of requests and httpx, `ssl=False` of aiohttp, and `ssl._create_unverified_context()`.

## Why is this bad?
Anyone between the rollout and the service can read the key that is sent and change what comes back, rewards of a judge
included.

## How to fix it
Remove the argument. For a certificate of your own, give its file: `verify="certs/our-ca.pem"`.
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Call, Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code

#: Parameters that switch checking off when they are false, by the first part of what is called.
_CHECKING = {"requests": "verify", "httpx": "verify", "aiohttp": "ssl"}
_UNCHECKED = "ssl._create_unverified_context"


def check(rollout: Rollout) -> Iterator[Problem]:
    for call in rollout.calls:
        node = _switch(call)
        if node is not None:
            place = in_code(rollout, call.site.scope, node)
            yield Problem(place, "This connects without checking the other side's certificate: remove it.")


def _switch(call: Call) -> cst.CSTNode | None:
    if call.name == _UNCHECKED:
        return call.site.node
    keyword = _CHECKING.get(call.name.partition(".")[0])
    value = call.argument(keyword) if keyword else None
    is_false = isinstance(value, cst.Name) and value.value == "False"
    return next((arg for arg in call.site.node.args if arg.value is value), None) if is_false else None


_REWARDS = "\nfor name in ctx.samples:\n    ctx.set_sample_reward(name, 1.0)"

RULE = Rule(
    code="OSS105",
    name="unverified-connection",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(
            main_py(
                imports="import httpx",
                grade="async with httpx.AsyncClient(timeout=30, «verify=False») as client:\n"
                '    await client.post("https://judge.example.org")' + _REWARDS,
            )
        ),
        Example(
            main_py(
                imports="import ssl\n\nimport aiohttp",
                above="CONTEXT = «ssl._create_unverified_context()»",
                grade="session = aiohttp.ClientSession()\n"
                'await session.get("https://judge.example.org", «ssl=False»)' + _REWARDS,
            )
        ),
    ),
    good=(
        Example(
            main_py(
                imports="import httpx",
                grade='httpx.AsyncClient(verify="certs/our-ca.pem")\nhttpx.AsyncClient(verify=True)' + _REWARDS,
            )
        ),
        Example(main_py(imports="import jwt", grade='jwt.decode("token", verify=False)' + _REWARDS)),
    ),
)
