"""``openai:`` against a real server on loopback."""

import asyncio
import gzip
import importlib.util
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

import pytest
from aiohttp import web

from osmo_checks.errors import UsageError
from osmo_runtime.model import Attempt
from osmo_runtime.policies import ChatReply, ChatRequest, Closable, PolicyError, Prepared, Setting, model_server, parse

from .run_support import Workspace
from .test_run_results import ASKS, workspace_of

KEY = "sk-planted-1234567"
TOOL = {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}
CALL = {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": '}}
REQUEST = ChatRequest(
    [{"role": "user", "content": "2 + 2?"}], Attempt(0, 0), tools=[TOOL], options={"temperature": 0.5, "model": "mine"}
)

Answer = Callable[["Server", dict[str, Any]], Awaitable[web.Response]]


def completion(**message: Any) -> web.Response:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    return web.json_response({"id": "x", "object": "chat.completion", "choices": [choice], "model": "m", "created": 0})


def error(status: int, message: str, **headers: str) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status, headers=headers)


class Server:
    """Answers calls in turn with ``answers``, the last one for ever; keeps what it was sent."""

    def __init__(self, *answers: Answer | web.Response) -> None:
        self.answers = list(answers)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.models = web.json_response({"data": [{"id": "first"}, {"id": "second"}]})
        self.listed = 0
        self.url = ""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _models(self, _: web.Request) -> web.Response:
        self.listed += 1
        return web.json_response(text=self.models.text, status=self.models.status)

    async def _chat(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, web.Response) else await answer(self, self.bodies[-1])


async def right(_: Server, __: dict[str, Any]) -> web.Response:
    return completion(content="4")


def ask(
    server: Server, options: str = "", environment: dict[str, str] | None = None, times: int = 1
) -> list[ChatReply]:
    async def main() -> list[ChatReply]:
        async with server:
            policy = parse(f"openai:{server.url}{options}")
            assert isinstance(policy, Prepared)
            assert isinstance(policy, Closable)
            policy.prepare(Setting(environment=environment or {}))
            try:
                return await asyncio.gather(*(policy.answer(REQUEST) for _ in range(times)))
            finally:
                await policy.close()

    return asyncio.run(main())


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_server, "_FIRST_WAIT_S", 0.001)


def test_a_reply_with_text_and_tool_calls_as_the_model_wrote_them() -> None:
    server = Server(completion(content="4", tool_calls=[CALL]))
    (reply,) = ask(server, "#qwen/qwen3")
    assert (reply.content, reply.finish_reason) == ("4", "stop")
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [("add", '{"a": ')]
    assert server.bodies == [
        {
            "temperature": 0.5,
            "model": "qwen/qwen3",
            "messages": [{"role": "user", "content": "2 + 2?"}],
            "tools": [{"type": "function", "function": TOOL}],
        }
    ]


def test_without_a_name_it_is_the_first_model_that_the_server_lists() -> None:
    server = Server(right)
    ask(server, times=3)
    assert [body["model"] for body in server.bodies] == ["first"] * 3


@pytest.mark.usefixtures("hurried")
def test_calls_that_wait_for_a_models_name_ask_for_it_once() -> None:
    server = Server(right)
    server.models = error(429, "not now")

    async def main() -> None:
        async with server:
            policy = parse(f"openai:{server.url}")
            assert isinstance(policy, model_server.ModelServerPolicy)
            policy.prepare(Setting())
            calls = (policy.answer(REQUEST) for _ in range(5))
            failed = await asyncio.gather(*calls, return_exceptions=True)
            assert [str(error).partition(" answered ")[2] for error in failed] == ["429: not now, 6 times"] * 5
            assert server.listed == model_server.TRIES
            server.models = web.json_response({"data": [{"id": "mine"}]})
            await policy.answer(REQUEST)
            await policy.close()

    asyncio.run(main())
    assert [body["model"] for body in server.bodies] == ["mine"]


