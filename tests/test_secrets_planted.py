"""A secret that a rollout writes wherever it can, as it is and encoded: nothing that a run leaves or says has it."""

import base64
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.run_support import Workspace, make_workspace

KEY = 'sk-plan/ted+13?14=é"\\end'
FORMS = {
    "plain": KEY,
    "percent": quote(KEY),
    "query": quote_plus(KEY),
    "json": json.dumps(KEY)[1:-1],
    "json in unicode": json.dumps(KEY, ensure_ascii=False)[1:-1],
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
    # What the secret alone decides of the base64 of "user:SECRET".
    "basic authentication": base64.b64encode(f"user:{KEY}".encode()).decode()[8:-4],
}
ENCODED = """
import base64, json, os, sys
from urllib.parse import quote, quote_plus

KEY = os.environ["JUDGE_API_KEY"]
FORMS = [
    KEY, quote(KEY), quote_plus(KEY), json.dumps(KEY), json.dumps(KEY, ensure_ascii=False),
    base64.b64encode(KEY.encode()).decode(), base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("="),
    base64.b64encode(f"user:{KEY}".encode()).decode(),
]
ALL = " ".join(FORMS)
"""
ROLLOUT = """
import asyncio, urllib.request
from osmosis_ai.rollout import AgentWorkflow, Grader, RolloutSample, get_rollout_context

print("at import", ALL)

class Source:
    def __init__(self, messages):
        self.messages = messages

    async def get_sample(self):
        call = {"id": ALL, "type": "function", "function": {"name": ALL, "arguments": json.dumps({"url": ALL})}}
        asks = {"role": "assistant", "content": ALL, "reasoning_content": ALL, "tool_calls": [call]}
        told = {"role": "tool", "tool_call_id": ALL, "content": "Error: " + ALL}
        return RolloutSample(messages=[*self.messages, asks, told], metrics={form: form for form in FORMS})

def ask(context, content):
    request = urllib.request.Request(
        context.chat_completions_url + "/chat/completions",
        json.dumps({"messages": [{"role": "user", "content": content}], "user": content}).encode(),
        {"Authorization": f"Bearer {context.api_key}"},
    )
    urllib.request.urlopen(request).read()

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        print("in run", ALL, file=sys.stderr)
        context = get_rollout_context()
        await asyncio.to_thread(ask, context, ALL)
        if "row 1" in ctx.prompt[-1]["content"]:
            raise ValueError(ALL)
        context.set_sample_source(Source([*ctx.prompt]))

class TheGrader(Grader):
    async def grade(self, ctx):
        if "row 2" in str(ctx.sample.messages):
            raise ValueError(ALL)
        ctx.set_reward(1.0)
"""
SCRIPT = """
async def answer(request):
    print("the policy", ALL, file=sys.stderr)
    if request["row"] == 3:
        raise RuntimeError(ALL)
    return ALL
"""


def workspace_of(tmp_path: Path, code: str) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(ENCODED + code, encoding="utf-8")
    return make_workspace(tmp_path / "workspace", source, rows=4)


def assert_has_no_secret(text: str, where: object) -> None:
    found = [name for name, form in FORMS.items() if form in text]
    assert not found, f"{where}: {found}"


def texts_in(data: Any) -> Iterator[str]:
    """Yield all texts of JSON data, as whoever reads it has them."""
    if isinstance(data, dict):
        yield from data
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from texts_in(value)
    elif isinstance(data, str):
        yield data


def written(path: Path) -> Iterator[str]:
    """Yield a file's text, the texts of its JSON, and what a report has packed."""
    text = path.read_text(encoding="utf-8")
    yield text
    if path.suffix == ".html":
        for pack in re.findall(r'<script type="text/plain" id="[^"]+">([^<]+)</script>', text):
            unpacked = gzip.decompress(base64.b64decode(pack)).decode()
            yield unpacked
            yield from texts_in(json.loads(unpacked))
    elif path.suffix in (".json", ".jsonl"):
        for part in [text] if path.suffix == ".json" else text.splitlines():
            yield from texts_in(json.loads(part))


def test_no_form_of_a_secret_is_in_anything_that_a_run_leaves_or_says(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ROLLOUT)
    script = workspace.root / "answers.py"
    script.write_text(ENCODED + SCRIPT, encoding="utf-8")
    secret = {"JUDGE_API_KEY": KEY}
    done = workspace.run("--name", "it", "--policy", f"script:{script}", "--output-format", "json", env=secret)
    found = json.loads(done.stdout)["summary"]
    assert {name: failed["count"] for name, failed in found["failures"].items()} == {
        "workflow": 1,
        "grader": 1,
        "policy": 1,
    }, done.stderr
    assert found["tool_errors"]["count"] == 2
    said = [done.stdout, *texts_in(json.loads(done.stdout)), done.stderr, *shown(workspace)]
    for text in said:
        assert_has_no_secret(text, "said")
    run = workspace.runs / "it"
    files = [path for path in run.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} >= {"logs", "trajectories"}
    for path in files:
        for text in written(path):
            assert_has_no_secret(text, path.relative_to(run))
    logs = {path.name: path.read_text(encoding="utf-8") for path in (run / "logs").iterdir()}
    for name, start in (("worker-0.log", "at import "), ("policy.log", "the policy ")):
        assert start + "<JUDGE_API_KEY> <JUDGE_API_KEY>" in logs[name]


def shown(workspace: Workspace) -> list[str]:
    """Return what the commands that read runs say and write."""
    for command in (["report", "it"], ["export", "it", "--to", "out.csv"], ["export", "it", "--to", "out.jsonl"]):
        assert runs(workspace, *command).returncode == 0
    said = [runs(workspace, "show", "it", *row).stdout for row in ([], ["0"], ["1"], ["2"], ["3"])]
    assert all("<JUDGE_API_KEY>" in text for text in said)
    return [*said, *(text for name in ("out.csv", "out.jsonl") for text in written(workspace.root / name))]


def runs(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "runs", *arguments]
    return subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_no_form_of_a_secret_is_in_the_sentence_about_a_rollout_that_cannot_be_loaded(
    tmp_path: Path, output_format: str
) -> None:
    workspace = workspace_of(tmp_path, "raise ValueError(ALL)")
    done = workspace.run("--output-format", output_format, env={"JUDGE_API_KEY": KEY})
    assert done.returncode == 1
    assert "<JUDGE_API_KEY> <JUDGE_API_KEY>" in done.stderr
    assert_has_no_secret(done.stdout + done.stderr, "said")
