"""The model server that rollouts talk to: OpenAI-compatible, on loopback, one base URL and token for each attempt."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from osmo_runtime import chat
from osmo_runtime.model import Attempt, Call, Message, Row
from osmo_runtime.policies import ChatReply, ChatRequest, Policy, PolicyError

#: Bytes one request may have.
MAX_REQUEST = 32 * 1024 * 1024
_UNANSWERED = "the attempt ended before there was an answer"


@dataclass(slots=True)
class Session:
    """What one attempt may reach, and what it said there. ``base_url`` is what a rollout sees as the model's URL."""

    attempt: Attempt
    row: Row
    seed: int
    base_url: str
    token: str
    calls: list[Call] = field(default_factory=list)
    started: int = 0
    pending: dict[asyncio.Task[ChatReply], list[Message]] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """Take the URL and the token out of ``text``: they differ in every run, and are nobody's business."""
        return text.replace(self.token, "<token>").replace(self.base_url, "<policy>")

    @property
    def policy_error(self) -> str | None:
        """What the policy said if the last call got no answer."""
        return self.calls[-1].error if self.calls else None


class Endpoint:
    """Serves ``policy``. Use it as an async context manager; it listens while the block runs."""

    def __init__(self, policy: Policy, seed: int = 0) -> None:
        self._policy = policy
        self._seed = seed
        self._sessions: dict[str, Session] = {}
        self._address = ""
        self._runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def open(self, attempt: Attempt, row: Row) -> Session:
        key = secrets.token_urlsafe(18)
        url = f"{self._address}/attempts/{key}/v1"
        session = Session(attempt, row, self._seed, url, secrets.token_urlsafe(24))
        self._sessions[key] = session
        return session

    def close(self, session: Session) -> None:
        """Forget the session: its URL and token open nothing any more, and calls that wait for an answer have none."""
        self._sessions.pop(session.base_url.split("/")[-2], None)
        pending, session.pending = session.pending, {}
        for answering, messages in pending.items():
            answering.cancel()
            session.calls.append(Call(messages, None, "error", 0, 0, 0.0, error=_UNANSWERED))

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_REQUEST, middlewares=[_errors_as_openai_says_them])
        app.router.add_post("/attempts/{key}/v1/chat/completions", self._chat)
        app.router.add_get("/attempts/{key}/v1/models", self._models)
        return app

    def _session(self, request: web.Request) -> Session:
        session = self._sessions.get(request.match_info["key"])
        if session is None:
            raise chat.ChatError(404, "This attempt is over, or never was: its URL opens nothing.", code="not_found")
        sent = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, f"Bearer {session.token}".encode()):
            message = "Wrong or missing API key: send the rollout context's api_key as a bearer token."
            raise chat.ChatError(401, message, "authentication_error", "invalid_api_key")
        return session

    async def _models(self, request: web.Request) -> web.Response:
        self._session(request)
        return _json(chat.models())

    async def _chat(self, request: web.Request) -> web.Response:
        session = self._session(request)
        parsed = chat.parse_request(await request.read())
        completion = await self._answer(session, parsed)
        if not parsed.stream:
            return _json(chat.whole(completion))
        body = chat.events(completion, include_usage=parsed.include_usage)
        return web.Response(body=body, content_type="text/event-stream", charset="utf-8")

    async def _answer(self, session: Session, parsed: chat.ParsedRequest) -> chat.Completion:
        number, session.started = session.started, session.started + 1
        key = f"{session.seed}/{session.attempt}/{number}"
        started = time.perf_counter()
        try:
            reply = await self._reply(session, parsed, _policy_request(session, parsed, number, key))
        except Exception as error:
            if not isinstance(error, PolicyError):
                error = PolicyError(f"{type(error).__name__}: {error}")
            latency = time.perf_counter() - started
            session.calls.append(Call(parsed.messages, None, "error", 0, 0, latency, error=str(error)))
            raise chat.ChatError(error.status, str(error), "policy_error", retry_after_s=error.retry_after_s) from error
        done = chat.complete(key, parsed.messages, reply)
        session.calls.append(
            Call(
                messages=parsed.messages,
                reply=done.message,
                finish_reason=done.finish_reason,
                prompt_tokens=done.prompt_tokens,
                completion_tokens=done.completion_tokens,
                latency_s=time.perf_counter() - started,
            )
        )
        return done

    async def _reply(self, session: Session, parsed: chat.ParsedRequest, request: ChatRequest) -> ChatReply:
        answering = asyncio.create_task(self._policy.answer(request))
        session.pending[answering] = parsed.messages
        try:
            return await answering
        finally:
            session.pending.pop(answering, None)


def _policy_request(session: Session, parsed: chat.ParsedRequest, number: int, key: str) -> ChatRequest:
    return ChatRequest(
        messages=parsed.messages,
        attempt=session.attempt,
        label=session.row.label,
        metadata=session.row.metadata,
        tools=parsed.tools,
        options=parsed.options,
        call=number,
        seed=int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]),
    )


def _json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


@web.middleware
async def _errors_as_openai_says_them(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except chat.ChatError as error:
        return _json(error.body(), error.status, error.headers())
    except web.HTTPRequestEntityTooLarge:
        message = f"The request is larger than {MAX_REQUEST} bytes."
        return _json(chat.ChatError(413, message, code="request_too_large").body(), 413)
    except ConnectionResetError:
        # The rollout has gone, so that nobody reads this; aiohttp would print where it happened.
        return _json(chat.ChatError(400, "The request was cut off.").body(), 400)
    except web.HTTPException as error:
        message = f"{error.reason}: send POST to <base URL>/chat/completions, or GET to <base URL>/models."
        return _json(chat.ChatError(error.status, message).body(), error.status)
