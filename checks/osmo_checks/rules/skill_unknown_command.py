"""A skill names a command that `osmosis` does not have.

## What it does
Looks in SKILL.md for command lines that begin with `osmosis`, in blocks and in inline code, and compares their first
two words with the commands of SDK 0.2 and 0.3. It speaks up only where one of nearly the same name exists: newer SDKs
may have more.

## Why is this bad?
Agents run what a skill says, word for word. The command fails, and the agent tries others of its own invention.

## How to fix it
Write the command that is suggested; `osmosis --help` lists all of them.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from osmo_checks.finding import Position, Severity
from osmo_checks.rules.base import Example, InText, Problem, Rule
from osmo_checks.rules.markdown import lines_of_body
from osmo_checks.skills import Skill

#: Commands and what may follow them, of osmosis-ai 0.2.31 and 0.3.7.
_COMMANDS = {
    "auth": ("login", "logout", "whoami"),
    "benchmark": ("list", "info", "submit", "runs"),
    "dataset": ("upload", "download", "list", "info", "logs", "preview", "validate"),
    "doctor": (),
    "eval": ("rubric", "submit", "run", "upload", "retry", "list", "logs", "info", "download", "stop"),
    "model": ("list", "info", "deploy", "undeploy"),
    "rollout": ("init", "list"),
    "secret": ("list", "set", "delete"),
    "template": ("list", "apply"),
    "train": ("list", "info", "logs", "submit", "stop"),
    "upgrade": (),
}
_WORD = r"[a-z][a-z-]*(?![^\s`])"
_COMMAND = rf"osmosis (?P<first>{_WORD})(?: (?P<second>{_WORD}))?"
_IN_BLOCK, _INLINE = re.compile(rf"^\s*(?:\$ )?{_COMMAND}"), re.compile(rf"`{_COMMAND}")
_ALIKE = 0.75


def check(skill: Skill) -> Iterator[Problem]:
    if skill.problem or skill.frontmatter.problem:
        return
    for row, text, is_code in lines_of_body(skill):
        for match in (_IN_BLOCK if is_code else _INLINE).finditer(text):
            part, meant = _mistake(match["first"], match["second"])
            if meant:
                start, end = match.span(part)
                message = f"`osmosis` has no command `{match[part]}` here: did you mean `{meant}`?"
                yield Problem(InText(skill.shown, Position(row, start + 1), Position(row, end + 1)), message)


def _mistake(first: str, second: str | None) -> tuple[str, str]:
    """Return which word is wrong, and the one it is nearly; that is empty where nothing is wrong for certain."""
    if first not in _COMMANDS:
        return "first", "".join(get_close_matches(first, _COMMANDS, n=1, cutoff=_ALIKE))
    known = _COMMANDS[first]
    unknown = second if second not in known else None
    return "second", "".join(get_close_matches(unknown or "", known, n=1, cutoff=_ALIKE))


def _skill(body: str) -> dict[str, str]:
    return {".agents/skills/my-skill/SKILL.md": f"---\nname: my-skill\ndescription: Use when testing.\n---\n{body}"}


RULE = Rule(
    code="OSK110",
    name="skill-unknown-command",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(_skill("```bash\nosmosis «training» submit configs/training/demo.toml\n```\n")),
        Example(_skill("Run `osmosis eval «sumbit» configs/eval/demo.toml`, then `osmosis train submit`.\n")),
    ),
    good=(
        Example(_skill("```bash\n$ osmosis dataset validate data/demo.jsonl\nosmosis doctor --fix\n```\n")),
        Example(_skill("`osmosis future thing` and `osmosis model download` may come.\nosmosis training is long.\n")),
        Example(_skill("```bash\ngit add osmosis evals.md\nosmosis evals.md\n```\nSee `osmosis trains/first.md`.\n")),
    ),
)
