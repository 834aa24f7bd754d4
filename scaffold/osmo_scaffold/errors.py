"""The one error handler: the user's mistake is a sentence, ours is exit 3 and a report file.

A program that asked for JSON has the same sentence in an object on stdout: ``{"error": {"exit_code", "message"}}``.
"""

import os
import sys
from collections.abc import Callable, Sequence

from osmo_checks.errors import InputError, OsmoError, UsageError
from osmo_checks.printable import printable
from osmo_scaffold.streams import StdoutError, drop_stdout, tell

OUR_BUG = 3
INTERRUPTED = 130


def exit_code_of(command: Callable[[], int], argv: Sequence[str]) -> int:
    """Run ``command`` and return the exit code of the whole program."""
    try:
        code = _code_of(command, argv)
        sys.stdout.flush()
    except StdoutError as error:
        drop_stdout()
        if not isinstance(error.__cause__, BrokenPipeError):  # that is a reader which has seen enough (`| head`)
            tell(f"error: The result cannot be written to stdout ({_reason(error)}): send it somewhere else.")
        return InputError.exit_code
    return code


def _code_of(command: Callable[[], int], argv: Sequence[str]) -> int:
    try:
        code = command()
    except OsmoError as error:
        return _ended(error.exit_code, printable(str(error)), argv)
    except KeyboardInterrupt:
        tell("interrupted")
        _tell_program(INTERRUPTED, "interrupted", argv)
        return INTERRUPTED
    except StdoutError:
        raise
    except Exception as error:  # noqa: BLE001 - the one place where everything else ends
        if isinstance(error, OSError) and _current_folder_is_gone():
            message = "The current folder is not there any more: go to one that is."
            return _ended(UsageError.exit_code, message, argv)
        return _ended(OUR_BUG, _report(error, argv), argv)
    if code == INTERRUPTED:  # Typer makes a return value of Ctrl-C
        _tell_program(code, "interrupted", argv)
    return code


def _ended(code: int, message: str, argv: Sequence[str]) -> int:
    tell(f"error: {message}")
    _tell_program(code, message, argv)
    return code


def _tell_program(code: int, message: str, argv: Sequence[str]) -> None:
    """Write the error to stdout if JSON was asked for, unless a result stands there already: it is one object."""
    if _wants_json(argv) and not getattr(sys.stdout, "has_text", False):
        from osmo_scaffold.output import emit_json

        emit_json({"error": {"exit_code": code, "message": message}})


def _wants_json(argv: Sequence[str]) -> bool:
    """Tell whether the command line asks for JSON, also where it is too wrong to be parsed."""
    wanted = ""
    words = iter(argv)
    for word in words:
        if word == "--":
            break
        option, equals, value = word.partition("=")
        if option == "--output-format":
            wanted = value if equals else next(words, "")
    return wanted == "json"


def _reason(error: StdoutError) -> str:
    cause = error.__cause__
    return (isinstance(cause, OSError) and cause.strerror) or str(cause)


def _report(error: Exception, argv: Sequence[str]) -> str:
    import platform
    import tempfile
    import traceback

    from osmo_checks import __version__

    sentence = f"osmo-scaffold has a bug ({type(error).__name__})"
    text = "\n".join(
        [
            f"osmo-scaffold {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(argv)}",
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    try:
        handle, path = tempfile.mkstemp(prefix="osmo-scaffold-report-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError:
        return f"{sentence}. Please report it with the text below.\n{text}"
    return f"{sentence}. What happened is written in {path}; please report it with that file."


def _current_folder_is_gone() -> bool:
    from pathlib import Path

    try:
        Path.cwd()
    except OSError:
        return True
    return False
