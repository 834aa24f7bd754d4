"""The policies, asked directly; ``script:`` with its real child process."""

import asyncio
import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osmo_checks.errors import UsageError
from osmo_runtime.model import Attempt
from osmo_runtime.policies import (
    POLICIES,
    ChatReply,
    ChatRequest,
    Closable,
    PolicyError,
    Prepared,
    Setting,
    parse,
    script_process,
)
from osmo_runtime.policies.arguments import arguments_for
from osmo_runtime.policies.script import ScriptPolicy

USER = {"role": "user", "content": "Multiply -3 by 1,200.5, then say `ok`."}


def request(*messages: dict[str, Any], tools: list[dict[str, Any]] | None = None, **more: Any) -> ChatRequest:
    return ChatRequest(list(messages) or [USER], Attempt(1, 2), label="42", tools=tools or [], **more)


def ask(policy: str, *requests: ChatRequest) -> list[ChatReply]:
    async def main() -> list[ChatReply]:
        asked = parse(policy)
        try:
            return [await asked.answer(request) for request in requests]
        finally:
            if isinstance(asked, Closable):
                await asked.close()

    return asyncio.run(main())


def tool(name: str, description: str = "", **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"name": name, "description": description, "parameters": schema}


def test_echo_repeats_the_last_user_message_and_calls_no_tool() -> None:
    first = {"role": "user", "content": "first"}
    parts = {"role": "user", "content": [{"type": "text", "text": "second"}]}
    (reply,) = ask("echo", request(first, parts, {"role": "assistant", "content": "x"}, tools=[tool("t")]))
    assert (reply.content, reply.tool_calls) == ("second", ())


def test_constant_may_hold_colons() -> None:
    assert ask("constant:a:b", request())[0].content == "a:b"


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("What is it?", "42"),
        ("End with #### and the number.", "#### 42"),
        (r"Put it in \boxed{}.", r"\boxed{42}"),
        ("Use <answer></answer>.", "<answer>42</answer>"),
    ],
)
def test_oracle_answers_as_the_prompt_wants_it(prompt: str, answer: str) -> None:
    system = {"role": "system", "content": prompt}
    assert ask("oracle", request(system, USER))[0].content == answer
    assert ask("oracle:It is {label}!", request(system, USER))[0].content == "It is 42!"


def test_oracle_has_nothing_to_say_without_a_label() -> None:
    assert ask("oracle", ChatRequest([USER], Attempt(0, 0)))[0].content == ""


def test_oracle_calls_the_fitting_tool_once_then_answers() -> None:
    numbers = {"a": {"type": "number"}, "b": {"type": "number"}}
    tools = [tool("add", "Add two numbers", **numbers), tool("multiply", "Multiply two numbers", **numbers)]
    result = {"role": "tool", "tool_call_id": "1", "content": "-3601.5"}
    first, second, third = ask(
        "oracle",
        request(tools=tools),
        request(USER, {"role": "assistant", "content": None}, result, tools=tools),
        request(tools=tools, options={"tool_choice": "none"}),
    )
    assert [(call.name, call.arguments) for call in first.tool_calls] == [("multiply", {"a": -3, "b": 1200.5})]
    assert [(second.content, second.tool_calls), (third.content, third.tool_calls)] == [("42", ()), ("42", ())]


def test_oracle_calls_a_tool_again_for_a_new_question() -> None:
    result = {"role": "tool", "tool_call_id": "1", "content": "1"}
    (reply,) = ask("oracle", request(USER, result, USER, tools=[tool("t")]))
    assert reply.tool_calls


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, -3),
        ({"type": "number", "minimum": 0}, 0),
        ({"type": "array", "items": {"type": "number"}}, [-3, 1200.5]),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, ["ok"]),
        ({"type": "string"}, "ok"),
        ({"enum": ["Divide", "Multiply"]}, "Multiply"),
        ({"const": 7}, 7),
        ({"type": "string", "default": "d"}, "d"),
        ({"type": "boolean"}, True),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, -3),
        ({"type": ["null", "integer"]}, -3),
        ({"$ref": "#/$defs/n"}, -3),
        ({"type": "object", "properties": {"n": {"type": "integer"}}}, {"n": -3}),
    ],
)
def test_arguments_satisfy_their_schema(schema: dict[str, Any], value: Any) -> None:
    whole = {"type": "object", "properties": {"x": schema}, "required": ["x"], "$defs": {"n": {"type": "integer"}}}
    found = arguments_for(whole, USER["content"])
    assert found == {"x": value}
    jsonschema.validate(found, whole)


def test_only_required_arguments_are_given() -> None:
    schema = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["b"]}
    assert arguments_for(schema, "5") == {"b": 5}


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    assert "next" in arguments_for(schema, "")


