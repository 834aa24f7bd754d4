"""``--fault``: what is asked for happens, as often as asked for, to the same calls, and loses no attempt."""

import asyncio
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from osmo_checks.errors import UsageError
from osmo_runtime.model import Attempt
from osmo_runtime.policies import ChatReply, ChatRequest, PolicyError, parse
from osmo_runtime.policies.base import ToolCall
from osmo_runtime.policies.faults import FAULTS, HUGE, UNKNOWN_TOOL, FaultyPolicy, parse_faults

from .scaffolds import make_new, make_rollout, osmo

#: The example of the documentation.
ALL = (
    "http-500@0.1,timeout:0.01s@0.05,rate-limit@0.1,malformed-tool-args@0.2,unknown-tool@0.1,truncated@0.1,"
    "empty@0.1,huge@0.05,slow:0.01s@0.1"
)


class Speaks:
    async def answer(self, request: ChatRequest) -> ChatReply:
        calls = [ToolCall("add", {"a": 1, "b": 2}), ToolCall("raw", '{"c": 3}')]
        return ChatReply(content="the answer", tool_calls=calls if request.tools else ())


def ask(fault: str, *, seed: int = 0, tools: bool = False) -> ChatReply:
    policy = FaultyPolicy(Speaks(), parse_faults(fault))
    request = ChatRequest([], Attempt(0, 0), tools=[{"name": "add"}] if tools else [], seed=seed)
    return asyncio.run(policy.answer(request))


@pytest.mark.parametrize(
    ("fault", "status", "again"),
    [("http-500", 500, True), ("rate-limit", 429, True), ("timeout:0.01s", 504, False)],
)
def test_faults_that_are_no_answer(fault: str, status: int, again: bool) -> None:
    with pytest.raises(PolicyError, match=f"injected fault {fault.partition(':')[0]}") as error:
        ask(fault)
    assert (error.value.status, error.value.retry_after_s is not None) == (status, again)


def test_faults_that_spoil_the_answer() -> None:
    assert ask("empty") == ChatReply(content="")
    assert ask("truncated") == ChatReply(content="the a", finish_reason="length", tool_calls=[])
    huge = ask("huge").content or ""
    assert len(huge) == HUGE
    assert huge.startswith("the answer")
    assert ask("slow:0.01s").content == "the answer"


def test_faults_that_spoil_tool_calls() -> None:
    malformed = ask("malformed-tool-args", tools=True).tool_calls
    for call in malformed:
        assert isinstance(call.arguments, str)
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            json.loads(call.arguments)
    assert [call.name for call in malformed] == ["add", "raw"]
    assert {call.name for call in ask("unknown-tool", tools=True).tool_calls} == {UNKNOWN_TOOL}
    first, last = ask("truncated", tools=True).tool_calls
    assert (first.arguments, last.arguments) == ({"a": 1, "b": 2}, '{"c"')


@pytest.mark.parametrize("fault", ["malformed-tool-args", "unknown-tool"])
def test_an_answer_without_tool_calls_has_none_to_spoil(fault: str) -> None:
    assert ask(fault) == ChatReply(content="the answer", tool_calls=[])


