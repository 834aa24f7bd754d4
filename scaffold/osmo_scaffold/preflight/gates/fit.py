"""The config's numbers fit the dataset and one another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

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
    """What is wrong with the setting ``key``."""

    key: str
    message: str
    status: Status = Status.WARN


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows there are, and how many of the sound ones have prompts of how many tokens, about.

    ``longest_row`` is the record, from 1, with the longest.
    """

    count: int
    tokens: Counter[int]
    longest_row: int | None

    @property
    def longest(self) -> int:
        return max(self.tokens, default=0)


def check(situation: Situation) -> Outcome:
    rows = _rows(situation)
    misfits = [*_too_low(situation), *_concurrency(situation), *(_with_rows(situation, rows) if rows else ())]
    if misfits:
        misfits.sort(key=lambda misfit: misfit.status is not Status.FAIL)
        first, *others = (_said(situation, misfit) for misfit in misfits)
        return Outcome(misfits[0].status, first, details=tuple(others))
    if not rows:
        return skipped("The dataset is not here or has no rows that can be read, so nothing was compared with it.")
    if not rows.longest:
        return passed(f"{counted(rows.count, 'row')}, without prompts.")
    longest = counted(rows.longest, "token")
    return passed(f"{counted(rows.count, 'row')}; the longest prompt has about {longest} (row {rows.longest_row}).")


def _said(situation: Situation, misfit: Misfit) -> str:
    section, _ = _COUNTS[situation.config.kind]
    return f"{situation.place(section, misfit.key)}: {misfit.message}"


def _rows(situation: Situation) -> Rows | None:
    """Return what is known of the dataset's rows; ``None`` where there are none, or they cannot be read."""
    try:
        found = situation.validated
    except InputError:
        # The gate for datasets says so.
        return None
    lengths = found.report.seen.lengths if found else None
    if found is None or lengths is None or not found.report.rows:
        return None
    tokens = Counter[int]()
    for size, rows in lengths.rows.items():
        tokens[size // _BYTES_PER_TOKEN] += rows
    return Rows(found.report.rows, tokens, found.longest)


def _with_rows(situation: Situation, rows: Rows) -> Iterator[Misfit]:
    yield from _prompts(situation, rows)
    if situation.config.kind == "eval":
        yield from _evaluated(situation, rows.count)
    else:
        yield from _trained(situation, rows.count)


def _prompts(situation: Situation, rows: Rows) -> Iterator[Misfit]:
    most = _whole(situation, "training", "max_prompt_length")
    too_long = sum(count for tokens, count in rows.tokens.items() if tokens > most) if most else 0
    if most is None or not too_long:
        return
    sure = min(rows.tokens) > most * _BEYOND_DOUBT
    how_many = "Every prompt is" if sure else f"{too_long:,} of {counted(rows.tokens.total(), 'prompt')} seem"
    where = f"row {rows.longest_row} has about {counted(rows.longest, 'token')}"
    message = f"{how_many} longer than max_prompt_length = {most}: {where}. Raise it, or shorten them."
    yield Misfit("max_prompt_length", message, Status.FAIL if sure else Status.WARN)


def _evaluated(situation: Situation, rows: int) -> Iterator[Misfit]:
    limit, attempts, batch = (_whole(situation, "evaluation", key) for key in ("limit", "n", "batch_size"))
    if limit and limit > rows:
        yield Misfit("limit", f"limit = {limit} is more than the {counted(rows, 'row')} there are: lower it.")
    if limit is None and rows < _SAMPLED:
        message = f"Without a limit, a random tenth of {counted(rows, 'row')} is evaluated: set `limit = {rows}`."
        yield Misfit("limit", message)
    if batch and attempts and batch > rows * attempts:
        there_are = counted(rows * attempts, "attempt")
        yield Misfit("batch_size", f"batch_size = {batch} is more than the {there_are} there are: lower it.")


def _trained(situation: Situation, rows: int) -> Iterator[Misfit]:
    batch, epochs = (_whole(situation, "training", key) for key in ("rollout_batch_size", "total_epochs"))
    if batch and epochs and batch > rows * epochs:
        there_are = f"{counted(rows * epochs, 'prompt')} in {counted(epochs, 'epoch')}"
        message = f"rollout_batch_size = {batch}, and {there_are} make no whole training step: lower it, or add rows."
        yield Misfit("rollout_batch_size", message, Status.FAIL)


def _too_low(situation: Situation) -> Iterator[Misfit]:
    """Yield the numbers, none of them needing rows, with which the run would do nothing."""
    section, keys = _COUNTS[situation.config.kind]
    for key in keys:
        value = situation.setting(section, key)
        if isinstance(value, int) and value < 1:
            yield Misfit(key, f"{key} = {value} leaves the run nothing to do: set it to 1 or more.", Status.FAIL)


def _concurrency(situation: Situation) -> Iterator[Misfit]:
    batch, group, whole = (
        _whole(situation, "training", key)
        for key in ("rollout_batch_size", "n_samples_per_prompt", "global_batch_size")
    )
    if batch and group and batch * group > _USUAL_CONCURRENCY:
        yield Misfit(
            "rollout_batch_size",
            f"rollout_batch_size x n_samples_per_prompt = {batch * group:,} rollouts run at once, "
            f"more than the usual {_USUAL_CONCURRENCY}: they may all time out; start with 8 x 8.",
        )
    if whole and group and whole % group:
        message = f"global_batch_size = {whole} is no multiple of n_samples_per_prompt = {group}: make it one."
        yield Misfit("global_batch_size", message, Status.FAIL)


def _whole(situation: Situation, section: str, key: str) -> int | None:
    """Return a setting that is a whole number from 1; the static checks say of others what is wrong with them."""
    value = situation.setting(section, key)
    return value if isinstance(value, int) and value >= 1 else None
