"""``preflight`` on a workspace that is ready, and on ones that are broken in one way each."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from jsonschema import Draft202012Validator
from uv import find_uv_bin

from osmo_checks.errors import UsageError
from osmo_scaffold.commands.preflight import situation_of
from osmo_scaffold.preflight.gates import GATES, smoke
from osmo_scaffold.preflight.outcome import Outcome, Status
from osmo_scaffold.preflight.trial import Trial, Tried

from .preflight_support import NAME, Ready, copy_ready, gates_of, make_ready
from .scaffolds import git, osmo, snapshot

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return make_ready(tmp_path_factory.mktemp("ready"))


@pytest.fixture
def ready(original: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ready:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return copy_ready(original, tmp_path)


def test_every_gate_is_explained() -> None:
    page = (ROOT / "docs" / "preflight.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE) == list(GATES)


# as a new user --------------------------------------------------------------------------------------------------


def test_a_workspace_that_is_ready_passes_and_stays_as_it_is(ready: Ready, tmp_path: Path) -> None:
    ready.require()
    ready.commit()
    before = snapshot(ready.root)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = osmo(
        *("preflight", ready.eval_config, "--offline", "--output-format", "json"),
        cwd=ready.root,
        OPENAI_API_KEY="sk-very-secret",
        TMPDIR=str(temporary),
    )
    gates = gates_of(done.stdout)
    # Without requirements, uv needs no index; that the SDK is not among them is for the checks to say.
    assert {name for name, gate in gates.items() if gate["status"] != "pass"} <= {"checks"}, done.stdout
    assert list(gates) == list(GATES)
    assert "oracle earns 1, and echo 0" in gates["smoke-run"]["message"]
    assert "sk-very-secret" not in done.stdout + done.stderr
    assert snapshot(ready.root) == before
    assert not list(temporary.iterdir())


def test_a_table_names_every_gate_and_the_command_that_mends_it(ready: Ready) -> None:
    ready.replace(ready.grader, "What an answer is worth", "What it is worth")
    done = osmo("preflight", ready.eval_config, "--offline", "--no-run", cwd=ready.root)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines if line[:1].isalpha()][: len(GATES)] == list(GATES)
    assert f"$ git add rollouts/{NAME} && git commit -m 'Update {NAME}'" in done.stdout
    assert "not ready to be submitted" in lines[-1]
    assert not done.stderr


def test_json_is_what_the_schema_says(ready: Ready) -> None:
    schema = json.loads((ROOT / "schemas" / "preflight.schema.json").read_text(encoding="utf-8"))
    done = osmo("preflight", ready.eval_config, "--offline", "--no-run", "--output-format", "json", cwd=ready.root)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(done.stdout))


def test_a_fresh_scaffold_is_told_to_commit_and_push(tmp_path: Path) -> None:
    osmo("new", "ws", "--defaults", cwd=tmp_path)
    osmo("apply", NAME, "--defaults", cwd=tmp_path / "ws")
    done = osmo(
        *("preflight", Ready.eval_config, "--offline", "--no-run", "--output-format", "json"), cwd=tmp_path / "ws"
    )
    gates = gates_of(done.stdout)
    assert done.returncode == 1
    assert gates["repository"]["mend"] == "git remote add origin URL && git push -u origin main"
    assert gates["committed"]["mend"] == (
        f"git add rollouts/{NAME} {Ready.eval_config} {Ready.data} && git commit -m 'Update {NAME}'"
    )


def test_all_gates_but_the_smoke_run_pass_offline(ready: Ready) -> None:
    statuses = ready.statuses(ready.training_config)
    # What uv's cache holds is not ours to say.
    assert statuses.pop("dependencies") in (Status.PASS, Status.WARN)
    assert statuses.pop("smoke-run") is Status.SKIPPED
    assert statuses.pop("secrets") is Status.SKIPPED
    assert set(statuses.values()) == {Status.PASS}


# broken in one way ----------------------------------------------------------------------------------------------


def _dirty(ready: Ready) -> None:
    ready.replace(ready.grader, "What an answer is worth", "What it is worth")


def _not_added(ready: Ready) -> None:
    (ready.root / "rollouts" / NAME / "notes.md").write_text("notes", encoding="utf-8")


def _ignored_by_git(ready: Ready) -> None:
    (ready.root / ".gitignore").write_text("local_*.py\n", encoding="utf-8")
    (ready.root / ready.grader).with_name("local_rules.py").write_text("RULES = ()\n", encoding="utf-8")
    ready.replace(ready.grader, "import re\n", "import re\nfrom single_turn.local_rules import RULES\n")
    ready.commit()


def _not_pushed(ready: Ready) -> None:
    _dirty(ready)
    ready.commit(push=False)


def _behind(ready: Ready) -> None:
    _dirty(ready)
    ready.commit()
    ready.git("reset", "--quiet", "--hard", "HEAD~1")


def _on_another_branch(ready: Ready) -> None:
    ready.git("switch", "--quiet", "--create", "idea")
    _dirty(ready)
    ready.commit(push=False)


def _bad_row(ready: Ready) -> None:
    with (ready.root / ready.data).open("a", encoding="utf-8") as stream:
        stream.write('{"system_prompt": "s", "user_prompt": null, "ground_truth": "1"}\n')


def _wrong_rollout(ready: Ready) -> None:
    ready.replace(ready.eval_config, f'rollout = "{NAME}"', 'rollout = "single-trun"')


def _other_generation(ready: Ready) -> None:
    text = f'[eval]\nrollout = "{NAME}"\nentrypoint = "main.py"\ndataset = "multiply"\n\n[llm]\nmodel = "openai/x"\n'
    (ready.root / ready.eval_config).write_text(text, encoding="utf-8")


def _not_toml(ready: Ready) -> None:
    (ready.root / ready.eval_config).write_text("[experiment\n", encoding="utf-8")


def _conflicting_requirements(ready: Ready) -> None:
    ready.require("osmosis-ai>=0.2.31,<0.3", "osmosis-ai>=0.3")


def _no_requirement(ready: Ready) -> None:
    ready.require("osmosis-ai>>2")


def _python_of_the_past(ready: Ready) -> None:
    ready.require()
    ready.replace(Path("rollouts", NAME, "pyproject.toml"), ">=3.12", "<3.8")


def _rewards_nothing(ready: Ready) -> None:
    ready.replace(ready.grader, "return 1.0 if", "return 0.0 if")


def _punishes(ready: Ready) -> None:
    ready.replace(ready.grader, "return 1.0 if", "return 0.0 if")
    ready.replace(ready.grader, "        return 0.0\n", "        return -1.0\n")


def _rewards_everything(ready: Ready) -> None:
    ready.replace(ready.grader, "        return 0.0\n", "        return 1.0\n")


def _raises(ready: Ready) -> None:
    ready.replace(ready.grader, "    answers = ", "    raise LookupError('no such answer')\n    answers = ")


def _cannot_be_loaded(ready: Ready) -> None:
    ready.replace(ready.grader, "import re\n", "import re\nimport no_such_package\n")


def _unknown_commit(ready: Ready) -> None:
    ready.replace(ready.eval_config, 'dataset = "multiply"', 'dataset = "multiply"\ncommit_sha = "0123abcdef"')


def _commit_that_is_not_pushed(ready: Ready) -> None:
    _dirty(ready)
    commit = ready.commit(push=False)
    ready.replace(ready.eval_config, 'dataset = "multiply"', f'dataset = "multiply"\ncommit_sha = "{commit}"')


def _commit_of_before(ready: Ready) -> None:
    commit = ready.git("rev-parse", "HEAD")
    _dirty(ready)
    ready.commit()
    ready.replace(ready.eval_config, 'dataset = "multiply"', f'dataset = "multiply"\ncommit_sha = "{commit}"')


def _branch_that_is_not_there(ready: Ready) -> None:
    ready.replace(ready.eval_config, 'dataset = "multiply"', 'dataset = "multiply"\nbranch = "idea"')


def _no_remote(ready: Ready) -> None:
    ready.git("remote", "remove", "origin")


def _detached(ready: Ready) -> None:
    ready.git("switch", "--quiet", "--detach")


def _for_the_first_generation(ready: Ready) -> None:
    ready.require("osmosis-ai>=0.2.11,<0.2.16")


def _without_rows(ready: Ready) -> None:
    (ready.root / ready.data).write_text("", encoding="utf-8")


def _as_an_array(ready: Ready) -> None:
    lines = (ready.root / ready.data).read_text(encoding="utf-8").splitlines()
    (ready.root / ready.data).unlink()
    (ready.root / ready.data).with_suffix(".json").write_text(f"[{','.join(lines)}]", encoding="utf-8")


def _not_on_github(ready: Ready) -> None:
    ready.git("remote", "set-url", "origin", "git@gitlab.com:someone/workspace.git")


def _other_remote(ready: Ready) -> None:
    ready.git("remote", "rename", "origin", "mine")


def _limit_beyond_the_rows(ready: Ready) -> None:
    ready.replace(ready.eval_config, "# limit = 200", "limit = 2000")


class Broken(NamedTuple):
    """What one gate says of a workspace that was broken: what is in its message, and in its command."""

    break_it: Callable[[Ready], None]
    gate: str
    status: Status
    message: str
    mend: str


BROKEN = [
    Broken(_dirty, "committed", Status.FAIL, "1 file of the rollout", f"git add rollouts/{NAME} && git commit"),
    Broken(_not_added, "committed", Status.FAIL, "1 file of the rollout", f"git add rollouts/{NAME} && git commit"),
    Broken(
        _ignored_by_git,
        "committed",
        Status.FAIL,
        "1 file",
        f"git add --force rollouts/{NAME}/single_turn/local_rules.py",
    ),
    Broken(_bad_row, "committed", Status.WARN, "nobody could look it up", "git add data/multiply.jsonl && git commit"),
    Broken(_not_pushed, "pushed", Status.FAIL, "origin/main lacks 1 commit", "git push origin main"),
    Broken(_behind, "pushed", Status.FAIL, "origin/main has 1 commit", "git pull --rebase"),
    Broken(
        _on_another_branch,
        "pushed",
        Status.FAIL,
        "the rollout of idea differs",
        "git switch main && git pull --rebase --autostash origin main && git merge --no-edit idea && git push origin ",
    ),
    Broken(_on_another_branch, "source", Status.WARN, "the branch idea is checked out", "git switch main"),
    Broken(_detached, "source", Status.WARN, "no branch is checked out", "git switch main"),
    Broken(_no_remote, "repository", Status.FAIL, "no remote", "git remote add origin URL"),
    Broken(_not_on_github, "repository", Status.FAIL, "not on github.com", "git remote set-url origin git@github.com"),
    Broken(_other_remote, "repository", Status.FAIL, "this one is called mine", "git remote rename mine origin"),
    Broken(_no_remote, "source", Status.SKIPPED, "no repository with", ""),
    Broken(_unknown_commit, "source", Status.FAIL, "0123abcdef is no commit of this", "perl -pi -e"),
    Broken(_commit_that_is_not_pushed, "source", Status.FAIL, "on no branch of origin", "git push"),
    Broken(_commit_of_before, "source", Status.PASS, "which is pushed", ""),
    Broken(_commit_of_before, "pushed", Status.WARN, "not what would run", "perl -pi -e"),
    Broken(
        _branch_that_is_not_there,
        "source",
        Status.FAIL,
        "origin has no branch 'idea'",
        "git push origin HEAD:refs/heads/idea",
    ),
    Broken(_bad_row, "dataset", Status.FAIL, "241 rows: 1 error", "osmo-scaffold dataset validate data/multiply.jsonl"),
    Broken(
        _as_an_array,
        "dataset",
        Status.FAIL,
        "data/multiply.json: the platform takes no .json files",
        "osmo-scaffold dataset convert data/multiply.json data/multiply.jsonl",
    ),
    Broken(_wrong_rollout, "checks", Status.FAIL, "1 error", f"osmo-scaffold check {Ready.eval_config}"),
    Broken(_wrong_rollout, "smoke-run", Status.SKIPPED, "names no rollout", ""),
    Broken(_wrong_rollout, "dependencies", Status.SKIPPED, "no pyproject.toml", ""),
    Broken(_other_generation, "checks", Status.FAIL, "error", f"osmo-scaffold check {Ready.eval_config}"),
    Broken(_not_toml, "checks", Status.FAIL, "1 error", f"osmo-scaffold check {Ready.eval_config}"),
    Broken(_not_toml, "dataset", Status.SKIPPED, "names no dataset", ""),
    Broken(_for_the_first_generation, "smoke-run", Status.SKIPPED, "`remote` do not run here", ""),
    Broken(_without_rows, "smoke-run", Status.FAIL, "data/multiply.jsonl has no rows", ""),
    Broken(_without_rows, "fit", Status.SKIPPED, "has no rows", ""),
    Broken(_limit_beyond_the_rows, "fit", Status.WARN, "limit = 2000 is more than the 240 rows", ""),
    Broken(_conflicting_requirements, "dependencies", Status.FAIL, f"change rollouts/{NAME}/pyproject.toml:", ""),
    Broken(_no_requirement, "dependencies", Status.FAIL, "'osmosis-ai>>2' is no requirement", "osmo-scaffold check"),
    Broken(_python_of_the_past, "dependencies", Status.FAIL, "requires-python = '<3.8'", "osmo-scaffold check"),
    Broken(_rewards_nothing, "smoke-run", Status.FAIL, "oracle earns 0", f"osmo-scaffold run {NAME} --limit 4"),
    Broken(_punishes, "smoke-run", Status.PASS, "oracle earns 0, and echo -1", ""),
    Broken(_rewards_everything, "smoke-run", Status.WARN, "rewards non-answers", "--policy echo"),
    Broken(
        _raises, "smoke-run", Status.FAIL, "4 of 4 attempts with oracle failed", f"osmo-scaffold run {NAME} --limit 4"
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.break_it.__name__.strip('_')}-{case.gate}")
def test_broken_in_one_way(ready: Ready, case: Broken) -> None:
    case.break_it(ready)
    outcome = ready.ask(case.gate)
    assert outcome.status is case.status, outcome
    assert case.message in outcome.message
    assert case.mend in outcome.mend
    assert bool(case.mend) == bool(outcome.mend)


def _diverged(ready: Ready) -> None:
    ready.replace(ready.workflow, "\n", "\n\n")
    ready.commit()
    ready.git("reset", "--quiet", "--hard", "HEAD~1")
    _dirty(ready)
    ready.commit(push=False)


def _detached_before_the_tip(ready: Ready) -> None:
    _dirty(ready)
    ready.commit()
    ready.git("switch", "--quiet", "--detach", "HEAD~1")


def _commit_of_nowhere(ready: Ready) -> None:
    _commit_that_is_not_pushed(ready)
    ready.git("stash", "--quiet")
    ready.git("reset", "--quiet", "--hard", "HEAD~1")
    ready.git("stash", "pop", "--quiet")


def _run_mend(ready: Ready, outcome: Outcome) -> None:
    """Run what the gate says as a program does that can use no editor."""
    ready.git("config", "user.name", "x")
    ready.git("config", "user.email", "x@example.org")
    environment = {**os.environ, "GIT_EDITOR": "false"}
    subprocess.run(outcome.mend, shell=True, cwd=ready.root, env=environment, check=True, capture_output=True)  # noqa: S602 - as a user


@pytest.mark.parametrize(
    ("break_it", "gate"),
    [
        (_not_pushed, "pushed"),
        (_behind, "pushed"),
        (_diverged, "pushed"),
        (_on_another_branch, "pushed"),
        (_detached_before_the_tip, "pushed"),
        (_commit_of_before, "pushed"),
        (_unknown_commit, "source"),
        (_commit_that_is_not_pushed, "source"),
        (_commit_of_nowhere, "source"),
        (_branch_that_is_not_there, "source"),
        (_other_remote, "repository"),
        (_dirty, "committed"),
        (_not_added, "committed"),
        (_ignored_by_git, "committed"),
        (_bad_row, "committed"),
    ],
    ids=lambda case: case if isinstance(case, str) else case.__name__.strip("_"),
)
def test_the_command_mends_it(ready: Ready, break_it: Callable[[Ready], None], gate: str) -> None:
    break_it(ready)
    before = ready.ask(gate)
    assert before.status in (Status.FAIL, Status.WARN), before
    _run_mend(ready, before)
    after = ready.ask(gate)
    # Another branch than is checked out is a warning, and meant.
    assert after.status is Status.PASS or "is checked out" in after.message, after


def test_a_run_of_nothing_fails_also_where_the_dataset_is_not_here(ready: Ready) -> None:
    (ready.root / ready.data).unlink()
    ready.replace(ready.eval_config, "n = 1 ", "n = 0 ")
    line = (ready.root / ready.eval_config).read_text(encoding="utf-8").partition("n = 0 ")[0].count("\n") + 1
    outcome = ready.ask("fit")
    assert (outcome.status, outcome.message) == (
        Status.FAIL,
        f"{ready.eval_config}:{line}: n = 0 leaves the run nothing to do: set it to 1 or more.",
    )


def test_what_is_wrong_is_listed(ready: Ready) -> None:
    _bad_row(ready)
    _raises(ready)
    _conflicting_requirements(ready)
    assert [line.partition(" ")[0] for line in ready.ask("dataset").details] == ["data/multiply.jsonl:241:39:"]
    assert "LookupError: no such answer" in ready.ask("smoke-run").details[0]
    assert any("unsatisfiable" in line for line in ready.ask("dependencies").details)
    assert ready.ask("committed").details == (
        str(ready.grader).replace("single_turn/grader.py", "pyproject.toml"),
        str(ready.grader),
        str(ready.data),
    )


def test_keys_in_what_the_users_code_says_are_masked(ready: Ready) -> None:
    key = "gh" + "p_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"
    ready.replace(ready.grader, "    answers = ", f"    raise LookupError('{key}' + chr(27))\n    answers = ")
    for output in ("text", "json"):
        done = osmo("preflight", ready.eval_config, "--offline", "--output-format", output, cwd=ready.root)
        assert "LookupError: ****" in done.stdout
        assert key not in done.stdout + done.stderr
        assert chr(27) not in done.stdout


def test_a_rollout_that_cannot_be_loaded_is_a_failure_that_says_why(ready: Ready) -> None:
    _cannot_be_loaded(ready)
    outcome = ready.ask("smoke-run")
    assert re.search(r"cannot be loaded: .*no_such_package", outcome.message)
    assert "logs" not in outcome.message
    assert outcome.mend == f"osmo-scaffold run {NAME} --limit 4"
    done = osmo("preflight", ready.eval_config, "--offline", cwd=ready.root)
    assert done.returncode == 1
    assert "smoke-run     fail     The rollout cannot be loaded" in done.stdout


def _hangs(ready: Ready, how: str) -> None:
    start = "    async def run(self, ctx: AgentWorkflowContext) -> None:\n"
    ready.replace(ready.workflow, start, f"{start}        import asyncio, os, pathlib, time\n        {how}\n")


def test_a_rollout_that_is_over_time_with_right_answers_is_not_asked_for_others(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hangs(ready, "await asyncio.sleep(3600)")
    monkeypatch.setattr(smoke, "_EACH_S", 0.2)
    outcome = ready.ask("smoke-run")
    assert (outcome.status, outcome.message) == (Status.FAIL, "4 of 4 attempts with oracle failed.")
    assert [line.partition(": ")[0] for line in outcome.details] == ["oracle"]


def test_a_rollout_that_lets_nothing_else_run_has_a_time_in_all(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    _hangs(ready, "time.sleep(3600)")
    monkeypatch.setattr(smoke, "_IN_ALL_S", 1.5)
    outcome = ready.ask("smoke-run")
    assert (outcome.status, outcome.mend) == (Status.FAIL, f"osmo-scaffold run {NAME} --limit 4")
    assert "After 1.5 s, none of 4 attempts with oracle had ended: it hangs, or is slow" in outcome.message


def test_a_rollout_that_is_not_loaded_in_time_is_told_as_well(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    ready.replace(ready.grader, "import re\n", "import re, time\ntime.sleep(3600)\n")
    monkeypatch.setattr(smoke, "_IN_ALL_S", 1.0)
    assert "After 1 s, none of 4 attempts" in ready.ask("smoke-run").message


class _LateTrial(Trial):
    """Leaves only the least time for whom it asks second."""

    def run(self, policy: str) -> Tried:
        tried = super().run(policy)
        self._until = 0.0
        return tried


_HANGS_SECOND = """\
here = pathlib.Path(__file__).parent
        (here / f"run-{os.getpid()}").touch()
        await asyncio.sleep(3600 * (len(list(here.glob("run-*"))) - 1))"""


def test_right_answers_that_take_all_of_the_time_leave_none_for_others(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hangs(ready, _HANGS_SECOND)
    monkeypatch.setattr(smoke, "Trial", _LateTrial)
    outcome = ready.ask("smoke-run")
    assert (outcome.status, outcome.mend) == (Status.WARN, f"osmo-scaffold run {NAME} --limit 4 --policy echo")
    assert "no time left for echo" in outcome.message


# the source -----------------------------------------------------------------------------------------------------


def test_the_remote_is_asked_unless_offline(ready: Ready, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(ready.remote), str(other))
    Ready(other, ready.remote).replace(ready.grader, "What an answer is worth", "What it is worth")
    Ready(other, ready.remote).commit()
    assert ready.ask("pushed", offline=True).status is Status.PASS
    outcome = ready.ask("pushed", offline=False)
    assert outcome.status is Status.FAIL
    assert "has commits that are not here" in outcome.message


def test_a_remote_that_does_not_answer_is_taken_as_it_was(ready: Ready) -> None:
    ready.git("remote", "set-url", "origin", "http://127.0.0.1:9/nobody.git")
    outcome = ready.ask("source", offline=False)
    assert outcome.status is Status.PASS
    assert "origin was not asked" in outcome.message


def test_the_default_branch_is_the_remotes(ready: Ready) -> None:
    ready.git("push", "--quiet", "origin", "main:production", "main:zebra")
    ready.git("--git-dir", str(ready.remote), "symbolic-ref", "HEAD", "refs/heads/production")
    assert "takes origin/production" in ready.ask("source", offline=False).message


def test_commits_beside_the_rollout_are_no_reason_to_stop(ready: Ready) -> None:
    ready.replace(Path("README.md"), "#", "# Our")
    ready.commit(push=False)
    outcome = ready.ask("pushed")
    assert (outcome.status, outcome.mend) == (Status.WARN, "git push origin main")


def test_another_branch_with_the_same_rollout_is_no_reason_to_stop(ready: Ready) -> None:
    ready.git("switch", "--quiet", "--create", "idea")
    assert ready.ask("source").status is Status.WARN
    assert ready.ask("pushed").status is Status.PASS


def test_a_folder_that_is_no_repository(ready: Ready, tmp_path: Path) -> None:
    (ready.root / ".git").rename(tmp_path / "elsewhere")
    assert "is no git repository" in ready.ask("repository").message
    assert ready.ask("committed").status is Status.SKIPPED


def test_a_repository_without_a_commit(ready: Ready, tmp_path: Path) -> None:
    (ready.root / ".git").rename(tmp_path / "elsewhere")
    git(ready.root, "init", "--quiet")
    assert "no commit yet" in ready.ask("repository").message
    assert ready.ask("committed").status is Status.FAIL
    assert ready.ask("pushed").status is Status.SKIPPED


def test_a_workspace_below_the_top_of_a_repository(ready: Ready, tmp_path: Path) -> None:
    (ready.root / ".git").rename(tmp_path / ".git")
    assert "at the top of the repository" in ready.ask("repository").message


def _without_repository(ready: Ready) -> None:
    (ready.root / ".git").rename(ready.root.with_name("elsewhere"))


def _in_a_folder_of_another(ready: Ready) -> None:
    (ready.root / ".git").rename(ready.root.with_name(".git"))


def _before_the_first_commit(ready: Ready) -> None:
    _without_repository(ready)
    git(ready.root, "init", "--quiet")


@pytest.mark.parametrize("break_it", [_without_repository, _in_a_folder_of_another, _before_the_first_commit])
def test_the_command_makes_a_repository(
    ready: Ready, break_it: Callable[[Ready], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "x")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "x@example.org")
    break_it(ready)
    before = ready.ask("repository")
    subprocess.run(before.mend, shell=True, cwd=ready.root, check=True, capture_output=True)  # noqa: S602 - as a user
    assert "has no remote" in ready.ask("repository").message
    assert ready.ask("committed").status is Status.PASS


def test_a_name_with_characters_that_git_reads_into(ready: Ready) -> None:
    (ready.root / "rollouts" / NAME / ":(top)*[a] ü.md").write_text("", encoding="utf-8")
    assert ready.ask("committed").details == (f"rollouts/{NAME}/:(top)*[a] ü.md",)


# other forms of repositories ------------------------------------------------------------------------------------


def _work_tree(ready: Ready) -> Ready:
    """Return a second work tree of the repository, with the branch ``idea``."""
    tree = ready.root.with_name("tree")
    ready.git("worktree", "add", "--quiet", "-b", "idea", str(tree))
    return Ready(tree, ready.remote)


def _tree_ahead(_ready: Ready, tree: Ready) -> None:
    _dirty(tree)
    tree.commit(push=False)


def _tree_behind(ready: Ready, _tree: Ready) -> None:
    _dirty(ready)
    ready.commit()


def _tree_diverged(ready: Ready, tree: Ready) -> None:
    _tree_ahead(ready, tree)
    ready.replace(ready.workflow, "\n", "\n\n")
    ready.commit()


def _tree_diverged_and_detached(ready: Ready, tree: Ready) -> None:
    tree.git("switch", "--quiet", "--detach")
    _tree_diverged(ready, tree)


@pytest.mark.parametrize("break_it", [_tree_ahead, _tree_behind, _tree_diverged, _tree_diverged_and_detached])
def test_the_command_mends_a_work_tree(ready: Ready, break_it: Callable[[Ready, Ready], None]) -> None:
    tree = _work_tree(ready)
    assert tree.ask("pushed").status is Status.PASS
    break_it(ready, tree)
    before = tree.ask("pushed")
    assert before.status is Status.FAIL, before
    _run_mend(tree, before)
    assert tree.ask("pushed").status is Status.PASS


def test_a_branch_of_another_work_tree_is_found_there(ready: Ready) -> None:
    outcome = _work_tree(ready).ask("source")
    assert outcome.status is Status.WARN
    assert outcome.message.endswith(f"main is checked out in {ready.root}.")
    assert outcome.mend == f"cd {ready.root} && osmo-scaffold preflight {ready.eval_config}"


_GIT_GATES = ("repository", "source", "committed", "pushed")


def _clone(ready: Ready, folder: Path, *how: str) -> Ready:
    """Return what ``git how`` makes of the remote at ``folder``, which takes it to be on GitHub."""
    git(folder.parent, "-c", "protocol.file.allow=always", *how, ready.remote.as_uri(), folder.name)
    address = ready.git("config", "--get", "remote.origin.url")
    clone = Ready(folder, ready.remote)
    clone.git("config", f"url.{ready.remote.as_uri()}.insteadOf", address)
    clone.git("remote", "set-url", "origin", address)
    return clone


def test_a_submodule_is_a_repository(ready: Ready, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    git(tmp_path, "init", "--quiet", "outer")
    inner = _clone(ready, outer / "inner", "submodule", "add", "--quiet")
    assert {inner.ask(gate, offline=False).status for gate in _GIT_GATES} == {Status.PASS}
    _dirty(inner)
    assert inner.ask("committed").status is Status.FAIL
    inner.commit(push=False)
    outcome = inner.ask("pushed")
    _run_mend(inner, outcome)
    assert (outcome.status, inner.ask("pushed").status) == (Status.FAIL, Status.PASS)


def test_a_shallow_clone_has_what_is_needed_or_says_how_to_get_it(ready: Ready, tmp_path: Path) -> None:
    commit = ready.git("rev-parse", "HEAD")
    ready.replace(Path("README.md"), "#", "# Our")
    ready.commit()
    clone = _clone(ready, tmp_path / "clone", "clone", "--quiet", "--depth=1")
    assert {clone.ask(gate, offline=False).status for gate in _GIT_GATES} == {Status.PASS}
    clone.replace(ready.eval_config, 'dataset = "multiply"', f'dataset = "multiply"\ncommit_sha = "{commit}"')
    outcome = clone.ask("source", offline=False)
    assert (outcome.status, outcome.mend) == (Status.FAIL, "git fetch --unshallow origin")
    _run_mend(clone, outcome)
    assert clone.ask("source", offline=False).status is Status.PASS


# the data -------------------------------------------------------------------------------------------------------


def test_a_dataset_that_is_only_on_the_platform_is_skipped(ready: Ready) -> None:
    (ready.root / ready.data).unlink()
    for gate in ("dataset", "fit", "smoke-run"):
        assert ready.ask(gate).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("old", "new", "status", "message"),
    [
        ("rollout_batch_size = 8", "rollout_batch_size = 241", Status.FAIL, "240 prompts in 1 epoch make no whole"),
        ("rollout_batch_size = 8", "rollout_batch_size = 64", Status.WARN, "512 rollouts run at once"),
        ("max_prompt_length = 2048", "max_prompt_length = 41", Status.WARN, "of 240 prompts seem longer than"),
        ("max_prompt_length = 2048", "max_prompt_length = 4", Status.FAIL, "Every prompt is longer"),
        ("max_prompt_length = 2048", "max_prompt_length = 64", Status.PASS, "240 rows"),
    ],
)
def test_numbers_that_do_not_fit(ready: Ready, old: str, new: str, status: Status, message: str) -> None:
    ready.replace(ready.training_config, old, new)
    outcome = ready.ask("fit", config=ready.training_config)
    assert outcome.status is status
    assert message in outcome.message


def test_a_few_rows_without_a_limit(ready: Ready) -> None:
    rows = (ready.root / ready.data).read_text(encoding="utf-8").splitlines(keepends=True)
    (ready.root / ready.data).write_text("".join(rows[:5]), encoding="utf-8")
    assert "set `limit = 5`" in ready.ask("fit").message


# secrets --------------------------------------------------------------------------------------------------------


def test_a_secret_that_is_not_here_may_be_registered(ready: Ready) -> None:
    outcome = ready.ask("secrets")
    assert (outcome.status, outcome.mend) == (Status.WARN, "osmosis secret set OPENAI_API_KEY")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("OPENAI_API_KEY=abc\n", Status.PASS),
        ("# keys\nexport OPENAI_API_KEY = 'abc'\n", Status.PASS),
        ('\ufeffOPENAI_API_KEY="a\nb"\r\n', Status.PASS),
        ("OPENAI_API_KEY=\nOTHER=abc\n", Status.FAIL),
        ('OPENAI_API_KEY=""\n', Status.FAIL),
        ("# OPENAI_API_KEY=abc\n", Status.FAIL),
        ('OTHER="\nOPENAI_API_KEY=abc\n"\n', Status.FAIL),
        ("", Status.FAIL),
    ],
)
def test_secrets_of_a_file(ready: Ready, tmp_path: Path, text: str, status: Status) -> None:
    file = tmp_path / "secrets.env"
    file.write_bytes(text.encode())
    outcome = ready.ask("secrets", secrets_file=file)
    assert outcome.status is status
    assert "abc" not in outcome.message


def test_a_secret_of_the_environment_need_not_be_in_the_file(
    ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "abc")
    (tmp_path / "secrets.env").write_text("OTHER=abc\n", encoding="utf-8")
    assert ready.ask("secrets", secrets_file=tmp_path / "secrets.env").status is Status.PASS


# dependencies ---------------------------------------------------------------------------------------------------


def test_uv_says_what_a_new_user_would_install(ready: Ready) -> None:
    outcome = ready.ask("dependencies", offline=False)
    if outcome.status is Status.WARN:
        pytest.skip(f"uv cannot ask a package index from here: {outcome.details}")
    assert outcome.status is Status.PASS
    assert "for Python 3.12" in outcome.message


def test_what_the_cache_does_not_hold_is_not_known_offline(
    ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    ready.require("osmosis-ai>=0.2.31,<0.3")
    outcome = ready.ask("dependencies")
    assert outcome.status is Status.WARN
    assert "--offline keeps it" in outcome.message


def test_an_index_that_does_not_answer_says_nothing_about_the_rollout(
    ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    ready.require("osmosis-ai>=0.2.31,<0.3")
    outcome = ready.ask("dependencies", offline=False)
    assert outcome.status is Status.WARN
    assert "says nothing about the rollout" in outcome.message


def test_dependencies_left_to_the_build_are_not_looked_at(ready: Ready) -> None:
    ready.require()
    ready.replace(Path("rollouts", NAME, "pyproject.toml"), "dependencies = []", 'dynamic = ["dependencies"]')
    assert ready.ask("dependencies").status is Status.SKIPPED


@pytest.mark.parametrize("requirement", ["ours", "ours @ file://{folder}"])
def test_packages_of_the_workspace_are_not_built(ready: Ready, requirement: str) -> None:
    ours = ready.root / "ours"
    ours.mkdir()
    (ours / "pyproject.toml").write_text('[project]\nname = "ours"\ndynamic = ["version"]\n', encoding="utf-8")
    (ours / "setup.py").write_text("import pathlib; pathlib.Path('built').touch()\n", encoding="utf-8")
    ready.require(requirement.format(folder=ours))
    with (ready.root / "rollouts" / NAME / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[tool.uv.sources]\nours = { path = "../../ours" }\n' if requirement == "ours" else "")
    before = snapshot(ready.root)
    outcome = ready.ask("dependencies")
    assert outcome.status is Status.WARN, outcome
    assert "only when it is built" in outcome.message
    assert snapshot(ready.root) == before


def test_a_package_of_the_workspace_that_says_what_it_needs_is_enough(ready: Ready) -> None:
    ours = ready.root / "ours"
    ours.mkdir()
    text = '[project]\nname = "ours"\nversion = "1"\ndependencies = []\n'
    (ours / "pyproject.toml").write_text(text, encoding="utf-8")
    ready.require(f"ours @ file://{ours}")
    assert "1 package for Python 3.12" in ready.ask("dependencies").message


def test_a_lock_file_is_held_against_what_it_locks(ready: Ready) -> None:
    ready.require()
    pyproject = Path("rollouts", NAME, "pyproject.toml")
    ready.replace(pyproject, ">=3.12", ">=3.11")
    subprocess.run([find_uv_bin(), "lock", "--offline", "--quiet"], cwd=ready.root / pyproject.parent, check=True)
    assert "uv.lock is up to date" in ready.ask("dependencies").message
    ready.replace(pyproject, '"0.1.0"', '"0.2.0"')
    outcome = ready.ask("dependencies")
    assert outcome.status is Status.WARN
    assert "needs to be updated" in outcome.details[0]


def test_a_lock_file_that_is_not_one_is_told(ready: Ready) -> None:
    ready.require()
    lock = ready.root / "rollouts" / NAME / "uv.lock"
    lock.write_text("version = 1\n", encoding="utf-8")
    before = lock.read_bytes()
    outcome = ready.ask("dependencies")
    assert (outcome.status, outcome.mend) == (Status.WARN, f"uv lock --project rollouts/{NAME}")
    assert lock.read_bytes() == before


# the command line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["configs/eval/none.toml"], "There is no config"),
        (["pyproject.toml"], "is in neither configs/eval/ nor configs/training/"),
        ([str(Ready.eval_config), "--secrets-file", "none.env"], "cannot be read"),
    ],
)
def test_wrong_usage_is_a_sentence(ready: Ready, arguments: list[str], sentence: str) -> None:
    done = osmo("preflight", *arguments, cwd=ready.root)
    assert done.returncode == UsageError.exit_code
    assert sentence in done.stderr
    assert not done.stdout


def test_a_config_is_found_from_anywhere(ready: Ready) -> None:
    assert situation_of(str(ready.root / ready.eval_config), offline=True, run=False, secrets_file=None).rollout == NAME


def test_an_interruption_leaves_nothing(ready: Ready, tmp_path: Path) -> None:
    ready.replace(ready.workflow, "    async def run(self, ctx: AgentWorkflowContext) -> None:\n", _HANGING)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "osmo_scaffold", "preflight", str(ready.eval_config), "--offline"],
        cwd=ready.root,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not (started := list(ready.root.glob("started-*"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert started, "the rollout was not run"
    process.send_signal(signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (130, b"", _TOLD + _INTERRUPTED)
    assert not list(temporary.iterdir())
    for file in started:
        with pytest.raises(ProcessLookupError):
            os.kill(int(file.name.partition("-")[2]), 0)


_TOLD = b"smoke-run: 4 rows with oracle, then echo; 60 s at most ...\n"
_INTERRUPTED = b"interrupted: nothing was changed, and nothing was submitted.\n"
_HANGING = """\
    async def run(self, ctx: AgentWorkflowContext) -> None:
        import asyncio, os, pathlib
        (pathlib.Path(__file__).parents[3] / f"started-{os.getpid()}").touch()
        await asyncio.sleep(3600)
