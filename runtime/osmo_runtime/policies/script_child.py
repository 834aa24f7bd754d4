"""The child process of ``script:FILE``: requests in, answers out, the user's file in between."""

import asyncio
import importlib.util
import json
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn

from osmo_runtime.channel import Channel, Order, line_of
from osmo_runtime.worker.failures import failure

Answer = Callable[[dict[str, Any]], Awaitable[Any]]


def main(path: Path) -> None:
    channel = Channel()
    answer, problem = _load(path)
    asyncio.run(_serve(channel, _Script(path, answer, problem)))


def _load(path: Path) -> tuple[Answer | None, str]:
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location("osmo_script_policy", path)
    if spec is None or spec.loader is None:
        return None, "is not a Python file (its name has to end in .py)"
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException as error:  # noqa: BLE001 - the user's file may raise anything, and only that is said
        traceback.print_exc()
        return None, f"raised {_said(error, path)} while it was imported"
    answer = getattr(module, "answer", None)
    return (answer, "") if asyncio.iscoroutinefunction(answer) else (None, "has no `async def answer(request)`")


class _Script:
    def __init__(self, path: Path, answer: Answer | None, problem: str) -> None:
        self._path = path
        self._answer = answer
        self._problem = problem

    async def reply(self, order: Order) -> bytes:
        """Return the line that answers ``order``, whatever the user's code does.

        An order without a request asks for a sign of life.
        """
        number = order["id"]
        if "request" not in order:
            return line_of({"id": number})
        if self._answer is None:
            return line_of({"id": number, "error": self._problem})
        try:
            answer = await self._answer(order["request"])
        except BaseException as error:  # noqa: BLE001 - as above
            traceback.print_exc()
            return line_of({"id": number, "error": f"answer() raised {_said(error, self._path)}"})
        try:
            json.dumps(answer)
            return line_of({"id": number, "answer": answer})
        except Exception as error:  # noqa: BLE001 - an answer may hold any object
            problem = f"answer() returned what cannot be written as JSON: {_said(error, self._path)}"
            return line_of({"id": number, "error": problem})


async def _serve(channel: Channel, script: _Script) -> NoReturn:
    loop = asyncio.get_running_loop()
    orders: asyncio.Queue[Order] = asyncio.Queue()
    channel.listen(lambda order: loop.call_soon_threadsafe(orders.put_nowait, order))
    running: set[asyncio.Task[None]] = set()

    async def answer(order: Order) -> None:
        channel.send(await script.reply(order))

    while True:
        task = loop.create_task(answer(await orders.get()))
        running.add(task)
        task.add_done_callback(running.discard)


def _said(error: BaseException, path: Path) -> str:
    """Return an exception and where the file raised it: the file's own folder is what its frames are told by."""
    message: str = failure("policy", error, path.parent)["message"]
    return f"SystemExit: {message}" if isinstance(error, SystemExit) else message


if __name__ == "__main__":
    main(Path(sys.argv[1]))
