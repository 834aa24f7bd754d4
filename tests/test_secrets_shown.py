"""A secret that lies in a workspace is found wherever it is written, and no output repeats it."""

from pathlib import Path

import pytest

from osmo_checks.credentials import KINDS, kind_of_secret, masked
from osmo_checks.finding import Edit, Finding, Fix, Position, Severity
from osmo_checks.formats import FORMATS, render

from .lsp_client import Editor
from .scaffolds import osmo
from .workspaces import demo_files, write_workspace

# In parts, so that this file holds nothing of the form of a key.
BODY = "Zk3vQ9dLr7TbXw2NcY8mHf4JpA6s"
KEY = "sk-" + "proj-" + BODY
MAIN = "rollouts/demo/main.py"
EVAL = "configs/eval/demo.toml"
TRAINING = "configs/training/demo.toml"
PYPROJECT = "rollouts/demo/pyproject.toml"

PLANTED = {
    "f-string": {MAIN: f'{demo_files()[MAIN]}\nX = f"{{__name__}} {KEY}"\n'},
    "comment": {MAIN: f"{demo_files()[MAIN]}\nX = 1  # {KEY}\n"},
    "key": {EVAL: f'{demo_files()[EVAL]}\n[env]\n"{KEY}" = "1"\n'},
    "value": {EVAL: f'{demo_files()[EVAL]}\n[env]\nNAME = "{KEY}"\n'},
    "secrets": {EVAL: demo_files()[EVAL].replace("[]", f'["{KEY}"]')},
    "section": {TRAINING: f'{demo_files()[TRAINING]}\n["{KEY}"]\nx = 1\n'},
    "setting": {TRAINING: f'{demo_files()[TRAINING]}\n[training]\n"{KEY}" = 1\n'},
    "dataset": {TRAINING: demo_files()[TRAINING].replace('dataset = "demo"', f'dataset = "{KEY}"')},
    "broken config": {EVAL: f'{demo_files()[EVAL]}\n[env]\nNAME = "{KEY}\n'},
    "requirement": {PYPROJECT: demo_files()[PYPROJECT].replace('"our-company"', f'"ours {KEY} !"')},
    "address": {PYPROJECT: demo_files()[PYPROJECT].replace('"our-company"', f'"ours @ git+https://{KEY}@e.org/o.git"')},
    "settings": {"pyproject.toml": f'[tool.judge]\nkey = "{KEY}"\n'},
    "unreadable line": {MAIN: f'{demo_files()[MAIN]}\nX = f"{KEY}" =\n'},
}


@pytest.mark.parametrize("where", PLANTED)
def test_a_planted_key_is_in_no_format(where: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, PLANTED[where])
    for name in FORMATS:
        done = osmo("check", "--no-cache", "--output-format", name, cwd=tmp_path)
        said = (done.stdout + done.stderr).lower()
        assert done.returncode == 1
        assert BODY.lower() not in said, name
        assert "oss10" in said, name


def test_a_planted_key_is_in_no_diff(tmp_path: Path) -> None:
    main = demo_files()[MAIN].replace("    async def run", f'    key = "{KEY}"\n\n    def run')
    write_workspace(tmp_path, {MAIN: main})
    done = osmo("check", "--no-cache", "--diff", cwd=tmp_path)
    assert "+    async def run" in done.stdout
    assert f'key = "{"*" * len(KEY)}"' in done.stdout
    assert BODY not in done.stdout + done.stderr


@pytest.mark.parametrize("where", ["key", "section", "requirement", "unreadable line"])
def test_an_editor_is_told_no_planted_key(where: str, tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "workspace", PLANTED[where])
    ((name, text),) = PLANTED[where].items()
    with Editor(root, tmp_path / "cache") as editor:
        editor.open(root / name, text)
        found = editor.diagnostics(root / name)
    assert found
    assert all(BODY.lower() not in one["message"].lower() for one in found)


def test_what_ruff_complains_of_is_masked(tmp_path: Path) -> None:
    write_workspace(tmp_path, {"pyproject.toml": f'[tool.ruff]\n"{KEY}" = 1\n'})
    done = osmo("check", "--no-cache", cwd=tmp_path)
    assert "ruff did not run: " in done.stderr
    assert BODY not in done.stderr + done.stdout


def test_messages_lines_and_fixes_show_no_key() -> None:
    place = Position(1, 7), Position(1, 8)
    fix = Fix("Write it.", (Edit(*place, f'"{KEY}"'),))
    finding = Finding("a.py", *place, "OSC106", "not-async", Severity.ERROR, f"`{KEY}` is none.", fix)
    for name in FORMATS:
        assert BODY not in render(name, [finding], summary={}, sources=lambda _path: [f'X = f("{KEY}")']), name


def test_the_lines_of_a_private_key_are_not_shown() -> None:
    body = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"]
    lines = ['KEY = """-----BEGIN ' + "PRIVATE KEY-----", *body, '"""']
    finding = Finding("a.py", Position(3, 1), Position(3, 2), "OSC106", "not-async", Severity.ERROR, "Look.")
    shown = render("text", [finding], summary={}, sources=lambda _path: lines)
    assert body[1] not in shown
    assert "*" * len(body[1]) in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a {KEY} b", f"a {'*' * len(KEY)} b"),
        (f"{KEY}, {KEY}", f"{'*' * len(KEY)}, {'*' * len(KEY)}"),
        ("sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("nothing", "nothing"),
    ],
)
def test_masks_are_as_long_as_what_they_hide(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_a_stand_in_before_a_key_hides_nothing() -> None:
    assert kind_of_secret(f"sk-proj-your-key-Goes-in-here-1, {KEY}") == "an OpenAI key"


_LONG = f"{BODY}{BODY[::-1]}"
_OF_EACH_KIND = {
    "an Anthropic key": f"sk-{'ant-'}{_LONG}",
    "an OpenRouter key": f"sk-{'or-v1-'}0123456789abcdef0123456789abcdef",
    "an OpenAI key": KEY,
    "a Google key": f"AI{'za'}{_LONG[:35]}",
    "a Hugging Face token": f"hf{'_'}{_LONG}",
    "a GitHub token": f"gh{'s_'}{_LONG}",
    "a GitLab token": f"glpat{'-'}{_LONG}",
    "an AWS key": f"AS{'IA'}0123456789ABCDEF",
    "a Groq key": f"gsk{'_'}{_LONG}",
    "a Slack token": f"xox{'b-'}{_LONG}",
    "a Tavily key": f"tvly{'-'}{_LONG}",
    "a Replicate token": f"r8{'_'}{_LONG}",
    "a private key": f"-----BEGIN RSA PRIVATE{' KEY'}-----\n{_LONG}",
    "a password in an address": f"postgres:{'//'}me:{BODY}@db.internal",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found(kind: str) -> None:
    assert kind_of_secret(f"x = {_OF_EACH_KIND[kind]}") == kind


@pytest.mark.parametrize("mark", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"])
def test_every_github_token_is_found(mark: str) -> None:
    assert kind_of_secret(f"{mark}{_LONG}") == "a GitHub token"
