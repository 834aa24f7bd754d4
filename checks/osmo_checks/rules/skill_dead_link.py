"""A skill points at a file that is not there.

## What it does
Follows the links in the body of SKILL.md that name files: `[rules](references/rules.md)`. Paths are relative to the
skill's folder. Addresses, anchors, and links inside code are left alone.

## Why is this bad?
Skills keep details in files of their own that an agent opens when it needs them. It finds nothing, and guesses. An
absolute path leads nowhere on other machines.

## How to fix it
Correct the path, from the folder of SKILL.md, with `/`, or add the file.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from osmo_checks.finding import Position, Severity
from osmo_checks.paths import exists
from osmo_checks.rules.base import Example, InText, Problem, Rule
from osmo_checks.rules.markdown import lines_of_body
from osmo_checks.skills import Skill

_LINK = re.compile(r"\[[^\[\]]*\]\(<?(?P<target>[^()<>\s]+)>?(?:\s+\"[^\"]*\")?\)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//|#")
_CODE = re.compile(r"`+[^`]*`+")


def check(skill: Skill) -> Iterator[Problem]:
    if skill.problem or skill.frontmatter.problem:
        return
    for row, line in _prose(skill):
        for match in _LINK.finditer(line):
            message = _message(skill, match["target"])
            if message:
                start, end = match.span("target")
                yield Problem(InText(skill.shown, Position(row, start + 1), Position(row, end + 1)), message)


def _prose(skill: Skill) -> Iterator[tuple[int, str]]:
    """Yield the body's rows and lines outside of code, with blanks for code inside of lines."""
    for line in lines_of_body(skill):
        if not line.is_code:
            yield line.row, _CODE.sub(lambda code: " " * len(code[0]), line.text)


def _message(skill: Skill, target: str) -> str | None:
    if _ADDRESS.match(target):
        return None
    path = unquote(target.partition("#")[0])
    if path.startswith(("/", "~")):
        return f"`{target}` is a path on one machine only: name a file from this folder, or give an address."
    if "\\" in path:
        return f"`{target}` is a path for Windows only: write it with `/`."
    return None if exists(skill.folder / path) else f"There is no `{path}` in this skill: correct it, or add the file."


def _skill(body: str) -> dict[str, str]:
    return {".agents/skills/my-skill/SKILL.md": f"---\nname: my-skill\ndescription: Use when testing.\n---\n{body}"}


RULE = Rule(
    code="OSK107",
    name="skill-dead-link",
    severity=Severity.WARNING,
    docs=__doc__,
    check=check,
    bad=(
        Example(_skill("See [the rules](«references/rules.md») and [more](«/home/me/more.md»).\n")),
        Example(_skill('[Form](«FORMS.md#fields» "All fields")\n')),
    ),
    good=(
        Example(
            {
                **_skill("[Rules](references/our%20rules.md#first), [docs](https://example.org/a.md), [top](#top)\n"),
                ".agents/skills/my-skill/references/our rules.md": "",
            }
        ),
        Example(_skill("Write `[text](file.md)`:\n\n```markdown\n[text](file.md)\n```\n")),
        Example(_skill("Read [the config](../../../configs/eval/demo.toml) first.\n")),
    ),
)