@pytest.mark.parametrize(
    ("behind", "model", "timeout_s"),
    [
        ("#Qwen/Q+3", "Qwen/Q+3", 120),
        ("#Qwen/Q&timeout=5", "Qwen/Q", 5),
        ("#timeout=5&model=a%26b", "a&b", 5),
        ("", "", 120),
    ],
)
def test_what_stands_behind_the_url(behind: str, model: str, timeout_s: float) -> None:
    server = model_server.parse_server(f"http://127.0.0.1:8000/v1{behind}")
    assert (server.model, server.timeout_s) == (model, timeout_s)


def test_waits_may_be_asked_for_by_date() -> None:
    assert model_server._wait_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert model_server._wait_of(format_datetime(datetime.now(UTC) + timedelta(hours=1))) > 3500  # type: ignore[operator]
    assert [model_server._wait_of(text) for text in ("7", "soon", "", None)] == [7, None, None, None]


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, *, is_packed: bool) -> None:
    monkeypatch.setattr(model_server, "MAX_ANSWER", 100_000)
    text = json.dumps({"choices": [{"message": {"content": "x" * 10_000_000}}]}).encode()
    packed = {"Content-Encoding": "gzip"} if is_packed else None
    response = web.Response(body=gzip.compress(text) if is_packed else text, headers=packed)
    with pytest.raises(PolicyError, match=r"(sent an answer of more than|answered something else than JSON)"):
        ask(Server(response), "#m")


@pytest.mark.parametrize(
    ("options", "environment", "sent"),
    [
        ("#m", {"OPENAI_API_KEY": KEY}, f"Bearer {KEY}"),
        ("#model=m&key=MINE", {"OPENAI_API_KEY": "other", "MINE": KEY}, f"Bearer {KEY}"),
        ("#m", {}, None),
    ],
)
def test_keys(options: str, environment: dict[str, str], sent: str | None) -> None:
    server = Server(right)
    ask(server, options, environment)
    assert server.headers[0].get("Authorization") == sent


def test_a_key_that_nobody_named_does_not_leave_the_machine_unencrypted() -> None:
    environment = {"OPENAI_API_KEY": KEY}
    keys = {
        url: model_server.parse_server(url).api_key(environment)
        for url in ("http://10.0.0.7:8000/v1", "http://localhost.example.com/v1", "https://api.example.com/v1")
    }
    assert list(keys.values()) == ["", "", KEY]
    assert model_server.parse_server("http://10.0.0.7/v1#key=OPENAI_API_KEY").api_key(environment) == KEY


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_a_failure_that_may_pass_is_tried_again(status: int) -> None:
    server = Server(error(status, "busy"), error(status, "busy", **{"Retry-After": "0"}), right)
    assert ask(server, "#m")[0].content == "4"
    assert len(server.bodies) == 3


@pytest.mark.usefixtures("hurried")
def test_what_never_passes_is_given_up() -> None:
    async def busy(_: Server, __: dict[str, Any]) -> web.Response:
        return error(503, f"busy {KEY}")

    server = Server(busy)
    with pytest.raises(PolicyError, match=r"answered 503: busy <API key>, 6 times") as failed:
        ask(server, "#m", {"OPENAI_API_KEY": KEY})
    assert len(server.bodies) == model_server.TRIES
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_cannot_pass_is_not_tried_again(status: int) -> None:
    server = Server(error(status, f"wrong key {KEY}"))
    with pytest.raises(PolicyError, match=f"answered {status}: wrong key <API key>"):
        ask(server, "#m", {"OPENAI_API_KEY": KEY})
    assert len(server.bodies) == 1


@pytest.mark.usefixtures("hurried")
def test_a_server_that_does_not_answer_in_time() -> None:
    async def sleeps(_: Server, __: dict[str, Any]) -> web.Response:
        await asyncio.sleep(30)
        return completion(content="late")

    server = Server(sleeps)
    with pytest.raises(PolicyError, match=r"did not answer within 0\.05 s, 6 times"):
        ask(server, "#model=m&timeout=0.05")


