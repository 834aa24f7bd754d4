"""The config's numbers fit the dataset and one another."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from osmo_checks.datasets import read_rows
from osmo_checks.errors import InputError
from osmo_scaffold.preflight.outcome import Outcome, Status, passed, skipped
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted

#: Bytes of text that a token stands for, about.
_BYTES_PER_TOKEN = 4
#: How many times too long prompts have to be for no tokenizer to make them fit.
_BEYOND_DOUBT = 2
#: Rollouts at a time that the platform's own defaults make (32 x 8). With twice as many, all were seen to time out.
_USUAL_CONCURRENCY = 256
#: What is at least 1 where a run does anything, and its section, by the kind of config.
_COUNTS = {
    "eval": ("evaluation", ("limit", "n", "batch_size")),
    "training": ("training", ("rollout_batch_size", "n_samples_per_prompt", "total_epochs", "global_batch_size")),
}
#: The platform evaluates one row in so many where the config sets no limit.
_SAMPLED = 10


@dataclass(frozen=True, slots=True)
class Misfit:
    message: str
    status: Status = Status.WARN


def check(situation: Situation) -> Outcome:
    lengths = _prompt_lengths(situation)
    misfits = [*_too_low(situation), *_concurrency(situation), *(_with_rows(situation, lengths) if lengths else ())]
    if misfits:
        first, *others = sorted(misfits, key=lambda misfit: misfit.status is not Status.FAIL)
        return Outcome(first.status, first.message, details=tuple(misfit.message for misfit in others))
    if not lengths:
        return skipped("The dataset is not here or has no rows that can be read, so nothing was compared with it.")
    longest = max(lengths)
    where = f"row {lengths.index(longest) + 1}"
    return passed(
        f"{counted(len(lengths), 'row')}; the longest prompt has about {counted(longest, 'token')} ({where})."
    )


def _prompt_lengths(situation: Situation) -> Sequence[int]:
    """Return how long each row's prompt is, in tokens, about; nothing where the rows cannot be read."""
    if situation.rows_file is None:
        return ()
    try:
        return array("L", (_prompt_length(row.data) for row in read_rows(situation.rows_file)))
    except InputError:
        # The gate for datasets says so, and where.
        return ()


def _prompt_length(row: Mapping[str, Any]) -> int:
    texts = (row.get("system_prompt"), row.get("user_prompt"))
    return sum(len(text.encode("utf-8", "replace")) for text in texts if isinstance(text, str)) // _BYTES_PER_TOKEN


def _with_rows(situation: Situation, lengths: Sequence[int]) -> Iterator[Misfit]:
    yield from _prompts(situation, lengths)
    if situation.config.kind == "eval":
        yield from _evaluated(situation, len(lengths))
    else:
        yield from _trained(situation, len(lengths))


def _prompts(situation: Situation, lengths: Sequence[int]) -> Iterator[Misfit]:
    most = _whole(situation, "training", "max_prompt_length")
    too_long = sum(length > most for length in lengths) if most else 0
    if most is None or not too_long:
        return
    sure = min(lengths) > most * _BEYOND_DOUBT
    how_many = "Every prompt is" if sure else f"{too_long:,} of {counted(len(lengths), 'prompt')} seem"
    longest = max(lengths)
    where = f"row {lengths.index(longest) + 1} has about {counted(longest, 'token')}"
    message = f"{how_many} longer than max_prompt_length = {most}: {where}. Raise it, or shorten them."
    yield Misfit(message, Status.FAIL if sure else Status.WARN)


def _evaluated(situation: Situation, rows: int) -> Iterator[Misfit]:
    limit, attempts, batch = (_whole(situation, "evaluation", key) for key in ("limit", "n", "batch_size"))
    if limit and limit > rows:
        yield Misfit(f"limit = {limit} is more than the {counted(rows, 'row')} there are.")
    if limit is None and rows < _SAMPLED:
        yield Misfit(f"Without a limit, a random tenth of {counted(rows, 'row')} is evaluated: set `limit = {rows}`.")
    if batch and attempts and batch > rows * attempts:
        yield Misfit(f"batch_size = {batch} is more than the {counted(rows * attempts, 'attempt')} there are.")


def _trained(situation: Situation, rows: int) -> Iterator[Misfit]:
    batch, epochs = (_whole(situation, "training", key) for key in ("rollout_batch_size", "total_epochs"))
    if batch and epochs and batch > rows * epochs:
        there_are = f"{counted(rows * epochs, 'prompt')} in {counted(epochs, 'epoch')}"
        message = f"rollout_batch_size = {batch}, and {there_are} make no whole training step: lower it, or add rows."
        yield Misfit(message, Status.FAIL)


def _too_low(situation: Situation) -> Iterator[Misfit]:
    """Yield the numbers, none of them needing rows, with which the run would do nothing."""
    section, keys = _COUNTS[situation.config.kind]
    for key in keys:
        value = situation.setting(section, key)
        if isinstance(value, int) and value < 1:
            yield Misfit(f"{key} = {value} leaves the run nothing to do: set it to 1 or more.", Status.FAIL)


def _concurrency(situation: Situation) -> Iterator[Misfit]:
    batch, group, whole = (
        _whole(situation, "training", key)
        for key in ("rollout_batch_size", "n_samples_per_prompt", "global_batch_size")
    )
    if batch and group and batch * group > _USUAL_CONCURRENCY:
        yield Misfit(
            f"rollout_batch_size x n_samples_per_prompt = {batch * group:,} rollouts run at once, "
            f"more than the usual {_USUAL_CONCURRENCY}: they may all time out; start with 8 x 8."
        )
    if whole and group and whole % group:
        yield Misfit(f"global_batch_size = {whole} is no multiple of n_samples_per_prompt = {group}.", Status.FAIL)


def _whole(situation: Situation, section: str, key: str) -> int | None:
    """Return a setting that is a whole number from 1; the static checks say of others what is wrong with them."""
    value = situation.setting(section, key)
    return value if isinstance(value, int) and value >= 1 else None
