"""Answers every model call with 42, at once: the model of the tools that have none of their own. Prints its port."""

import asyncio
import socket

from aiohttp import web

from osmo_runtime import chat
from osmo_runtime.policies.base import ChatReply

REPLY = ChatReply("42")


async def answer(request: web.Request) -> web.Response:
    asked = chat.parse_request(await request.read())
    done = chat.complete("constant", asked.messages, REPLY)
    if asked.stream:
        events = chat.events(done, include_usage=asked.include_usage)
        return web.Response(body=events, content_type="text/event-stream")
    return web.Response(body=chat.whole(done), content_type="application/json")


async def main() -> None:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listening).start()
    print(listening.getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
