"""What a rollout's own pyproject.toml and a secrets file say of a run."""

import json
from pathlib import Path

import pytest

from osmo_checks.errors import InputError, UsageError
from osmo_runtime.defaults import Defaults, read_defaults
from osmo_runtime.dotenv import read_dotenv

from .run_support import Workspace
from .test_run_results import ASKS, workspace_of

ENV = r"""
# a comment
PLAIN=sk-plain-12345 # not this
export EXPORTED = sk-exported-1
QUOTED="line\nwith \"quotes\" # and this"
LITERAL='as\n it stands'
EMPTY=
TWICE=first-value
TWICE=second-value
"""


def test_a_dotenv_file_is_read_as_others_read_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(ENV, encoding="utf-8-sig")
    assert read_dotenv(tmp_path / ".env") == {
        "PLAIN": "sk-plain-12345",
        "EXPORTED": "sk-exported-1",
        "QUOTED": 'line\nwith "quotes" # and this',
        "LITERAL": r"as\n it stands",
        "TWICE": "second-value",
    }


def test_a_dotenv_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--secrets-file .* cannot be read: No such file"):
        read_dotenv(tmp_path / "nowhere")
    (tmp_path / "utf-16").write_text("A=b", encoding="utf-16")
    with pytest.raises(UsageError, match="is not UTF-8"):
        read_dotenv(tmp_path / "utf-16")
    (tmp_path / "odd").write_text("A='two\nlines'\n# said\nsecret-without-a-name\n")
    with pytest.raises(UsageError, match=r"line 4 is not NAME=value") as wrong:
        read_dotenv(tmp_path / "odd")
    assert "secret-without" not in str(wrong.value)


def defaults(tmp_path: Path, table: str) -> Defaults:
    (tmp_path / "pyproject.toml").write_text(table)
    return read_defaults(tmp_path / "pyproject.toml", "pyproject.toml")


def test_defaults_of_a_rollout(tmp_path: Path) -> None:
    table = '[tool.osmo-scaffold]\npolicy = "echo"\nfault = "empty@0.1"\nseed = 3\nconcurrency = 2\n'
    assert defaults(tmp_path, table) == Defaults("echo", "empty@0.1", 3, 2)
    assert defaults(tmp_path, "") == read_defaults(tmp_path / "none.toml", "none.toml") == Defaults()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('police = "echo"', "no setting `police`: did you mean `policy`?"),
        ('ignore = ["ALL"]', "no setting `ignore`: a rollout's has policy, fault, seed, concurrency"),
        ("policy = 1", "policy has to be a text"),
        ('policy = "nobody"', "There is no policy 'nobody'"),
        ('fault = "nothing"', "There is no fault 'nothing'"),
        ("seed = 1.5", "seed has to be a whole number"),
        ("concurrency = true", "concurrency has to be a whole number"),
        ("concurrency = 0", "concurrency has to be a whole number from 1"),
    ],
)
def test_a_wrong_default_is_one_sentence(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        defaults(tmp_path, f"[tool.osmo-scaffold]\n{line}\n")
    assert words in str(error.value)


def inputs_of(workspace: Workspace, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((workspace.runs / name / "inputs.json").read_text())
    return found


def test_the_command_line_stands_before_the_rollouts_defaults(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, ASKS)
    with (workspace.rollout / "pyproject.toml").open("a") as stream:
        stream.write('\n[tool.osmo-scaffold]\npolicy = "echo"\nfault = "empty"\nseed = 3\n')
    done = workspace.run("--name", "own")
    assert "fault     empty" in done.stdout
    own = inputs_of(workspace, "own")
    assert (own["policy"], own["fault"], own["seed"]) == ("echo", "empty", 3)
    workspace.run("--name", "given", "--policy", "oracle", "--fault", "", "--seed", "4")
    given = inputs_of(workspace, "given")
    assert (given["policy"], given["fault"], given["seed"]) == ("oracle", "", 4)


TELLS = ASKS.replace(
    "        import asyncio\n",
    "        import asyncio, os\n        print(os.environ['JUDGE'], os.environ.get('OTHER'))\n"
    "        ctx.prompt[-1]['content'] += os.environ['JUDGE']\n",
)


def test_the_rollout_has_the_secrets_that_its_config_requires_and_they_are_written_nowhere(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, TELLS)
    config = workspace.root / "configs" / "eval" / "rollout.toml"
    config.write_text(config.read_text().replace("required = []", 'required = ["JUDGE", "ABSENT"]'))
    (tmp_path / "secrets").write_text("JUDGE=judge-planted-1\nOTHER=other-planted-2\n")
    tape = tmp_path / "tape.jsonl"
    secrets = ("--secrets-file", str(tmp_path / "secrets"))
    done = workspace.run("--name", "it", "--policy", f"record:{tape}=echo", *secrets)
    assert done.returncode == 0, done.stderr
    assert "<JUDGE> None" in (workspace.runs / "it" / "logs" / "worker-0.log").read_text()
    files = [path for path in workspace.runs.rglob("*") if path.is_file()]
    texts = [done.stdout, done.stderr, tape.read_text(), *(path.read_text() for path in files)]
    assert "<JUDGE>" in tape.read_text()
    assert not [text for text in texts if "planted" in text]
    again = workspace.run("--name", "again", "--policy", f"replay:{tape}", *secrets)
    assert again.returncode == 0, again.stdout


def test_there_are_no_more_workers_than_attempts(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path, "print('loaded')\n" + ASKS)
    done = workspace.run("--name", "it", "--workers", "9", "--limit", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((workspace.runs / "it" / "logs").glob("worker-*.log"))) == 2
