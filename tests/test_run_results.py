"""What a run says and writes: text, failures and their boundaries, and no secrets anywhere."""

import json
import os
import sys
from pathlib import Path

import pytest

from osmo_runtime.model import Row
from osmo_runtime.redact import in_row, in_values, secrets_of
from osmo_runtime.statistics.estimates import pass_at_k
from tests.run_support import CONFIG, Workspace, make_workspace

CASES = Path(__file__).parent / "cases" / "rollouts"

SECRETIVE = """
import os, sys
from osmosis_ai.rollout import AgentWorkflow, Grader, get_rollout_context

print("at import", os.environ["JUDGE_API_KEY"])

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        context = get_rollout_context()
        everything = f"{os.environ['JUDGE_API_KEY']} {context.api_key} {context.chat_completions_url}"
        print("in run", everything, file=sys.stderr)
        if "row 1" in ctx.prompt[-1]["content"]:
            raise ValueError(everything)
        return [*ctx.prompt, {"role": "assistant", "content": everything}]

class TheGrader(Grader):
    async def grade(self, ctx):
        ctx.set_reward(1.0)
"""

ASKS = """
import json, urllib.request
from osmosis_ai.rollout import AgentWorkflow, Grader, get_rollout_context

def ask(context, messages):
    request = urllib.request.Request(
        context.chat_completions_url + "/chat/completions",
        json.dumps({"messages": messages}).encode(),
        {"Authorization": f"Bearer {context.api_key}"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]

class Workflow(AgentWorkflow):
    async def run(self, ctx):
        import asyncio
        return [*ctx.prompt, await asyncio.to_thread(ask, get_rollout_context(), ctx.prompt)]

class TheGrader(Grader):
    async def grade(self, ctx):
        (ctx.artifacts_dir / "seen.txt").write_text(ctx.label)
        ctx.set_reward(float(ctx.sample.messages[-1]["content"] == ctx.label))
"""


def workspace_of(tmp_path: Path, text: str) -> Workspace:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text(text, encoding="utf-8")
    return make_workspace(tmp_path / "workspace", source)


def test_secrets_are_written_nowhere(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, SECRETIVE)
    secret = 'sk-"quoted"\\and\u00fc-1234567890'
    done = workspace.run("--name", "it", env={"JUDGE_API_KEY": secret})
    assert done.returncode == 1
    written = {path: path.read_text() for path in workspace.runs.rglob("*") if path.is_file()}
    for text in (*written.values(), done.stdout, done.stderr):
        for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
            assert form not in text
    log = written[workspace.runs / "it" / "logs" / "worker-0.log"]
    assert "at import <JUDGE_API_KEY>" in log
    failed = workspace.journal("it")[1]
    assert str(failed["message"]).startswith("ValueError: <JUDGE_API_KEY> <token> <policy> (main.py:")


def test_redaction_leaves_ordinary_values_alone() -> None:
    environment = {"API_KEY": "short", "HOME": "/home/somebody", "MY_TOKEN": "0123456789", "KEY_2": "01234567891"}
    redact = secrets_of(environment)
    assert redact("short /home/somebody 0123456789 01234567891") == "short /home/somebody <MY_TOKEN> <KEY_2>"


def test_a_secret_that_looks_like_ours_breaks_nothing(tmp_path: Path) -> None:
    """Numbers, keys and our own words are no secrets, whatever the environment holds."""
    workspace = workspace_of(tmp_path, ASKS.replace("ctx.set_reward(float(", "ctx.set_reward(1 / 9 + 0 * float(float("))
    text = (workspace.rollout / "main.py").read_text().replace("== ctx.label))", "== ctx.label)))")
    (workspace.rollout / "main.py").write_text(text)
    ours = ("11111111", "workflow", "prompt_tokens", "assistant", "osmo-scaffold", "messages", "skip_rows", "ATIF-v1.7")
    secrets = {f"KEY_{number}": word for number, word in enumerate(ours)}
    done = workspace.run("--name", "it", "--output-format", "json", env=secrets)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["reward_mean"] == pytest.approx(1 / 9)
    assert workspace.journal("it")[0]["prompt_tokens"] == 10
    document = json.loads((workspace.runs / "it" / "trajectories" / "row_0_run_0.json").read_text())
    assert [step["source"] for step in document["steps"]] == ["system", "user", "agent"]
    assert (document["agent"]["name"], document["schema_version"]) == ("osmo-scaffold", "ATIF-v1.7")


