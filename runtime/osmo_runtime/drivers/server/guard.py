"""Runs a command until it ends, or until whoever started this is gone: then it ends the command and all it started.

``python -m osmo_runtime.drivers.server.guard COMMAND...``, with a pipe from its starter as stdin. A server hears
nothing of a supervisor that was killed; this does, because its pipe closes.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from osmo_runtime.processes import MARK, kill_tree


def main() -> int:
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    starter_is_gone = threading.Event()
    watcher = threading.Thread(target=_watch_starter, args=[starter_is_gone], daemon=True)
    watcher.start()
    code = process.wait()
    if starter_is_gone.is_set():
        watcher.join()  # it has more to end than the command, and ends this last
    if code < 0:
        # End as the command did, for the starter to see.
        with suppress(OSError):  # the signals that nobody can handle
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def _watch_starter(is_gone: threading.Event) -> None:
    while os.read(0, 1):
        pass
    is_gone.set()
    kill_tree(os.getpid(), os.environ[MARK])


if __name__ == "__main__":
    sys.exit(main())
