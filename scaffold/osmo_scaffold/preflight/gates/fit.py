"""The config's numbers fit the dataset and one another."""

from collections.abc import Iterator
from dataclasses import dataclass

from osmo_checks.datasets import read_rows
from osmo_checks.errors import InputError
from osmo_scaffold.preflight.outcome import Outcome, Status, passed, skipped
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.words import counted

#: Bytes of text that a token stands for, about. Where even twice as many do not fit, counting exactly would not help.
_BYTES_PER_TOKEN = 4
#: Rollouts at a time that the platform's own defaults make (32 x 8). With twice as many, all were seen to time out.
_USUAL_CONCURRENCY = 256
#: The platform evaluates one row in so many where the config sets no limit.
_SAMPLED = 10


@dataclass(frozen=True, slots=True)
class Rows:
    """``longest`` is the longest prompt in tokens, about, in row ``longest_row`` (from 1); ``too_long`` counts such."""

    count: int = 0
    longest: int = 0
    longest_row: int = 0
    too_long: int = 0


@dataclass(frozen=True, slots=True)
class Misfit:
    message: str
    status: Status = Status.WARN


def check(situation: Situation) -> Outcome:
    misfits = [*_concurrency(situation)]
    rows = _rows(situation)
    if rows is not None:
        misfits += [
            *_prompts(situation, rows),
            *(_evaluated(situation, rows) if situation.config.kind == "eval" else _trained(situation, rows)),
        ]
    if misfits:
        worst = Status.FAIL if any(one.status is Status.FAIL for one in misfits) else Status.WARN
        first, *others = sorted(misfits, key=lambda one: one.status is not Status.FAIL)
        return Outcome(worst, first.message, "", tuple(one.message for one in others))
    if rows is None:
        return skipped("The dataset is not here, or cannot be read, so nothing was compared with it.")
    longest = f"the longest prompt has about {counted(rows.longest, 'token')} (row {rows.longest_row})"
    return passed(f"{counted(rows.count, 'row')}, and {longest}.")


def _rows(situation: Situation) -> Rows | None:
    path, most = situation.rows_file, situation.setting("training", "max_prompt_length")
    if path is None:
        return None
    count = longest = longest_row = too_long = 0
    try:
        for number, data in read_rows(path):
            count = number + 1
            texts = (data.get("system_prompt"), data.get("user_prompt"))
            tokens = (
                sum(len(text.encode("utf-8", "replace")) for text in texts if isinstance(text, str)) // _BYTES_PER_TOKEN
            )
            too_long += isinstance(most, int) and tokens > most
            if tokens > longest:
                longest, longest_row = tokens, count
    except InputError:
        # That a row cannot be read is for the gate before to say.
        return None
    return Rows(count, longest, longest_row, too_long)


def _prompts(situation: Situation, rows: Rows) -> Iterator[Misfit]:
    most = situation.setting("training", "max_prompt_length")
    if not rows.too_long:
        return
    how_many = (
        "Every prompt is"
        if rows.too_long == rows.count
        else f"{counted(rows.too_long, 'prompt')} of {rows.count:,} seem"
    )
    message = (
        f"{how_many} longer than max_prompt_length = {most}: row {rows.longest_row} has about {rows.longest:,} tokens. "
        "Raise it, or shorten them."
    )
    sure = rows.too_long == rows.count and rows.longest > 2 * most
    yield Misfit(message, Status.FAIL if sure else Status.WARN)


def _evaluated(situation: Situation, rows: Rows) -> Iterator[Misfit]:
    limit, batch = situation.setting("evaluation", "limit"), situation.setting("evaluation", "batch_size")
    attempts = situation.setting("evaluation", "n")
    if isinstance(limit, int) and limit > rows.count:
        yield Misfit(f"limit = {limit} is more than the {counted(rows.count, 'row')} there are.")
    if limit is None and rows.count < _SAMPLED:
        yield Misfit(
            f"Without a limit, a random tenth of {counted(rows.count, 'row')} is evaluated: set `limit = {rows.count}`."
        )
    if isinstance(batch, int) and isinstance(attempts, int) and batch > rows.count * attempts:
        yield Misfit(f"batch_size = {batch} is more than the {rows.count * attempts} attempts there are.")


def _trained(situation: Situation, rows: Rows) -> Iterator[Misfit]:
    batch, epochs = situation.setting("training", "rollout_batch_size"), situation.setting("training", "total_epochs")
    if isinstance(batch, int) and isinstance(epochs, int) and batch > rows.count * epochs:
        message = (
            f"rollout_batch_size = {batch} is more than the {counted(rows.count * epochs, 'prompt')} "
            f"of {counted(epochs, 'epoch')}, so there would be no whole training step: lower it, or add rows."
        )
        yield Misfit(message, Status.FAIL)


def _concurrency(situation: Situation) -> Iterator[Misfit]:
    batch, group = (situation.setting("training", key) for key in ("rollout_batch_size", "n_samples_per_prompt"))
    if not isinstance(batch, int) or not isinstance(group, int):
        return
    if batch * group > _USUAL_CONCURRENCY:
        yield Misfit(
            f"rollout_batch_size x n_samples_per_prompt = {batch * group:,} rollouts run at once, "
            f"more than the usual {_USUAL_CONCURRENCY}: they may all time out; start with 8 x 8."
        )
    whole = situation.config.toml.table("training").get("global_batch_size")
    if isinstance(whole, int) and whole % max(group, 1):
        yield Misfit(f"global_batch_size = {whole} is no multiple of n_samples_per_prompt = {group}.", Status.FAIL)