_SCHEMAS = st.recursive(
    st.sampled_from([{"type": kind} for kind in ("integer", "number", "string", "boolean", "null")]),
    lambda inner: st.one_of(
        inner.map(lambda items: {"type": "array", "items": items}),
        st.dictionaries(st.sampled_from("abc"), inner).map(
            lambda properties: {"type": "object", "properties": properties, "required": sorted(properties)}
        ),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(_SCHEMAS, st.text())
def test_arguments_for_any_schema_are_valid(schema: dict[str, Any], text: str) -> None:
    whole = {"type": "object", "properties": {"x": schema}, "required": ["x"]}
    jsonschema.validate(json.loads(json.dumps(arguments_for(whole, text))), whole)


SCRIPT = """
import asyncio

print("printed while imported")

async def answer(request):
    print("printed while asked")
    text = request["messages"][-1]["content"]
    if text == "tool":
        return {"tool_calls": [{"name": "t", "arguments": {"row": request["row"], "repeat": request["repeat"]}}]}
    if text == "raise":
        raise ValueError("not this one")
    if text == "number":
        return 3
    if text == "exit":
        raise SystemExit(1)
    return f"{text} {request['label']} {request['call']} {request['seed']}"
"""


def script(tmp_path: Path, text: str = SCRIPT) -> str:
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    return f"script:{path}"


def said(text: str) -> ChatRequest:
    return request({"role": "user", "content": text}, call=1, seed=9)


def test_a_script_answers_with_text_or_tool_calls(tmp_path: Path) -> None:
    text, tools = ask(script(tmp_path), said("hello"), said("tool"))
    assert text.content == "hello 42 1 9"
    assert [(call.name, call.arguments) for call in tools.tool_calls] == [("t", {"row": 1, "repeat": 2})]


@pytest.mark.parametrize(
    ("text", "words"),
    [("raise", "raised ValueError: not this one"), ("number", "has to return a str or a dict"), ("exit", "SystemExit")],
)
def test_a_script_that_fails_says_how(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        ask(script(tmp_path), said(text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("raise RuntimeError('no')", r"raised RuntimeError: no \(mine.py:1\) while it was imported"),
        ("x = 1", "async def answer"),
        ("import os; os._exit(4)", r"process ended \(exit code 4\)"),
    ],
)
def test_a_script_that_cannot_be_used_says_why(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        ask(script(tmp_path, content), said("hello"))


SPEAKS = """
import os

async def answer(request):
    for descriptor in range(3, 30):
        try:
            os.write(descriptor, {said!r})
        except OSError:
            pass
    return "fine"
"""


@pytest.mark.parametrize("spoken", [b"what is this\n", b"7\n", b'{"id": []}\n', b"\xff\n", b"[" * 100_000 + b"\n"])
def test_a_script_that_breaks_its_line_fails_the_calls_that_do(tmp_path: Path, spoken: bytes) -> None:
    for answer in asyncio.run(_asked_together(script(tmp_path, SPEAKS.format(said=spoken)), 1)):
        assert isinstance(answer, PolicyError)
        assert "something else than answers came out of its process" in str(answer)


async def _asked_together(policy: str, times: int, within_s: float | None = None) -> list[ChatReply | BaseException]:
    """Return what comes of calls number 0, 1, ... that are asked at once, and of one more that is asked later."""
    asked = parse(policy)
    assert isinstance(asked, Closable)

    async def ask_one(call: int) -> ChatReply:
        return await asyncio.wait_for(asked.answer(request(call=call)), within_s)

    answers = await asyncio.gather(*map(ask_one, range(times)), return_exceptions=True)
    answers += await asyncio.gather(asked.answer(request(call=times)), return_exceptions=True)
    await asked.close()
    return answers


def test_a_script_that_ends_fails_the_call_that_ends_it(tmp_path: Path) -> None:
    text = """
        import asyncio, os

        async def answer(request):
            if request["call"] == 2:
                os._exit(3)
            await asyncio.sleep(0.05)
            return "fine"
        """
    *first, ends, after, later = asyncio.run(_asked_together(script(tmp_path, dedent(text)), 4))
    assert [answer.content for answer in (*first, after, later) if isinstance(answer, ChatReply)] == ["fine"] * 4
    assert isinstance(ends, PolicyError)
    assert str(ends) == "mine.py: its process ended (exit code 3)"


def test_a_script_that_is_blocked_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "_SIGN_OF_LIFE_S", 0.3)
    text = """
        import time

        async def answer(request):
            while request["call"] == 0:
                time.sleep(1)
            return "fine"
        """
    blocks, later = asyncio.run(_asked_together(script(tmp_path, dedent(text)), 1, within_s=0.5))
    assert isinstance(blocks, TimeoutError)
    assert isinstance(later, ChatReply)


BLOCKS = """
    import time

    async def answer(request):
        while request["call"] == 0:
            time.sleep(1)
        return "fine"
    """
ENDS_THEN_BLOCKS = """
    import asyncio, os, time

    async def answer(request):
        await asyncio.sleep(0.1 if request["call"] == 2 else 0.5)
        if request["call"] == 2:
            os._exit(3)
        while request["call"] == 0:
            time.sleep(1)
        return "fine"
    """


def test_a_script_that_is_known_to_be_blocked_ends_with_the_first_caller_that_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script_process, "_LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(script_process, "_SIGN_OF_LIFE_S", 0.2)

    async def asking() -> ChatReply:
        asked = ScriptPolicy.from_argument(script(tmp_path, dedent(BLOCKS)).partition(":")[2])
        blocks, innocent = (asyncio.create_task(asked.answer(request(call=call))) for call in (0, 1))
        await asyncio.sleep(0.8)
        assert not innocent.done()
        monkeypatch.setattr(script_process, "_SIGN_OF_LIFE_S", 60)
        blocks.cancel()
        try:
            return await asyncio.wait_for(innocent, 10)
        finally:
            await asked.close()

    assert asyncio.run(asking()).content == "fine"


def test_a_script_may_block_as_long_as_nobody_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_process, "_LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(script_process, "_SIGN_OF_LIFE_S", 0.05)
    text = "import time\n\nasync def answer(request):\n    time.sleep(0.3)\n    return 'fine'\n"
    answers = asyncio.run(_asked_together(script(tmp_path, text), 2))
    assert [answer.content for answer in answers if isinstance(answer, ChatReply)] == ["fine"] * 3


def test_a_call_that_blocks_keeps_no_other_from_being_asked_again(tmp_path: Path) -> None:
    async def asking() -> ChatReply:
        asked = ScriptPolicy.from_argument(script(tmp_path, dedent(ENDS_THEN_BLOCKS)).partition(":")[2])
        blocks, innocent, ends = (asyncio.create_task(asked.answer(request(call=call))) for call in range(3))
        try:
            return await asyncio.wait_for(innocent, 10)
        finally:
            blocks.cancel()
            ends.cancel()
            await asyncio.gather(blocks, ends, return_exceptions=True)
            await asked.close()

    assert asyncio.run(asking()).content == "fine"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("'x' * 70_000_000", "it has more than 67108864 bytes"),
        ("object()", "cannot be written as JSON: TypeError"),
        ("{'content': 7}", "has to return a str or a dict"),
        ("{'tool_calls': 7}", "has to return a str or a dict"),
        ("{'tool_calls': [{'name': 't', 'arguments': __import__('json').loads('[' * 300 + ']' * 300)}]}", "it nests"),
    ],
)
def test_an_answer_that_cannot_be_used_fails_its_own_call_alone(tmp_path: Path, answer: str, words: str) -> None:
    text = f"async def answer(request):\n    return {answer} if request['call'] else 'fine'\n"
    spec = script(tmp_path, text)
    with pytest.raises(PolicyError, match=words):
        ask(spec, said("hello"))
    assert ask(spec, request())[0].content == "fine"


def test_a_script_is_not_disturbed_by_files_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise RuntimeError('not this json')\n")
    monkeypatch.chdir(elsewhere)
    assert ask(script(tmp_path), said("hello"))[0].content == "hello 42 1 9"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nobody", "choose one of constant, echo, empty, "),
        ("empty:x", "takes no argument"),
        ("random:x", "takes no argument"),
        ("record:tape.jsonl", "record:FILE=POLICY"),
        ("record:tape.jsonl=nobody", "There is no policy 'nobody'"),
        ("replay", "replay:FILE"),
        ("replay:no/such/tape.jsonl", "record it with"),
        ("echo:loud", "takes no argument"),
        ("constant", "constant:TEXT"),
        ("oracle:42", "has to hold {label}"),
        ("script", "script:FILE"),
        ("script:no/such/file.py", "does not exist"),
    ],
)
def test_a_wrong_policy_is_one_sentence(spec: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(spec)
    assert words in str(error.value)


def test_every_policy_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")
    table = page.partition("| policy |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z]+)", table, re.MULTILINE)) == set(POLICIES)