def test_each_fault_is_as_frequent_as_its_rate() -> None:
    policy = parse_faults(ALL)
    assert {fault.name for fault in policy} == set(FAULTS)
    seen = Counter(ask("empty@0.25,truncated@0.5", seed=seed).content for seed in range(1000))
    assert 200 < seen[""] < 300
    assert 450 < seen["the a"] < 550


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nothing", "There is no fault 'nothing': choose of http-500, timeout"),
        ("http-500@0.1;empty", "NAME@RATE"),
        ("http-500@-1", "NAME@RATE"),
        ("", "NAME@RATE"),
        ("empty@2", "may be 1 at most"),
        ("empty@0.6,huge@0.6", "come to 1.2"),
        ("empty:2s", "takes no time"),
    ],
)
def test_a_wrong_fault_is_one_sentence(spec: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_faults(spec)
    assert words in str(error.value)


def test_a_fault_wraps_any_policy_and_hands_on_what_that_needs(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text("async def answer(request):\n    return 'mine'\n")
    policy = parse(f"record:{tmp_path / 'tape.jsonl'}=script:{script}", "empty@0.0")
    assert isinstance(policy, FaultyPolicy)

    async def main() -> ChatReply:
        from osmo_runtime.policies import Setting

        policy.prepare(Setting())
        try:
            return await policy.answer(ChatRequest([{"role": "user", "content": "x"}], Attempt(0, 0)))
        finally:
            await policy.close()

    assert asyncio.run(main()).content == "mine"
    assert (tmp_path / "tape.jsonl").read_text()


def test_every_fault_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")
    table = page.partition("| fault |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([a-z0-9-]+)", table, re.MULTILINE) == list(FAULTS)


# The fault matrix ---------------------------------------------------------------------------------------------------

#: How attempts may end, by fault: ``graded``, or the boundary of the failure.
_ENDS = {
    "http-500": {"policy"},
    "timeout": {"timeout"},
    "rate-limit": {"policy", "timeout"},
    # Strands raises where a reply was cut.
    "truncated": {"graded", "workflow"},
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faults") / "workspace"
    make_new(path)
    for template in ("single-turn", "multiply-local-strands"):
        make_rollout(path, template)
        config = path / "configs" / "eval" / f"{template}.toml"
        text = config.read_text().replace("agent_workflow_timeout_s = 450", "agent_workflow_timeout_s = 4")
        config.write_text(text)
    return path


def run(workspace: Path, template: str, name: str, *arguments: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    done = osmo("run", template, "--name", name, "--output-format", "json", *arguments, cwd=workspace)
    assert done.returncode in (0, 1), done.stderr
    journal = (workspace / ".osmosis" / "runs" / name / "journal.jsonl").read_text().splitlines()
    return json.loads(done.stdout)["summary"], [json.loads(line) for line in journal]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("template", ["single-turn", "multiply-local-strands"])
def test_every_attempt_is_accounted_for(workspace: Path, template: str, fault: str) -> None:
    spec = "slow:0.2s" if fault == "slow" else fault
    summary, journal = run(workspace, template, f"{template}-{fault}", "--fault", spec, "--limit", "3", "-n", "2")
    assert [(line["row"], line["repeat"]) for line in journal] == [(row, n) for row in range(3) for n in range(2)]
    assert summary["graded"] + summary["failed"] == 6
    ends = {line.get("boundary", "graded") for line in journal}
    assert ends <= _ENDS.get(fault, {"graded"}), journal[0]
    for line in journal:
        assert line["outcome"] == "graded" or line["message"]


@pytest.mark.parametrize("template", ["single-turn", "multiply-local-strands"])
def test_the_same_seed_gives_the_same_journal_whatever_the_concurrency(workspace: Path, template: str) -> None:
    asked = ("--policy", "random", "--fault", ALL, "--seed", "7", "--limit", "12", "-n", "2")
    _, first = run(workspace, template, f"{template}-first", *asked)
    _, second = run(workspace, template, f"{template}-second", *asked, "--concurrency", "1")
    assert _without_times(first) == _without_times(second)
    assert len({line.get("boundary") for line in first}) > 1, "some attempts have to be struck for this to say anything"
    _, other = run(workspace, template, f"{template}-other", *asked[:4], "--seed", "8", "--limit", "12", "-n", "2")
    assert _without_times(first) != _without_times(other)


def _without_times(journal: list[dict[str, Any]]) -> bytes:
    """Return the lines as they stand in the file, but for when they began and how long they took."""
    return b"\n".join(
        json.dumps({**line, "started_at": "", "duration_ms": 0, "model_ms": 0}).encode() for line in journal
    )
