"""The skills and the texts of a workspace: agents follow them to the letter, so every command in them has to exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from .texts import Shown, commands_in, parse_command

ROOT = Path(__file__).parents[1]
SKILLS = {path.parent.name: path for path in sorted((ROOT / "skills").glob("*/SKILL.md"))}
STAGES = {"plan-training", "create-rollouts", "evaluate-rollouts", "debug-rollouts", "submit-training"}
TEXTS = [*SKILLS.values(), *sorted((ROOT / "templates").rglob("*.md.jinja"))]

#: Of the official command line, what its documentation names.
OFFICIAL = {
    ("auth", "whoami"),
    ("dataset", "list"),
    ("doctor",),
    ("eval", "info"),
    ("eval", "submit"),
    ("secret", "set"),
    ("train", "submit"),
}


def frontmatter(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def commands(program: str) -> list[Any]:
    return [pytest.param(shown, id=str(shown)) for path in TEXTS for shown in commands_in(path, program)]


def test_there_is_a_skill_for_each_stage() -> None:
    assert set(SKILLS) == STAGES


@pytest.mark.parametrize("name", sorted(SKILLS))
def test_frontmatter_is_what_every_agent_reads(name: str) -> None:
    fields, _ = frontmatter(SKILLS[name])
    assert list(fields) == ["name", "description"]
    assert fields["name"] == name
    assert fields["description"].startswith("Use when ")
    assert len(fields["description"]) <= 1024
    assert not set("<>") & set(fields["description"])


@pytest.mark.parametrize("name", sorted(SKILLS))
def test_body_has_the_agreed_shape(name: str) -> None:
    _, body = frontmatter(SKILLS[name])
    headings = re.findall(r"^#+ .*$", body, re.MULTILINE)
    assert headings[0].startswith("# ")
    assert headings[1] == "## First checks"
    assert headings[-1] == "## Guardrails"
    assert re.search(r"## First checks\n\n1\. ", body)
    assert len(body.splitlines()) < 500


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_skills_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"skill\s+`([a-z-]+)`|go on with `([a-z-]+)`", path.read_text(encoding="utf-8"))
    assert {one or other for one, other in named} <= STAGES


@pytest.mark.parametrize("shown", commands("osmo-scaffold"))
def test_our_commands_exist_with_these_options(shown: Shown) -> None:
    parse_command(shown)


@pytest.mark.parametrize("shown", commands("osmosis"))
def test_official_commands_are_documented_ones(shown: Shown) -> None:
    assert shown.words[:2] in OFFICIAL or shown.words[:1] in OFFICIAL


def test_commands_are_found_at_all() -> None:
    assert len(commands("osmo-scaffold")) > 30
    assert len(commands("osmosis")) > 5
