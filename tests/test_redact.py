"""Secrets are replaced in whatever form they come back."""

import asyncio
import base64
import html
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from osmo_runtime.log import Log
from osmo_runtime.redact import in_values, secrets_of
from tests.run_support import make_workspace

KEY = 'sk-plan/ted+1&?14=é"'
PEM = (
    "-----BEGIN PRIVATE KEY-----\r\nMIIEvQIBADANBgkqhkiG9w0B\r\nAQEFAASCBKcwggSj\r\nshort\r\n-----END PRIVATE KEY-----"
)


ROLLOUT = """
import os
from osmosis_ai.rollout import AgentWorkflow, Grader, RolloutSample, get_rollout_context

class Source:
    async def get_sample(self):
        return RolloutSample(messages=[{"role": "assistant", "content": "1"}], metrics={os.environ["MY_API_KEY"]: 1.0})

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        get_rollout_context().set_sample_source(Source())

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").replace("%2B", "%2b").replace("%3F", "%3f").replace("%2F", "%2f").replace("%3D", "%3d")
        .replace("%C3", "%c3").replace("%A9", "%a9"),
        quote_plus(KEY),
        repr(KEY)[1:-1],
        html.escape(KEY),
        json.dumps(KEY)[1:-1],
        json.dumps(KEY, ensure_ascii=False)[1:-1],
        json.dumps(KEY)[1:-1].replace("/", r"\/"),
        json.dumps(json.dumps(KEY))[1:-1][2:-2],
        base64_of(KEY),
        base64_of(KEY).rstrip("="),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
    ],
)  # fmt: skip
def test_encoded_forms_of_a_secret_are_replaced_whole(form: str) -> None:
    assert secrets_of({"API_KEY": KEY})(f"Incorrect key: {form} (401)") == "Incorrect key: <API_KEY> (401)"


@pytest.mark.parametrize("user", ["", "a", "ab", "abc"])
def test_a_secret_in_basic_authentication_is_replaced(user: str) -> None:
    encoded = base64_of(f"{user}:{KEY}:more")
    shown = secrets_of({"API_KEY": KEY})(encoded)
    assert "<API_KEY>" in shown
    left, right = shown.split("<API_KEY>")
    assert base64_of(KEY)[4:12] not in shown
    assert len(left) + len(right) < len(base64_of(f"{user}::more")) + 4


def test_the_lines_of_a_secret_are_kept_out_of_a_log(tmp_path: Path) -> None:
    async def keep() -> None:
        stream = asyncio.StreamReader()
        stream.feed_data(f"the key:\n{PEM}\nthe end\n".encode())
        stream.feed_eof()
        await Log(tmp_path / "log", secrets_of({}, {"PEM": PEM})).keep(stream)

    asyncio.run(keep())
    kept = (tmp_path / "log").read_text(encoding="utf-8").split()
    assert kept == ["the", "key:", "<PEM>", "<PEM>", "<PEM>", "short", "<PEM>", "the", "end"]


def test_a_secret_is_replaced_where_it_is_a_key() -> None:
    data = {"metrics": [{f"of {KEY}": 1.0, "messages": KEY}]}
    assert in_values(data, secrets_of({"API_KEY": KEY})) == {
        "metrics": [{"of <API_KEY>": 1.0, "messages": "<API_KEY>"}]
    }


def test_keys_of_the_protocol_stay_whatever_the_secrets_are() -> None:
    assert in_values({"tool_calls": "tool_calls"}, secrets_of({"MY_KEY": "tool_calls"})) == {"tool_calls": "<MY_KEY>"}


def test_the_name_of_a_metric_and_the_policys_argument_leak_nothing(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.py").write_text(ROLLOUT, encoding="utf-8")
    workspace = make_workspace(tmp_path / "workspace", tmp_path / "source", rows=1)
    key = "sk-planted-271828"
    done = workspace.run("--name", "it", "--policy", f"constant:{key}", env={"MY_API_KEY": key})
    assert done.returncode == 0, done.stderr
    written = [path.read_text(encoding="utf-8") for path in (workspace.runs / "it").rglob("*") if path.is_file()]
    assert any("<MY_API_KEY>" in text for text in written)
    assert not any(key in text for text in [*written, done.stdout, done.stderr])
