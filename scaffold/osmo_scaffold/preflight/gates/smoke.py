"""A few rows, run here: answered by who knows the answers, and by who repeats the question."""

from collections.abc import Sequence

from osmo_checks.datasets import read_rows
from osmo_runtime.model import Row
from osmo_scaffold.preflight.outcome import Outcome, failed, passed, skipped, warned
from osmo_scaffold.preflight.situation import Situation
from osmo_scaffold.preflight.trial import NotLoadedError, Trial, Tried
from osmo_scaffold.preflight.words import counted
from osmo_scaffold.runnable import DEFAULT_POLICY, RUNNABLE, defaults_of

_ROWS = 4
#: Seconds for everything here: a rollout that hangs shows it no sooner, and nobody waits for long.
_IN_ALL_S = 60.0
#: Seconds that one attempt's workflow, and its grader, may take here, whatever the config allows.
_EACH_S = 25.0


def check(situation: Situation) -> Outcome:
    if not situation.may_run:
        return skipped("Nothing was run, as --no-run asks.")
    if situation.folder is None or situation.config.entrypoint is None:
        return skipped("The config names no rollout and entrypoint that could be run.")
    if situation.generation not in RUNNABLE:
        return skipped(f"Rollouts of the generation `{situation.generation}` do not run here.")
    path = situation.rows_file
    if path is None:
        return skipped("There is no local dataset to take rows from.")
    rows = [Row(number, data) for number, data in read_rows(path, _ROWS)]
    if not rows:
        return failed(f"{situation.workspace.relative(path)} has no rows: add some.")
    return _of_rows(situation, rows)


def _of_rows(situation: Situation, rows: Sequence[Row]) -> Outcome:
    mend = f"osmo-scaffold run {situation.rollout} --limit {_ROWS}"
    try:
        return _tried(situation, rows, mend)
    except NotLoadedError as error:
        return failed(f"The rollout cannot be loaded: {error}", mend)


def _tried(situation: Situation, rows: Sequence[Row], mend: str) -> Outcome:
    """Run ``rows``, and say what comes of it. ``echo`` is only asked where it can still make a difference."""
    trial = Trial(situation, rows, in_all_s=_IN_ALL_S, each_s=_EACH_S)
    knowing = defaults_of(situation.workspace, trial.folder).policy or DEFAULT_POLICY
    situation.tell(f"smoke-run: {counted(len(rows), 'row')} with {knowing}, then echo; {_IN_ALL_S:g} s at most ...")
    oracle = trial.run(knowing)
    if not oracle.is_whole or oracle.failed == oracle.attempts:
        return _stopped(oracle, mend)
    echo = trial.run("echo")
    if oracle.failed or echo.failed:
        broken, attempts = oracle.failed + echo.failed, oracle.attempts + echo.attempts
        details = (*_failures(oracle), *_failures(echo))
        return failed(f"{broken} of {counted(attempts, 'attempt')} failed.", mend, details)
    if not echo.is_whole:
        message = f"There was no time left for echo after {oracle.policy}: all may take {_IN_ALL_S:g} s here."
        return warned(message, f"{mend} --policy echo")
    return _judged(rows, oracle, echo, mend)


def _stopped(oracle: Tried, mend: str) -> Outcome:
    """Say why there is nothing to compare ``echo`` with."""
    attempts = f"{counted(oracle.attempts, 'attempt')} with {oracle.policy}"
    if oracle.is_whole:
        return failed(f"{oracle.failed} of {attempts} failed.", mend, _failures(oracle))
    ended = oracle.ended or "none"
    message = f"After {_IN_ALL_S:g} s, {ended} of {attempts} had ended: it hangs, or is slow (--no-run leaves it out)."
    return failed(message, mend, _failures(oracle))


def _judged(rows: Sequence[Row], oracle: Tried, echo: Tried, mend: str) -> Outcome:
    best, highest, worst = oracle.mean, oracle.highest, echo.mean
    if best is None or highest is None or worst is None:
        return warned("The rollout removed every sample from training, so nothing was graded.", mend)
    tried = f"On {counted(len(rows), 'row')}, {oracle.policy} earns"
    if not any(row.label for row in rows):
        return warned(f"{tried} {best:.4g} and echo {worst:.4g}, which says little: the rows have no ground_truth.")
    if highest <= 0 and worst >= best:
        return failed(f"{tried} {best:.4g}: the grader misses right answers, or the workflow loses them.", mend)
    if worst >= best:
        message = (
            f"{tried} {best:.4g}, and echo, which repeats the question, {worst:.4g}: the grader rewards non-answers."
        )
        return warned(message, f"{mend} --policy echo")
    return passed(f"{tried} {best:.4g}, and echo {worst:.4g}.")


def _failures(tried: Tried) -> tuple[str, ...]:
    return tuple(
        f"{tried.policy}: {failure['count']} x {boundary}: {_first_line(failure['message'])}"
        for boundary, failure in tried.failures.items()
    )


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
