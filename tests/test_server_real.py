"""Rollouts on their own servers with the real SDK, from the package index, in environments that uv makes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from osmo_checks.replay import cache_folder
from tests.scaffolds import make_new, make_rollout
from tests.server_support import CASES, Served, make_served

ROLLOUTS = Path(__file__).parent / "cases" / "rollouts"
#: What older SDKs leave open, and newer releases of it broke.
WORKING = "litellm<1.97"
REQUIRES = {
    "0.2.31": ("osmosis-ai[server]==0.2.31", WORKING),
    "0.3.1": ("osmosis-ai[server,strands,openai-agents]==0.3.1", WORKING),
    "0.3.7": ("osmosis-ai[server,strands,openai-agents]==0.3.7",),
}

#: Rewards of ``cases/servers/odd-rewards`` that every SDK can send and read, and those that it cannot.
COUNTED = {"number": 0.25, "truth": 1.0, "text": 0.5}
REFUSED = ("words", "decimal", "bytes", "list", "nan", "huge", "none")
#: The models of 0.3 make numbers of these when they are assigned.
DECIMAL = {"decimal": 0.5, "bytes": 1.0}

ON_SERVER = ("--driver", "server", "--output-format", "json", "--load-timeout", "120")


@pytest.mark.parametrize(
    ("version", "framework"),
    [
        ("0.2.31", "strands"),
        ("0.2.31", "openai-agents"),
        ("0.3.1", "strands"),
        ("0.3.7", "strands"),
        ("0.3.7", "openai-agents"),
    ],
)
def test_a_rollout_with_the_real_sdk(tmp_path: Path, version: str, framework: str) -> None:
    served = make_served(
        tmp_path,
        CASES / "serve.py",
        [],
        requires=REQUIRES[version],
        python=">=3.12,<3.13",
        timeout_s=90,
        HOME=str(tmp_path),  # 0.2 leaves files there
    )
    case = f"{framework}-{version[:3].replace('.', '-')}"
    shutil.copy(ROLLOUTS / case / "main.py", tmp_path / "rollouts" / "rollout")
    rows = "".join(json.dumps(_row(number)) + "\n" for number in range(3))
    (tmp_path / "data" / "rows.jsonl").write_text(rows, encoding="utf-8")
    _check_summary(served.run(*ON_SERVER, UV_PROJECT_ENVIRONMENT=_environment(version)))
    for path in (served.run_folder / "trajectories").iterdir():
        _check_steps(json.loads(path.read_text(encoding="utf-8"))["steps"])


def test_a_rollout_that_was_generated_for_0_2(tmp_path: Path) -> None:
    """Its own pyproject.toml and main.py, with what they ask for: nothing here chooses a version."""
    workspace = tmp_path / "workspace"
    assert make_new(workspace, "contract=0.2") == 0
    assert make_rollout(workspace, "multiply-local-strands", name="rollout") == 0
    config = workspace / "configs" / "eval" / "rollout.toml"
    config.write_text(f'{config.read_text()}\n[env]\nHOME = "{tmp_path}"\n')  # 0.2 leaves files there
    environment = _environment("generated-0.2")
    _check_summary(Served(workspace).run("--limit", "3", *ON_SERVER, UV_PROJECT_ENVIRONMENT=environment))


@pytest.mark.parametrize("version", ["0.2.31", "0.3.7"])
def test_odd_rewards_come_to_the_same_with_both_drivers(tmp_path: Path, version: str) -> None:
    served = make_served(
        tmp_path,
        CASES / "serve.py",
        [],
        requires=REQUIRES[version],
        python=">=3.12,<3.13",
        HOME=str(tmp_path),  # 0.2 leaves files there
    )
    main = tmp_path / "rollouts" / "rollout" / "main.py"
    shutil.copy(CASES / "odd-rewards" / f"{version[:3]}.py", main)
    rows = [json.dumps({"user_prompt": name, "ground_truth": name}) for name in (*COUNTED, *REFUSED)]
    (tmp_path / "data" / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    expected = {**dict.fromkeys(REFUSED, "grader"), **COUNTED, **(DECIMAL if version >= "0.3" else {})}
    done = served.run(*ON_SERVER, UV_PROJECT_ENVIRONMENT=_environment(version))
    _skip_where_it_cannot_be_installed(done)
    assert _outcomes(served) == expected
    served.run("--fresh")
    assert _outcomes(served) == expected


def _outcomes(served: Served) -> dict[str, float | str | None]:
    return {name: entry.get("boundary", entry.get("reward")) for name, entry in served.entries().items()}


def _environment(name: str) -> str:
    """Return where the environment is: it is a gigabyte, so it is made once and linked to."""
    return str(Path(cache_folder()) / f"real-server-{name}")


def _skip_where_it_cannot_be_installed(done: subprocess.CompletedProcess[str]) -> None:
    if "cannot be installed" in done.stderr or "there is none on this machine" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])


def _check_summary(done: subprocess.CompletedProcess[str]) -> None:
    _skip_where_it_cannot_be_installed(done)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(done.stdout)["summary"]
    assert (summary["graded"], summary["reward_mean"]) == (3, 1.0)


def _check_steps(steps: list[dict[str, object]]) -> None:
    """The conversation is one of chat messages, whatever the framework writes."""
    spoken = [step for step in steps if step["source"] == "agent"]
    called = [call for step in spoken for call in step.get("tool_calls", ())]  # type: ignore[attr-defined]
    assert [call["function_name"] for call in called] == ["multiply"]
    assert str(spoken[-1]["message"]).isdigit()


def _row(number: int) -> dict[str, str]:
    question = f"What is {number + 2} times {number + 3}?"
    return {"system_prompt": "Multiply.", "user_prompt": question, "ground_truth": str((number + 2) * (number + 3))}