def test_empty_says_nothing_and_calls_no_tool() -> None:
    (reply,) = ask("empty", request(tools=[tool("t")]))
    assert (reply.content, reply.tool_calls) == ("", ())


def random_replies(labels: list[str], *requests: ChatRequest) -> list[ChatReply]:
    policy = parse("random")
    assert isinstance(policy, Prepared)
    policy.prepare(Setting(labels))

    async def main() -> list[ChatReply]:
        return [await policy.answer(request) for request in requests]

    return asyncio.run(main())


def test_random_gives_every_label_and_the_seed_decides_which() -> None:
    asked = [request(seed=seed) for seed in range(100)]
    replies = random_replies(["a", "b", "c"], *asked)
    assert {reply.content for reply in replies} == {"a", "b", "c"}
    assert replies == random_replies(["a", "b", "c"], *asked)
    assert random_replies([], request())[0].content == ""
    form = request({"role": "system", "content": "End with #### and the number."}, USER)
    assert random_replies(["a"], form)[0].content == "#### a"


def test_random_calls_every_tool_and_sometimes_answers() -> None:
    tools = [tool("add", a={"type": "number"}), tool("subtract")]
    replies = random_replies(["a"], *(request(tools=tools, seed=seed) for seed in range(100)))
    assert {call.name for reply in replies for call in reply.tool_calls} == {"add", "subtract"}
    assert {reply.content for reply in replies} == {None, "a"}
    calm = random_replies(["a"], *(request(tools=tools, seed=s, options={"tool_choice": "none"}) for s in range(20)))
    assert not any(reply.tool_calls for reply in calm)
