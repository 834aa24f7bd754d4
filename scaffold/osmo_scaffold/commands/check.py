"""``check``: every rule over the workspaces that the given paths lie in.

Only light modules are imported before it is clear that something changed since the same question was answered last.
"""

import gc
import os
import sys
from collections.abc import Sequence

from osmo_checks.errors import UsageError
from osmo_checks.replay import Replay
from osmo_scaffold.output import emit, has_colour


def check(
    paths: Sequence[str],
    *,
    output_format: str = "text",
    cache: bool = True,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    ruff: bool = True,
    fix: bool = False,
    unsafe_fixes: bool = False,
    show_diff: bool = False,
    statistics: bool = False,
    exit_zero: bool = False,
    stdin_filename: str | None = None,
    watch: bool = False,
) -> int:
    """Report on ``paths`` (the workspace of the current folder, if none); 1 where an error was found.

    Raises ``UsageError`` for a path that is not there and for options that cannot be combined.
    """
    asked = {"--fix": fix, "--diff": show_diff, "--watch": watch, "--unsafe-fixes": unsafe_fixes}
    _refuse_contradictions({option for option, given in asked.items() if given}, paths, stdin_filename)
    if statistics and output_format not in ("text", "json"):
        raise UsageError("--statistics is written as text or as json: leave the other --output-format out.")
    colour = has_colour(sys.stdout)
    replay = None
    if cache and not (fix or show_diff or watch or stdin_filename is not None):
        words = [os.getcwd(), str(output_format), str(colour), str(ruff), str(statistics)]
        replay = Replay([*words, *select, "", *ignore, "", *paths])
    answer = replay.recall() if replay else None
    if answer:
        text, code = answer
        emit(text)
        return 0 if exit_zero else code
    # Trees are many small objects that live until the end: collecting garbage among them finds none.
    gc.disable()
    from osmo_scaffold.commands.check_now import Question, answer_now, fix_now, watch_now

    question = Question(
        *(tuple(paths), str(output_format), colour, tuple(select), tuple(ignore), ruff, statistics),
        stdin_filename=stdin_filename,
        cache=cache,
    )
    if watch:
        return watch_now(question)
    changing = fix or show_diff
    code = fix_now(question, unsafe=unsafe_fixes, only_show=show_diff) if changing else answer_now(question, replay)
    return 0 if exit_zero else code


def _refuse_contradictions(options: set[str], paths: Sequence[str], stdin_filename: str | None) -> None:
    changing = " and ".join(sorted(options & {"--fix", "--diff", "--watch"}))
    if stdin_filename is not None and (paths or changing):
        raise UsageError(f"--stdin-filename looks at one text only: leave {changing or 'the paths'} out.")
    if "--watch" in options and changing != "--watch":
        raise UsageError("--watch changes nothing: leave --fix and --diff out.")
    if "--unsafe-fixes" in options and not options & {"--fix", "--diff"}:
        raise UsageError("--unsafe-fixes adds to --fix or --diff: give one of them, too.")
