"""The rollout reads a secret that a config does not pass on.

## What it does
Looks for environment variables that are called like secrets, in the code that `run` and `grade` reach, and compares
them with `[secrets].required` and `[env]` of each config that names the rollout. Variables of the platform
(`OSMOSIS_...`) and reads with a default are left alone.

## Why is this bad?
On your machine the variable is set. On the platform a rollout gets what its config lists and nothing else: it fails
with a `KeyError` in the middle of the run, in every rollout.

## How to fix it
List the name, once it is registered with `osmosis secret set`:

```toml
[secrets]
required = ["GEMINI_API_KEY"]
```
"""

from collections.abc import Iterator

from osmo_checks.credentials import is_name_of_secret
from osmo_checks.finding import Severity
from osmo_checks.python import nodes as cst
from osmo_checks.rollout import Rollout
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.config_examples import eval_config, training_config
from osmo_checks.rules.environment import Read, reads_in
from osmo_checks.rules.examples import main_py
from osmo_checks.rules.places import in_code
from osmo_checks.subjects import Config

_PLATFORM = ("OSMOSIS_", "_OSMOSIS_")


def check(rollout: Rollout) -> Iterator[Problem]:
    configs = [config for config in rollout.configs if config.shape and "secrets" in config.shape.sections]
    scopes = dict.fromkeys([*rollout.workflow_scopes, *rollout.grader_scopes])
    for scope in scopes if configs else ():
        for read in reads_in(rollout, scope):
            without = [config for config in configs if not _passes_on(config, read.variable)]
            if without and _has_to_be_there(read):
                shown = without[0].toml.shown
                message = f"`{read.variable}` is not set on the platform: list it in `[secrets].required` of `{shown}`."
                yield Problem(in_code(rollout, scope, read.site.node), message)


def _has_to_be_there(read: Read) -> bool:
    if not is_name_of_secret(read.variable) or read.variable.startswith(_PLATFORM):
        return False
    return read.required and not any(isinstance(node, cst.Try) for node in read.site.ancestors())


def _passes_on(config: Config, variable: str) -> bool:
    return config.toml.problem is not None or variable in config.secrets or variable in config.toml.table("env")


def _grader(variable: str) -> str:
    body = f"for name in ctx.samples:\n    ctx.set_sample_reward(name, judge({variable}))"
    return main_py(imports="import os", above="def judge(key):\n    return float(len(key))", grade=body)


_DEMO = "rollouts/demo/main.py"
_SECRETS = '\n[secrets]\nrequired = ["JUDGE_API_KEY"]\n'

RULE = Rule(
    code="OSS107",
    name="secret-not-declared",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example({_DEMO: _grader('«os.environ["JUDGE_API_KEY"]»')}),
        Example(
            {
                _DEMO: _grader('«os.environ["JUDGE_API_KEY"]»'),
                **eval_config(secrets=_SECRETS),
                **training_config(),
            }
        ),
    ),
    good=(
        Example(
            {
                _DEMO: _grader('os.environ["JUDGE_API_KEY"]'),
                **eval_config(secrets=_SECRETS),
                **training_config(_SECRETS),
            }
        ),
        Example(_grader('os.environ.get("JUDGE_API_KEY", "none")')),
        Example(_grader('os.environ["OSMOSIS_API_KEY"] + os.environ["HOME"]')),
    ),
)
