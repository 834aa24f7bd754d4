"""stdin, stdout and stderr as they are found: closed, full, without a reader, in an encoding that lacks characters."""

import io
import os
import sys


class StdoutError(Exception):
    """stdout takes no more; the cause is the ``OSError``. It is told apart from one about a user's file."""


class _Stdout(io.TextIOWrapper):
    #: Whether anything was written.
    has_text = False

    def write(self, text: str, /) -> int:
        self.has_text = True
        try:
            return super().write(text)
        except OSError as error:
            raise StdoutError from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise StdoutError from error


def prepare_streams() -> bool:
    """Make the streams safe to use; ``False`` where there is no stdout, which files that we open would become."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - pathlib is slow to import
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        return False
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding, is_terminal = sys.stdout.encoding, sys.stdout.line_buffering
        # What the terminal's encoding lacks is escaped: an odd character in a user's file never stops a report.
        sys.stdout = _Stdout(
            sys.stdout.detach(), encoding=encoding, errors="backslashreplace", line_buffering=is_terminal
        )
    return True


def drop_stdout() -> None:
    """Forget what stdout did not take; Python would complain once more while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Write a line to stderr. Where that cannot be, nothing more is said there, and the exit code has to do."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
