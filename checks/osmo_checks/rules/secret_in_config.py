"""A key or token stands in a config.

## What it does
Looks through eval and training configs for the forms of well-known keys: in values, names and comments.

## Why is this bad?
Configs are committed, and the `osmosis` command prints `[env]` when a run is submitted. `[secrets].required` takes
names; the value in it is refused, after it has been written down.

## How to fix it
Revoke the key, since it has been written down. Register the new one (`osmosis secret set NAME`) and list its name:

```toml
[secrets]
required = ["OPENAI_API_KEY"]
```
"""

from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.rules.base import Example, Problem, Rule
from osmo_checks.rules.config_examples import eval_config, training_config
from osmo_checks.rules.places import secrets_of
from osmo_checks.subjects import Config


def check(config: Config) -> Iterator[Problem]:
    for place, kind in secrets_of(config.toml.shown, config.toml.text):
        yield Problem(
            place, f"This is {kind}: revoke it, register a new one and list its name in `[secrets].required`."
        )


# In parts, so that this file holds nothing of the form of a key.
_OPENAI = "sk-" + "Zk3vQ9dLr7TbXw2NcY8mHf4JpA6s"
_HUB = "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNm1234"

RULE = Rule(
    code="OSS102",
    name="secret-in-config",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example(training_config(f'\n[env]\nHUB = "«{_HUB}»"\n')),
        Example(training_config(f'\n[env]\n"«{_HUB}»" = "1"\n# «{_OPENAI}»\n')),
        Example(eval_config(secrets=f'\n[secrets]\nrequired = ["TOKEN", "«{_OPENAI}»"]\n'), "0.3"),
    ),
    good=(
        Example(eval_config('\n[env]\nJUDGE_KEY_NAME = "OPENAI_API_KEY"\n')),
        Example(training_config('commit_sha = "0123ABCdef0123ABCdef0123ABCdef0123ABCdef"\n'), "0.3"),
    ),
)