"""


def test_where_the_platform_takes_repositories_from(ready: Ready) -> None:
    addresses = {
        "git@github.com:a/b.git": True,
        "https://github.com/a/b": True,
        "https://x-access-token:secret@GitHub.com/a/b.git/": True,
        "ssh://git@github.com:22/a/b.git": True,
        "https://github.com/a/b/c": False,
        "https://github.com.example.org/a/b": False,
        "../github.com/a/b": False,
        "git@example.org:github.com/b.git": False,
    }
    for address, is_taken in addresses.items():
        ready.git("remote", "set-url", "origin", address)
        assert ready.ask("repository").status is (Status.PASS if is_taken else Status.FAIL), address


def write_wheel(folder: Path, name: str, version: str, *needs: str) -> None:
    info = f"{name}-{version}.dist-info"
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"])
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", metadata + "".join(f"\nRequires-Dist: {need}" for need in needs) + "\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages that are all that uv knows: ``agent`` 1.0, which needs ``tool`` below 2, and two versions of that."""
    folder = tmp_path / "packages"
    folder.mkdir()
    write_wheel(folder, "agent", "1.0", "tool<2")
    write_wheel(folder, "tool", "1.0")
    write_wheel(folder, "tool", "2.0")
    monkeypatch.setenv("UV_DEFAULT_INDEX", folder.as_uri())
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    return folder


@pytest.mark.usefixtures("packages")
def test_what_is_required_is_loosened_so_that_it_can_be_installed(ready: Ready) -> None:
    ready.require("agent", "tool>=2")
    before = ready.ask("dependencies")
    assert before.message.endswith("could without the versions of 'tool>=2'.")
    assert before.details[-1] == f"rollouts/{NAME}/pyproject.toml:5: tool>=2"
    subprocess.run(before.mend, shell=True, cwd=ready.root, check=True)  # noqa: S602 - as a user
    assert ready.ask("dependencies").message == "They resolve to 2 packages for Python 3.12."


@pytest.mark.usefixtures("packages")
def test_where_no_command_is_sure_to_help_the_requirements_to_change_are_named(ready: Ready) -> None:
    # What is written with escapes is left to people.
    requirement = 'tool>=2 ; python_version > "3"'
    ready.require("agent", requirement)
    outcome = ready.ask("dependencies")
    assert (outcome.status, outcome.mend) == (Status.FAIL, "")
    shown = f"rollouts/{NAME}/pyproject.toml"
    assert outcome.message.endswith(f": change {shown}:5 or {shown}.")
    assert outcome.details[-2:] == (f"{shown}:5: agent", f"{shown}: {requirement}")
