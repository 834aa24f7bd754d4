"""The endpoint, over real sockets: with the ``openai`` client, and by hand for what that would never send."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from openai import AsyncOpenAI, AuthenticationError, InternalServerError
from yarl import URL

from osmo_runtime import endpoint as endpoint_module
from osmo_runtime.endpoint import Endpoint, Session
from osmo_runtime.model import Attempt, Row
from osmo_runtime.policies import ChatReply, ChatRequest, Policy, PolicyError, parse

ROW = Row(3, {"system_prompt": "Multiply.", "user_prompt": "What is 6 times 7?", "ground_truth": "42"})
TOOL = {
    "type": "function",
    "function": {
        "name": "multiply",
        "description": "Multiply two numbers",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
            "required": ["a", "b"],
        },
    },
}


class Broken:
    async def answer(self, request: ChatRequest) -> ChatReply:
        raise PolicyError(f"no answer to call {request.call}")


class Wrong:
    async def answer(self, request: ChatRequest) -> ChatReply:
        raise ZeroDivisionError(request.call)


def serve(policy: Policy | str, use: Callable[[Endpoint, Session], Awaitable[Any]]) -> Session:
    """Run ``use`` against an endpoint with one open session, and return the session."""

    async def main() -> Session:
        async with Endpoint(parse(policy) if isinstance(policy, str) else policy, seed=5) as endpoint:
            session = endpoint.open(Attempt(3, 0), ROW)
            await use(endpoint, session)
            return session

    return asyncio.run(main())


def openai_client(session: Session, token: str | None = None) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=session.base_url, api_key=token or session.token)


async def ask(session: Session, **options: Any) -> Any:
    async with openai_client(session) as client:
        messages: Any = ROW.messages
        return await client.chat.completions.create(model="any", messages=messages, **options)


async def post(session: Session, body: bytes, *, token: str | None = None, path: str = "chat/completions") -> Any:
    headers = {"Authorization": f"Bearer {session.token if token is None else token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{session.base_url}/{path}", data=body, headers=headers) as response,
    ):
        return response.status, await response.json(content_type=None)


def test_a_whole_reply() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        reply = await ask(session)
        assert reply.choices[0].message.content == "42"
        assert reply.choices[0].finish_reason == "stop"
        assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens > 0

    (call,) = serve("oracle", use).calls
    assert call.messages == ROW.messages
    assert call.reply == {"role": "assistant", "content": "42"}
    assert call.prompt_tokens == 8  # 9 characters and 18 are 3 and 5 tokens
    assert call.latency_s >= 0


def test_a_whole_tool_call() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        reply = await ask(session, tools=[TOOL])
        (call,) = reply.choices[0].message.tool_calls
        assert (call.function.name, json.loads(call.function.arguments)) == ("multiply", {"a": 6, "b": 7})
        assert reply.choices[0].finish_reason == "tool_calls"

    serve("oracle", use)


def test_a_streamed_reply_has_usage_only_when_asked() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        plain = [chunk async for chunk in await ask(session, stream=True)]
        counted = [chunk async for chunk in await ask(session, stream=True, stream_options={"include_usage": True})]
        assert "".join(chunk.choices[0].delta.content or "" for chunk in plain) == "42"
        assert [chunk.choices[0].finish_reason for chunk in plain][-1] == "stop"
        assert all(chunk.usage is None for chunk in plain)
        assert counted[-1].choices == []
        assert counted[-1].usage is not None

    assert len(serve("oracle", use).calls) == 2


def test_a_streamed_tool_call_comes_in_deltas_with_an_index() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        chunks = [chunk async for chunk in await ask(session, tools=[TOOL], stream=True)]
        deltas = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
        assert {delta.index for delta in deltas} == {0}
        assert deltas[0].id is not None
        assert deltas[0].function.name == "multiply"
        assert json.loads("".join(delta.function.arguments for delta in deltas)) == {"a": 6, "b": 7}
        assert chunks[-1].choices[0].finish_reason == "tool_calls"

    serve("oracle", use)


def test_the_stream_ends_as_the_protocol_says() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        body = {"messages": ROW.messages, "stream": True}
        headers = {"Authorization": f"Bearer {session.token}"}
        url = f"{session.base_url}/chat/completions"
        async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers) as response:
            assert response.content_type == "text/event-stream"
            assert (await response.text()).endswith("\n\ndata: [DONE]\n\n")

    serve("oracle", use)


def test_the_models() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        async with openai_client(session) as client:
            assert [model.id async for model in client.models.list()] == ["osmosis-rollout"]

    serve("oracle", use)


def test_one_attempts_token_opens_nothing_else() -> None:
    async def use(endpoint: Endpoint, session: Session) -> None:
        other = endpoint.open(Attempt(4, 0), ROW)
        assert other.base_url != session.base_url
        for token in ("", "wrong", other.token, session.token + "x", "\u00fc"):
            status, body = await post(session, b"{}", token=token)
            assert status == 401
            assert body["error"]["code"] == "invalid_api_key"
        async with openai_client(session, other.token) as client:
            with pytest.raises(AuthenticationError, match="bearer token"):
                await client.chat.completions.create(model="any", messages=[{"role": "user", "content": "x"}])

    assert serve("oracle", use).calls == []


def test_a_closed_session_is_gone() -> None:
    async def use(endpoint: Endpoint, session: Session) -> None:
        endpoint.close(session)
        status, body = await post(session, b"{}")
        assert status == 404
        assert "attempt is over" in body["error"]["message"]

    serve("oracle", use)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "JSON object"),
        (b"{}", "messages"),
        (b'{"messages": []}', "messages"),
        (b'{"messages": [{"content": "no role"}]}', "messages"),
        (b'{"messages": [{"role": "user"}], "n": 2}', "n=1"),
        (b'{"messages": [{"role": "user"}], "tools": [{}]}', "tools"),
        (b'{"messages": [{"role": "user"}], "tools": "all"}', "tools"),
    ],
)
def test_bad_requests_are_refused(body: bytes, words: str) -> None:
    async def use(_: Endpoint, session: Session) -> None:
        status, answer = await post(session, body)
        assert status == 400
        assert words in answer["error"]["message"]
        assert answer["error"]["type"] == "invalid_request_error"

    assert serve("oracle", use).calls == []


def test_a_request_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_module, "MAX_REQUEST", 1000)

    async def use(_: Endpoint, session: Session) -> None:
        status, answer = await post(session, b" " * 1001)
        assert (status, answer["error"]["code"]) == (413, "request_too_large")

    serve("oracle", use)


def test_an_unknown_path() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        status, answer = await post(session, b"{}", path="completions")
        assert status == 404
        assert "<base URL>/chat/completions" in answer["error"]["message"]

    serve("oracle", use)


@pytest.mark.parametrize(("policy", "words"), [(Broken(), "no answer to call 0"), (Wrong(), "ZeroDivisionError: 0")])
def test_a_policy_that_fails_is_asked_once(policy: Policy, words: str) -> None:
    async def use(_: Endpoint, session: Session) -> None:
        with pytest.raises(InternalServerError, match=words):
            await ask(session)

    session = serve(policy, use)
    assert len(session.calls) == 1
    assert session.policy_error == words


class Silent:
    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def answer(self, request: ChatRequest) -> ChatReply:
        self.asked.set()
        await asyncio.sleep(3600)
        raise AssertionError(request)


def test_calls_that_wait_for_an_answer_have_none_when_the_attempt_ends() -> None:
    policy = Silent()

    async def use(endpoint: Endpoint, session: Session) -> None:
        waiting = asyncio.create_task(post(session, json.dumps({"messages": ROW.messages}).encode()))
        await policy.asked.wait()
        endpoint.close(session)
        with pytest.raises(aiohttp.ClientError):
            await waiting

    (call,) = serve(policy, use).calls
    assert (call.reply, call.error) == (None, "the attempt ended before there was an answer")


class Hasty:
    async def answer(self, request: ChatRequest) -> ChatReply:
        if request.call < 2:
            raise PolicyError("not so fast", status=429, retry_after_s=0.001)
        return ChatReply(content="42")


def test_a_policy_may_say_when_to_try_again() -> None:
    async def use(_: Endpoint, session: Session) -> None:
        assert (await ask(session)).choices[0].message.content == "42"

    assert [call.error for call in serve(Hasty(), use).calls] == ["not so fast", "not so fast", None]


def test_a_request_that_is_cut_off_is_not_worth_a_word(caplog: pytest.LogCaptureFixture) -> None:
    async def cut_off(_: Endpoint, session: Session) -> None:
        url = URL(session.base_url)
        _reader, writer = await asyncio.open_connection(url.host, url.port)
        head = f"POST {url.path}/chat/completions HTTP/1.1\r\nHost: endpoint\r\nContent-Length: 1000\r\n"
        writer.write(f"{head}Authorization: Bearer {session.token}\r\n\r\n{{".encode())
        await writer.drain()
        await asyncio.sleep(0.1)  # until it is being read
        writer.transport.abort()
        await asyncio.sleep(0.1)

    assert serve("echo", cut_off).calls == []
    assert caplog.records == []