@pytest.mark.usefixtures("hurried")
def test_a_server_that_is_not_there() -> None:
    server = Server(right)

    async def main() -> None:
        async with server:
            pass
        policy = parse(f"openai:{server.url}#m")
        assert isinstance(policy, model_server.ModelServerPolicy)
        policy.prepare(Setting())
        try:
            with pytest.raises(PolicyError, match=r"cannot be reached .* 6 times"):
                await policy.answer(REQUEST)
            model_server._FIRST_WAIT_S = 3600  # nobody waits for it again
            with pytest.raises(PolicyError, match=r"cannot be reached .* 6 times"):
                await policy.answer(REQUEST)
        finally:
            await policy.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    "response",
    [
        web.json_response({}),
        web.json_response({"choices": []}),
        web.json_response({"choices": [{"message": "x"}]}),
        web.json_response([]),
    ],
)
def test_what_is_no_completion(response: web.Response) -> None:
    with pytest.raises(PolicyError, match="is no chat completion"):
        ask(Server(response), "#m")


def test_what_is_no_json() -> None:
    with pytest.raises(PolicyError, match="something else than JSON: <html>"):
        ask(Server(web.Response(text="<html>")), "#m")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("openai", "needs a URL"),
        ("openai:gpt-5", "needs a URL"),
        ("openai:ftp://host/v1", "needs a URL"),
        ("openai:https://me:secret@host/v1", "holds a password"),
        ("openai:http://host/v1#modle=x", "no option 'modle'"),
        ("openai:http://host/v1#timeout=soon", "timeout has to be"),
        ("openai:http://host/v1#timeout=5&m", "'timeout=5&m' behind # is not NAME=VALUE"),
        ("openai:http://host/v1?api-key=abcdefgh", "holds 'api-key', which would be written down"),
        ("litellm", "needs a model"),
        ("human:me", "takes no argument"),
    ],
)
def test_a_wrong_argument_is_one_sentence(spec: str, words: str) -> None:
    with pytest.raises(UsageError) as wrong:
        parse(spec)
    assert words in str(wrong.value)
    assert "secret@" not in str(wrong.value)
    assert "abcdefgh" not in str(wrong.value)


def test_a_key_that_is_named_and_missing_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="needs MINE: set that variable, or name a file"):
        ask(Server(right), "#key=MINE")


@pytest.mark.skipif(importlib.util.find_spec("litellm") is not None, reason="LiteLLM is installed here")
def test_litellm_that_is_missing_is_one_sentence() -> None:
    policy = parse("litellm:openai/m")
    assert isinstance(policy, Prepared)
    with pytest.raises(UsageError, match=r"needs LiteLLM .*pip install 'osmo-scaffold\[litellm\]'"):
        policy.prepare(Setting())


def test_a_run_with_a_key_from_a_file_writes_it_nowhere(tmp_path: Any) -> None:
    """The server says the key in its answers, and the rollout hands them on."""
    workspace: Workspace = workspace_of(tmp_path, ASKS)
    (tmp_path / "keys.env").write_text(f"SERVER_CREDENTIAL_X={KEY}\nSOME_NAME=harmless-planted\n")

    async def tells(server: Server, _: dict[str, Any]) -> web.Response:
        if len(server.bodies) == 1:
            return error(401, f"no: {server.headers[-1]['Authorization']}")
        return completion(content=f"{server.headers[-1]['Authorization']} harmless-planted")

    async def main() -> str:
        async with Server(tells) as server:
            arguments = ["--name", "it", "--policy", f"openai:{server.url}#model=m&key=SERVER_CREDENTIAL_X"]
            arguments += ["--secrets-file", str(tmp_path / "keys.env"), "--output-format", "json"]
            done = await asyncio.to_thread(workspace.run, *arguments)
            assert json.loads(done.stdout)["summary"]["failures"]["policy"]["count"] == 1
            return done.stdout + done.stderr

    said = asyncio.run(main())
    written = [path.read_text() for path in workspace.runs.rglob("*") if path.is_file()]
    assert any("Bearer <SERVER_CREDENTIAL_X> <SOME_NAME>" in text for text in written)
    assert not [text for text in (said, *written) if "planted" in text]
