"""A config names a dataset that is not in `data/`, where one of nearly the same name is.

## What it does
Compares `dataset` with the files in `data/`. Datasets that are only on the platform are none of its business: it speaks
up only where a local file's name is one or two letters off, where two letters are swapped, or where the file's ending
is part of the name.

## Why is this bad?
A run on this machine finds no file, and the platform, which was given the same file, no dataset.

## How to fix it
Write the name of the file in `data/`, without its ending.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from osmo_checks.endings import is_dataset, name_of
from osmo_checks.finding import Severity
from osmo_checks.rules.base import Example, InText, Problem, Repair, Rewrite, Rule
from osmo_checks.rules.config_examples import eval_config, training_config
from osmo_checks.subjects import Config

#: One other letter in a name of seven still counts as the same name.
_ALIKE = 0.85


def check(config: Config) -> Iterator[Problem]:
    name = config.text("dataset")
    if not name or "/" in name or "\\" in name:
        return
    path = PurePosixPath(name)
    if is_dataset(path):
        known = [name_of(path)] if config.workspace.dataset(name) else []
    else:
        local = [] if config.workspace.dataset(name) else config.workspace.dataset_names()
        known = [other for other in local if _is_misspelt(name, other)]
    if len(known) == 1:
        place = InText(config.toml.shown, *config.span("dataset"))
        repair = Repair(f"Write `{known[0]}`", (Rewrite(place, f'"{known[0]}"'),), "unsafe")
        yield Problem(place, f"`data/` has no dataset called `{name}`: did you mean `{known[0]}`?", repair)


def _is_misspelt(name: str, other: str) -> bool:
    """Tell whether two names are meant to be one: another number, or one name with an addition, is another dataset."""
    if name.startswith(other) or other.startswith(name) or _digits(name) != _digits(other):
        return False
    return _is_swapped(name, other) or SequenceMatcher(None, name, other).ratio() >= _ALIKE


def _is_swapped(name: str, other: str) -> bool:
    """Tell whether two names differ by two neighbouring letters that changed places."""
    swapped = (f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}" for at in range(len(name) - 1))
    return other in swapped


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())


_DATA = {"data/multiply.jsonl": "", "data/multiply-v2.jsonl": ""}

RULE = Rule(
    code="OSF113",
    name="dataset-misspelt",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example({**_DATA, **eval_config(dataset='«"mutliply"»')}),
        Example({**_DATA, **training_config(dataset='«"multiply.jsonl"»')}, "0.3"),
        Example(eval_config(dataset='«"dmeo"»')),
    ),
    good=(
        Example({**_DATA, **eval_config(dataset='"multiply-v3"')}),
        Example({**_DATA, **training_config(dataset='"multiply_1k-2026-04-13-66b645"')}),
        Example({**_DATA, **eval_config(dataset='"gsm8k"')}, "0.3"),
        Example(eval_config(dataset='"memo"')),
    ),
)
