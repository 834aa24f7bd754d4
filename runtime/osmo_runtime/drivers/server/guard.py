"""Runs a command until it ends, or until whoever started this is gone: then it ends the command and all it started.

``python -m osmo_runtime.drivers.server.guard COMMAND...``, with a pipe from its starter as stdin. A server hears
nothing of a supervisor that was killed; this does, because its pipe closes.
"""

import os
import signal
import subprocess
import sys
import threading

from osmo_runtime.processes import MARK, kill_tree


def main() -> int:
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_watch_starter, daemon=True).start()
    code = process.wait()
    if code < 0:
        # End as the command did, for the starter to see.
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def _watch_starter() -> None:
    while os.read(0, 1):
        pass
    kill_tree(os.getpid(), os.environ[MARK])


if __name__ == "__main__":
    sys.exit(main())
