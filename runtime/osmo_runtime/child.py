"""A child process as the supervisor sees it: started whole, spoken to in lines, ended with everything it started."""

import asyncio
import os
import secrets
import signal
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from osmo_runtime.channel import LINE_LIMIT
from osmo_runtime.processes import MARK, kill_tree

#: Seconds that the pipes of a process that has ended stay open, for what it said last.
_LAST_WORDS_S = 1.0

_SIGNALS = {number.value: number.name for number in signal.Signals}

T = TypeVar("T")

_running: set[int] = set()


def running_children() -> frozenset[int]:
    """Return the processes that were started as a ``Child``, and not closed yet."""
    return frozenset(_running)


class Child:
    """``start`` it, and ``close`` it whatever happens."""

    def __init__(self, process: Process, mark: str) -> None:
        self._process = process
        self._mark = mark
        _running.add(process.pid)

    @classmethod
    async def start(cls, *command: str, environment: Mapping[str, str], folder: Path | None = None) -> Self:
        """Start ``command`` in a session of its own. A caller that is cancelled meanwhile leaves no process behind."""
        starting = asyncio.create_task(cls._start(command, environment, folder))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            await (await starting).close()
            raise

    @classmethod
    async def _start(cls, command: tuple[str, ...], environment: Mapping[str, str], folder: Path | None) -> Self:
        mark = secrets.token_hex(8)
        transport, protocol = await asyncio.get_running_loop().subprocess_exec(
            _Protocol,
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=folder,
            env={**os.environ, **environment, MARK: mark},
            start_new_session=True,
        )
        return cls(Process(transport, protocol, asyncio.get_running_loop()), mark)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Return the exit code, negative for a signal; ``None`` while the process runs."""
        return self._process.returncode

    @property
    def errors(self) -> asyncio.StreamReader:
        assert self._process.stderr is not None  # noqa: S101 - a pipe was asked for
        return self._process.stderr

    @property
    def output(self) -> asyncio.StreamReader:
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        return self._process.stdout

    def write_line(self, line: bytes) -> None:
        """Send a line; one that nobody reads any more is lost."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        if not self._process.stdin.is_closing():
            self._process.stdin.write(line + b"\n")

    async def read_line(self) -> bytes:
        """Return the next whole line, empty when there are no more.

        Raises ``ValueError`` for one that is longer than ``LINE_LIMIT``.
        """
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = await self._process.stdout.readline()
        return line if line.endswith(b"\n") else b""

    async def ended(self, within_s: float) -> bool:
        """Wait until the process has ended, for ``within_s`` at most, and tell whether it has."""
        waiting = asyncio.create_task(self._process.wait())
        await asyncio.wait({waiting}, timeout=within_s)
        waiting.cancel()
        return self.exit_code is not None

    def kill(self) -> None:
        """Kill the process and every one that it started."""
        kill_tree(self._process.pid, self._mark)

    async def close(self) -> None:
        """Kill the process and wait until it is gone, even if the caller is cancelled meanwhile."""
        self.kill()
        await to_its_end(self._gone())

    async def _gone(self) -> None:
        await self._process.wait()
        _running.discard(self._process.pid)


class _Protocol(SubprocessStreamProtocol):
    """Closes the pipes once the process has ended: another one that has them could keep them open for ever."""

    def __init__(self) -> None:
        super().__init__(limit=LINE_LIMIT, loop=asyncio.get_running_loop())
        self._pipes: asyncio.BaseTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._pipes = transport
        super().connection_made(transport)

    def process_exited(self) -> None:
        super().process_exited()
        asyncio.get_running_loop().call_later(_LAST_WORDS_S, self._pipes.close)


def how_it_ended(exit_code: int) -> str:
    """Return how a process ended, as a clause about it; ``exit_code`` is negative for a signal."""
    if exit_code >= 0:
        return f"ended itself (exit code {exit_code})"
    hint = ", perhaps for want of memory" if -exit_code == signal.SIGKILL else ""
    return f"was ended by {_SIGNALS.get(-exit_code, f'signal {-exit_code}')}{hint}"


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work``; cancellations, however many, take effect when it is done. What it raises comes before them."""
    task = asyncio.create_task(work)
    is_cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            is_cancelled = True
    result = task.result()
    if is_cancelled:
        raise asyncio.CancelledError
    return result
