"""An eval config names a provider's model without the provider.

## What it does
Looks at `model_path` of eval configs for well-known models without what has to stand before them: `gpt-5-mini`,
`claude-...`, `gemini-...`.

## Why is this bad?
Evaluations ask models through LiteLLM, whose names say the provider. Without it, a model is guessed from a list that is
as old as the library, and a newer one is an error before the first row.

## How to fix it
Write the provider before it: `openai/gpt-5-mini`, `anthropic/claude-sonnet-4-5`, `gemini/gemini-3-flash`.
"""

import re
from collections.abc import Iterator

from osmo_checks.finding import Severity
from osmo_checks.rules.base import Example, InText, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.config_examples import eval_config
from osmo_checks.subjects import Config

_PROVIDERS = {
    "openai": re.compile(r"gpt-[345][\w.-]*|o[134](-[\w.-]+)?|chatgpt-[\w.-]+"),
    "anthropic": re.compile(r"claude-[\w.-]+"),
    "gemini": re.compile(r"gemini-[\w.-]+"),
}


def check(config: Config) -> Iterator[Problem]:
    model = config.text("model_path") if config.kind == "eval" else None
    provider = next((name for name, models in _PROVIDERS.items() if model and models.fullmatch(model)), None)
    if provider:
        place = InText(config.toml.shown, *config.span("model_path"))
        repair = Repair(f"Write `{provider}/`.", (Rewrite(place, f'"{provider}/{model}"'),), "unsafe")
        yield Problem(place, f"This does not say who provides the model: write `{provider}/{model}`.", repair)


RULE = Rule(
    code="OSF118",
    name="model-without-provider",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(eval_config(model='«"gpt-5-mini"»')),
        Example(eval_config(model="«'claude-sonnet-4-5'»"), "0.3"),
    ),
    good=(
        Example(eval_config(model='"openai/gpt-5-mini"')),
        Example(eval_config(model='"my-adapter-of-gpt-5"')),
        Example(eval_config(model='"openrouter/anthropic/claude-sonnet-4.5"')),
    ),
)