def test_secrets_of_rows_and_nested_values_are_replaced() -> None:
    redact = secrets_of({"MY_TOKEN": "0123456789"})
    row = Row(
        3, {"user_prompt": "say 0123456789", "ground_truth": 7, "metadata": '{"n": 123456789, "s": "0123456789"}'}
    )
    clean = in_row(row, redact)
    assert (clean.messages, clean.label) == ([{"role": "user", "content": "say <MY_TOKEN>"}], "7")
    assert clean.metadata == {"n": 123456789, "s": "<MY_TOKEN>"}
    calls = [{"function": {"arguments": '{"a": ["0123456789"]}'}}]
    assert in_values(calls, redact) == [{"function": {"arguments": '{"a": ["<MY_TOKEN>"]}'}}]


def test_a_workflow_without_a_framework_is_answered_and_recorded(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    done = workspace.run("--name", "it")
    assert done.returncode == 0, done.stderr
    assert "graded    3" in done.stdout
    assert "reward    mean 1, min 1, max 1" in done.stdout
    assert "files     .osmosis/runs/it" in done.stdout
    folder = workspace.runs / "it"
    assert (folder / "artifacts" / "row_2_run_0" / "seen.txt").read_text() == "20"
    steps = json.loads((folder / "trajectories" / "row_2_run_0.json").read_text())["steps"]
    assert [step["source"] for step in steps] == ["system", "user", "agent"]
    assert steps[2]["metrics"] == {"prompt_tokens": 10, "completion_tokens": 1}


def test_a_policy_that_fails_is_named_as_the_boundary(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    (workspace.root / "mine.py").write_text("async def answer(request):\n    raise ValueError('no model here')\n")
    done = workspace.run("--name", "it", "--policy", "script:mine.py")
    assert done.returncode == 1
    assert "policy        3  row_0_run_0: mine.py: answer() raised ValueError: no model here" in done.stdout
    assert "Look at .osmosis/runs/it/journal.jsonl" in done.stdout
    assert done.stderr == ""
    assert "ValueError: no model here" in (workspace.runs / "it" / "logs" / "policy.log").read_text()
    document = json.loads((workspace.runs / "it" / "trajectories" / "row_0_run_0.json").read_text())
    assert document["extra"]["osmosis"]["failure"]["boundary"] == "policy"
    assert [step["source"] for step in document["steps"]] == ["system", "user"]


def test_a_terminal_is_told_nothing_by_a_failure(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS.replace("        import asyncio", "        raise ValueError('\\x1b[2J')"))
    done = workspace.run("--name", "it", "--limit", "1")
    assert "ValueError: \\x1b[2J" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_rollouts_own_policy_is_its_default(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with (workspace.rollout / "pyproject.toml").open("a") as stream:
        stream.write('\n[tool.osmo-scaffold]\npolicy = "constant:20"\n')
    done = workspace.run("--name", "it", "--output-format", "json")
    assert json.loads(done.stdout)["summary"]["reward_mean"] == pytest.approx(1 / 3)
    assert json.loads(done.stdout)["run"] == {"name": "it", "dir": str(workspace.runs / "it")}
    assert "policy    constant:20 (from pyproject.toml)" in workspace.run("--limit", "1").stdout
    given = workspace.run("--limit", "1", "--policy", "oracle").stdout
    assert "policy    oracle\n" in given
    assert "attempts  1 (1 row x 1)" in given


def test_a_traceback_holds_the_users_frames_alone(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "grader-raises")
    workspace.run("--name", "it")
    traceback = str(workspace.journal("it")[0]["traceback"])
    assert traceback.splitlines() == [
        '  File "main.py", line 11, in grade',
        "    ctx.set_reward(1 / 0)",
        "ZeroDivisionError: division by zero",
    ]


def test_what_there_is_to_run(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    config = workspace.root / "configs" / "eval" / "rollout.toml"
    config.rename(config.with_name("other.toml"))
    assert workspace.run("--name", "by-its-only-config").returncode == 0
    (config.parent / "second.toml").write_text(CONFIG.format(entrypoint="main.py", timeout_s=1))
    ambiguous = workspace.run()
    assert ambiguous.returncode == 2
    assert "name one of configs/eval/other.toml, configs/eval/second.toml" in ambiguous.stderr


@pytest.mark.parametrize(
    ("config", "code", "words"),
    [
        ("nobody", 2, "There is no rollout 'nobody' and no such eval config; the workspace's rollouts: rollout."),
        ("no/such.toml", 2, "The eval config no/such.toml does not exist."),
        ("configs/eval/broken.toml", 1, "configs/eval/broken.toml is not valid TOML"),
        ("configs/eval/long-number.toml", 1, "this number has too many digits (line 12, column 5)"),
        ("configs/eval/nul.toml", 1, r"the entrypoint 'a\x00b.py' has to lie inside rollouts/rollout/."),
        ("configs/eval/long-entrypoint.toml", 1, "aaa.py does not exist."),
        ("configs/eval/long-data.toml", 1, "aaa' is not in data/"),
        ("configs/eval/no-data.toml", 1, "the dataset 'absent' is not in data/"),
        ("configs/eval/no-rollout.toml", 1, "there is no rollout '../rollout' in rollouts/"),
        ("configs/eval/tab.toml", 1, "data/tab.csv has no rows."),
    ],
)
def test_what_cannot_be_run_is_one_sentence(tmp_path: Path, config: str, code: int, words: str) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    good = CONFIG.format(entrypoint="main.py", timeout_s=1)
    configs = workspace.root / "configs" / "eval"
    (configs / "broken.toml").write_text("[experiment")
    (configs / "no-data.toml").write_text(good.replace('"rows"', '"absent"'))
    (configs / "long-number.toml").write_text(good + f"x = {'9' * 5000}\n")
    (configs / "nul.toml").write_text(good.replace('"main.py"', r'"a\u0000b.py"'))
    (configs / "long-entrypoint.toml").write_text(good.replace("main.py", f"{'a' * 300}.py"))
    (configs / "long-data.toml").write_text(good.replace('"rows"', f'"{"a" * 300}"'))
    (configs / "no-rollout.toml").write_text(good.replace('rollout = "rollout"', 'rollout = "../rollout"'))
    (configs / "tab.toml").write_text(good.replace('"rows"', '"tab"'))
    (workspace.root / "data" / "tab.csv").write_text("system_prompt,user_prompt,ground_truth\\na,b,c\\n")
    done = workspace.run_config(config)
    assert done.returncode == code
    (sentence,) = done.stderr.splitlines()
    assert words in sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pass_threshold = nan", "[evaluation].pass_threshold has to be a number"),
        ("pass_threshold = inf", "[evaluation].pass_threshold has to be a number"),
        (f"pass_threshold = {'9' * 400}", "[evaluation].pass_threshold has to be a number"),
        ('[env]\n"A=B" = "c"', "[env] 'A=B' cannot be an environment variable"),
        ('[env]\nA = "\\u0000"', "[env] 'A' cannot be an environment variable"),
    ],
)
def test_values_that_no_run_can_have_are_one_sentence(tmp_path: Path, line: str, words: str) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    config = workspace.root / "configs" / "eval" / "rollout.toml"
    config.write_text(config.read_text().replace("[secrets]", f"{line}\n\n[secrets]"))
    done = workspace.run()
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("error: configs/eval/rollout.toml: " + words)


def test_a_timeout_that_no_clock_can_count_is_one_sentence(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    config = workspace.root / "configs" / "eval" / "rollout.toml"
    config.write_text(CONFIG.format(entrypoint="main.py", timeout_s="9" * 400))
    done = workspace.run()
    assert done.returncode == 1
    assert "agent_workflow_timeout_s has to be a number above 0." in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_project_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    (workspace.rollout / "pyproject.toml").write_text("a = " + "[" * 100_000)
    done = workspace.run()
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("error: rollouts/rollout/pyproject.toml is not valid TOML")


def test_a_wrong_policy_in_the_project_file_is_the_files_fault(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    (workspace.rollout / "pyproject.toml").write_text('[tool.osmo-scaffold]\npolicy = "nobody"\n')
    done = workspace.run()
    assert done.returncode == 1
    assert "rollouts/rollout/pyproject.toml, [tool.osmo-scaffold]: There is no policy 'nobody'" in done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    Path(os.fsdecode(os.fsencode(workspace.rollout) + b"/\xff.py")).touch()
    assert workspace.run().returncode == 0


@pytest.mark.parametrize(
    ("attempts", "passes", "k", "value"), [(4, 0, 2, 0.0), (4, 4, 1, 1.0), (4, 1, 2, 0.5), (2, 1, 2, 1.0)]
)
def test_pass_at_k(attempts: int, passes: int, k: int, value: float) -> None:
    assert pass_at_k(attempts, passes, k) == pytest.approx(value)
