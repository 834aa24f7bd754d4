"""Every rollout under ``cases/probe`` is probed with the real command; its ``case.toml`` says what has to come of it.

Keys: ``contract``, ``exit``, ``arguments``, ``policy`` where the rollout has one of its own, and ``verdicts`` by probe:
those that are not ``sound``; ``also`` has the verdicts that any other probe may have, where chance decides. To add a
case, add a folder.
"""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from osmo_runtime.policies.faults import FAULTS
from osmo_runtime.probe.verdicts import Verdict

from .run_support import Workspace, make_workspace
from .scaffolds import make_new, make_rollout, osmo

CASES = Path(__file__).parent / "cases" / "probe"
ANSWERS = [
    *("oracle", "no answer", "refusal", "prompt echoed", "wrong row's label", "all labels at once"),
    *("right label first", "right label last", "text to a judge", "very long text", "very long answer"),
]
PROBES = [*ANSWERS, *(f"fault {name}" for name in FAULTS), "http-500 once", "rate-limit once"]


def probe(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osmo_scaffold", "probe", "rollout", "--timeout", "1", "--limit", "1", *arguments]
    return subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, timeout=120, check=False)


def set_policy(workspace: Workspace, policy: str) -> None:
    with (workspace.rollout / "pyproject.toml").open("a") as stream:
        stream.write(f'\n[tool.osmo-scaffold]\npolicy = "{policy}"\n')


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CASES.glob("*/case.toml")))
def test_case(name: str, tmp_path: Path) -> None:
    case = tomllib.loads((CASES / name / "case.toml").read_text(encoding="utf-8"))
    workspace = make_workspace(tmp_path, CASES / name, contract=case["contract"])
    if "policy" in case:
        set_policy(workspace, case["policy"])
    done = probe(workspace, "--output-format", "json", *case.get("arguments", []))
    assert done.returncode == case["exit"], done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["is_sound"] == (case["exit"] == 0)
    probes = {one["name"]: one for one in found["probes"]}
    assert list(probes) == PROBES
    verdicts = {name: one["verdict"] for name, one in probes.items() if one["verdict"] != "sound"}
    rest = {name for name in verdicts.keys() - case["verdicts"].keys() if verdicts[name] in case.get("also", ())}
    wanted = {**case["verdicts"], **{name: verdicts[name] for name in rest}}
    assert verdicts == wanted, json.dumps(list(probes.values()), indent=1)
    assert all(bool(one["why"]) == (one["verdict"] != "sound") for one in probes.values())
    assert not workspace.runs.exists()


def test_every_verdict_has_a_case() -> None:
    cases = [tomllib.loads(path.read_text(encoding="utf-8")) for path in CASES.glob("*/case.toml")]
    seen = {verdict for case in cases for verdict in case["verdicts"].values()}
    assert seen == {verdict.value for verdict in Verdict} - {"sound"}


@pytest.mark.parametrize(("template", "contract"), [("single-turn", "0.2"), ("multiply-local-strands", "0.3")])
def test_templates_are_sound(template: str, contract: str, tmp_path: Path) -> None:
    make_new(tmp_path / "w", f"contract={contract}")
    make_rollout(tmp_path / "w", template)
    done = osmo("probe", template, "--timeout", "8", "--limit", "2", cwd=tmp_path / "w")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("22 probes found no flaw.\n")
    assert done.stderr == ""


def test_the_table_says_what_was_expected_and_got_and_why(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "rewards-nothing-said")
    lines = probe(workspace).stdout.splitlines()
    assert lines[0].split() == ["probe", "expected", "got", "verdict"]
    assert lines[2].split("  ")[0] == "no answer"
    assert lines[2].endswith("rewards a non-answer")
    assert "no answer: rewards a non-answer: row 0 earns 1, where the right answer earns 1." in lines
    assert lines[-1] == "2 of 22 probes found a flaw."


def rows(workspace: Workspace, *contents: dict[str, Any]) -> None:
    text = "".join(json.dumps({"user_prompt": "2 times 3?", **content}) + "\n" for content in contents)
    (workspace.root / "data" / "rows.jsonl").write_text(text)


def test_where_all_labels_are_one_none_is_wrong(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "sound")
    rows(workspace, {"ground_truth": "6"}, {"ground_truth": "6"})
    found = json.loads(probe(workspace, "--output-format", "json").stdout)
    assert [one["name"] for one in found["probes"]] == [name for name in PROBES if "label" not in name]


def test_a_rollouts_own_oracle_is_the_one_that_knows(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "sound")
    main = workspace.rollout / "main.py"
    main.write_text(main.read_text().replace("== ctx.label", "== f'It is {ctx.label}.'"))
    assert probe(workspace).returncode == 1
    set_policy(workspace, "oracle:It is {label}.")
    done = probe(workspace)
    assert done.returncode == 0, done.stdout


def test_rows_with_labels_of_their_own_are_chosen(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "rewards-a-mention")
    rows(workspace, *({"ground_truth": label} for label in ("yes", "yes", "no", "yes")))
    found = json.loads(probe(workspace, "--limit", "2", "--output-format", "json").stdout)
    verdicts = {one["name"]: one["verdict"] for one in found["probes"]}
    assert verdicts["all labels at once"] == "rewards a non-answer"


def test_without_labels_nobody_knows_what_is_right(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CASES / "sound")
    rows(workspace, {"metadata": {"answer": 6}})
    done = probe(workspace)
    assert (done.returncode, done.stdout) == (1, "")
    assert 'policy = "script:FILE"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w", CASES / "sound")
    main = workspace.rollout / "main.py"
    main.write_text(f"open({str(tmp_path / 'started')!r}, 'w').close()\n" + main.read_text())
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "osmo_scaffold", "probe", "rollout", "--timeout", "60"]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    process = subprocess.Popen(command, cwd=workspace.root, env=environment, stdout=subprocess.PIPE)
    while not (tmp_path / "started").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == b""
    assert process.returncode == 130
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [("1 / 0", "cannot be loaded: ZeroDivisionError", 1), (None, "no rollout 'rollout'", 2)],
)
def test_what_cannot_be_probed_is_one_sentence(tmp_path: Path, text: str | None, words: str, code: int) -> None:
    workspace = make_workspace(tmp_path, CASES / "sound")
    if text is None:
        workspace.rollout.rename(workspace.root / "rollouts" / "other")
    else:
        (workspace.rollout / "main.py").write_text(text)
    done = probe(workspace)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
