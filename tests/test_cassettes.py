"""``record:`` and ``replay:``: what is on a cassette comes back, and nothing else does."""

import asyncio
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.errors import UsageError
from osmo_runtime.model import Attempt
from osmo_runtime.policies import ChatReply, ChatRequest, Closable, Policy, PolicyError, Prepared, Setting, parse
from osmo_runtime.redact import secrets_of

SCRIPT = """
async def answer(request):
    if request["messages"][-1]["content"] == "tool":
        return {"tool_calls": [{"name": "t", "arguments": {"key": "sk-planted-1234"}}]}
    return f"row {request['row']} repeat {request['repeat']} call {request['call']} sk-planted-1234"
"""
SECRETS = Setting(redact=secrets_of({"API_KEY": "sk-planted-1234"}))


def said(text: str, row: int = 0, repeat: int = 0, **more: Any) -> ChatRequest:
    return ChatRequest([{"role": "user", "content": text}], Attempt(row, repeat), **more)


def ask(policy: Policy, *requests: ChatRequest, setting: Setting = SECRETS) -> list[ChatReply]:
    async def main() -> list[ChatReply]:
        try:
            assert isinstance(policy, Prepared)
            policy.prepare(setting)
            return [await policy.answer(request) for request in requests]
        finally:
            if isinstance(policy, Closable):
                await policy.close()

    return asyncio.run(main())


def record(tmp_path: Path, *requests: ChatRequest) -> Path:
    script, tape = tmp_path / "mine.py", tmp_path / "deep" / "tape.jsonl"
    script.write_text(SCRIPT)
    ask(parse(f"record:{tape}=script:{script}"), *requests)
    return tape


def replay(tape: Path, *requests: ChatRequest) -> list[str | None]:
    return [reply.content for reply in ask(parse(f"replay:{tape}"), *requests)]


def test_every_attempt_and_call_has_its_own_reply_back_in_any_order(tmp_path: Path) -> None:
    asked = [said("x", row, repeat, call=call) for row in (0, 1) for repeat in (0, 1) for call in (0, 1)]
    tape = record(tmp_path, *asked)
    answers = replay(tape, *reversed(asked))
    assert answers[0] == "row 1 repeat 1 call 1 <API_KEY>"
    assert len(set(answers)) == 8
    assert replay(tape, said("x", 7, 7, call=7)) == ["row 0 repeat 0 call 0 <API_KEY>"]


def test_tool_calls_come_back(tmp_path: Path) -> None:
    tape = record(tmp_path, said("tool"))
    (reply,) = ask(parse(f"replay:{tape}"), said("tool"))
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [("t", {"key": "<API_KEY>"})]


def test_secrets_are_not_on_the_cassette_and_not_needed_to_find_a_reply(tmp_path: Path) -> None:
    tape = record(tmp_path, said("my key is sk-planted-1234"))
    assert "sk-planted" not in tape.read_text()
    other = Setting(redact=secrets_of({"API_KEY": "sk-another-5678"}))
    assert ask(parse(f"replay:{tape}"), said("my key is sk-another-5678"), setting=other)[0].content


@pytest.mark.parametrize(
    "other",
    [
        said("y"),
        said("x", tools=[{"name": "t"}]),
        said("x", options={"temperature": 1}),
    ],
)
def test_another_request_is_one_clear_failure(tmp_path: Path, other: ChatRequest) -> None:
    tape = record(tmp_path, said("x"))
    with pytest.raises(PolicyError, match=r"tape.jsonl has no reply to call 0 .*record it with `--policy record:"):
        replay(tape, other)


def test_what_is_no_content_does_not_matter(tmp_path: Path) -> None:
    tape = record(tmp_path, said("x", options={"model": "a", "seed": 1}, seed=5))
    assert replay(tape, said("x", options={"model": "b"}, seed=6))


def conversation(first: str, second: str) -> ChatRequest:
    calls = [{"id": name, "type": "function", "function": {"name": "t", "arguments": "{}"}} for name in ("A", "B")]
    calls[0]["id"], calls[1]["id"] = first, second
    results = [{"role": "tool", "tool_call_id": name, "content": "1"} for name in (second, first)]
    return ChatRequest([{"role": "assistant", "content": None, "tool_calls": calls}, *results], Attempt(0, 0))


def test_ids_of_tool_calls_may_differ_but_not_what_they_link(tmp_path: Path) -> None:
    tape = record(tmp_path, conversation("a", "b"))
    assert replay(tape, conversation("c", "d"))
    crossed = conversation("c", "d")
    messages = [crossed.messages[0], *reversed(crossed.messages[1:])]
    with pytest.raises(PolicyError):
        replay(tape, ChatRequest(messages, Attempt(0, 0)))


def test_a_torn_last_line_does_not_count_and_recording_goes_on_behind_the_last_whole_one(tmp_path: Path) -> None:
    tape = record(tmp_path, said("x"))
    with tape.open("a") as stream:
        stream.write('{"request": "torn')
    assert len(replay(tape, said("x"))) == 1
    record(tmp_path, said("y"))
    assert replay(tape, said("x"), said("y"))
    assert all(isinstance(json.loads(line), Mapping) for line in tape.read_text().splitlines())


def test_a_later_recording_of_the_same_call_stands_instead(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    for text in ("first", "second"):
        ask(parse(f"record:{tape}=constant:{text}"), said("x"))
    assert replay(tape, said("x")) == ["second"]


@pytest.mark.parametrize("content", [b"what is this\n", b"7\n", b"{}\n", b'{"request": []}\n', b"\xff\n"])
def test_a_file_that_is_no_cassette_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    tape = tmp_path / "tape.jsonl"
    tape.write_bytes(content)
    for spec in (f"replay:{tape}", f"record:{tape}=echo"):
        with pytest.raises(UsageError, match="is no cassette: line 1"):
            ask(parse(spec))
    assert tape.read_bytes() == content


def test_two_recordings_of_one_cassette_at_once_are_refused(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    first = parse(f"record:{tape}=echo")
    assert isinstance(first, Prepared)
    assert isinstance(first, Closable)
    first.prepare(Setting())
    with pytest.raises(UsageError, match="another process"):
        ask(parse(f"record:{tape}=echo"))
    asyncio.run(first.close())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cassette_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot be written"):
        ask(parse(f"record:{tmp_path}/tape.jsonl=echo"))


def test_a_folder_is_no_cassette(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape(f"The cassette {tmp_path} cannot be written")):
        ask(parse(f"record:{tmp_path}=echo"))
