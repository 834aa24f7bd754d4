"""The child's end of its line to the supervisor: one JSON object a line, on descriptors that user code is not told.

It imports little, the standard library above all, and holds on to what it needs: user code may change any module.
"""

import json
import os
import select
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from osmo_runtime import untrusted
from osmo_runtime.processes import MARK, kill_tree

#: Bytes one line may have: a sample with all its messages.
LINE_LIMIT = 64 * 1024 * 1024

Order = dict[str, Any]

_encode = json.JSONEncoder(default=repr).encode
_decode = json.JSONDecoder().decode


def line_of(reply: Mapping[str, Any]) -> bytes:
    """Return a reply as it goes over the line. Raises whatever the user's objects in it raise, and ``ValueError``."""
    try:
        text = _encode(reply)
    except RecursionError:
        raise ValueError("it nests too deep, or holds itself") from None
    if len(text) >= LINE_LIMIT:
        raise ValueError(f"it has more than {LINE_LIMIT} bytes")
    untrusted.require_shallow(text)
    return text.encode() + b"\n"


class Channel:
    """Takes over stdin and stdout: what user code prints goes to stderr, and what it reads is empty."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._mark = os.environ.get(MARK, "")
        self._orders = os.fdopen(os.dup(0), "rb")
        self._replies = os.dup(1)
        self._sending = threading.Lock()
        self._start_watcher()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the process
        os.register_at_fork(after_in_child=self._let_go)

    def read(self) -> Order | None:
        """Wait for the next order; ``None`` when the supervisor is gone."""
        line = self._orders.readline()
        return _decode(line.decode()) if line else None

    def send(self, line: bytes) -> None:
        """Send what ``line_of`` made. A fork that user code let run on into ours ends here: one process answers."""
        if os.getpid() != self._owner:
            os._exit(0)
        with self._sending:
            left = memoryview(line)
            while left:
                left = left[os.write(self._replies, left) :]

    def listen(self, handle: Callable[[Order], object]) -> None:
        """Hand orders over from a thread of their own."""

        def read_all() -> None:
            while (order := self.read()) is not None:
                handle(order)

        threading.Thread(target=read_all, name="osmo-orders", daemon=True).start()

    def _start_watcher(self) -> None:
        """Start a process that ends all when the supervisor is gone: user code may never let go of the interpreter.

        It is no child of ours: user code may wait for all of its children.
        """
        between = os.fork()
        if between:
            os.waitpid(between, 0)
        elif os.fork():
            os._exit(0)
        else:
            try:
                self._watch()
            finally:
                os._exit(1)

    def _watch(self) -> None:
        """Wait for the end of the supervisor, and end this group and what user code started outside of it."""
        for descriptor in (0, 1, 2, self._replies):
            os.close(descriptor)
        supervisor = select.poll()
        supervisor.register(self._orders, 0)  # no event but the one that is always told: the other end has closed
        supervisor.poll()
        if os.getpgid(0) == self._owner:
            kill_tree(self._owner, self._mark)

    def _let_go(self) -> None:
        """In a fork: hold the line open no longer. The numbers stay taken, for the objects that will close them."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (self._orders.fileno(), self._replies):
            os.dup2(nothing, descriptor, inheritable=False)
        os.close(nothing)
