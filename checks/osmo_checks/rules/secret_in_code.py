"""A key or token stands in the code.

## What it does
Looks for texts and comments in Python files that have the form of well-known keys: OpenAI, Anthropic, Google, Hugging
Face, GitHub, AWS and others, private keys, and addresses with a password. Stand-ins (`sk-xxxx`, `your-key`) are left
alone. A file that is not valid Python is searched as it stands.

## Why is this bad?
The repository is cloned by the platform and read by everyone who works with it, and its history keeps the key. Hosts
that scan pushes refuse the commit or revoke the key, and the run fails.

## How to fix it
Revoke the key, since it has been written down. Register the new one (`osmosis secret set NAME`), list its name in
`[secrets].required` of the config, and read it where it is used: `os.environ["NAME"]`.
"""

import io
import tokenize
from collections.abc import Iterator

from osmo_checks.credentials import kind_of_secret, secrets_in
from osmo_checks.finding import Position, Severity
from osmo_checks.python import nodes as cst
from osmo_checks.python.project import Module
from osmo_checks.rules.base import Example, InCode, InText, Place, Problem, Rule
from osmo_checks.rules.places import secrets_of


def check(module: Module) -> Iterator[Problem]:
    text = module.source.data.decode("utf-8-sig", errors="replace")
    # Most files hold none, which one look at the whole of them tells.
    if not kind_of_secret(text):
        return
    found = secrets_of(module.source.shown, text) if module.problem else _secrets(module, text)
    for place, kind in found:
        message = f"This is {kind}: revoke it, register a new one as a secret and read it from `os.environ`."
        yield Problem(place, message)


def _secrets(module: Module, text: str) -> Iterator[tuple[Place, str]]:
    for scope in module.scope.below():
        nodes: list[cst.SimpleString | cst.FormattedStringText] = [
            *(site.node for site in scope.each(cst.SimpleString)),
            *(site.node for site in scope.each(cst.FormattedStringText)),
        ]
        for node in nodes:
            kind = kind_of_secret(node.value)
            if kind:
                yield InCode(module, node), kind
    for comment in _comments(text):
        row, column = comment.start
        for secret in secrets_in(comment.string):
            start, end = (Position(row, column + offset + 1) for offset in (secret.start, secret.end))
            yield InText(module.source.shown, start, end), secret.kind


def _comments(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from (
            token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT
        )
    except (tokenize.TokenError, SyntaxError):
        return


# In parts, so that this file holds nothing of the form of a key.
_OPENAI = "sk-" + "proj-" + "Zk3vQ9dLr7TbXw2NcY8mHf4J"
_GITHUB = "ghp_" + "a8Fj2kLq9ZxWv3Tn7Rb5Yc1Hm6Pd4Sg0Ue2X"
_IN_ADDRESS = "postgresql" + "://trainer:" + "q8Zt4vLw2Nx9" + "@db.internal/rewards"

RULE = Rule(
    code="OSS101",
    name="secret-in-code",
    severity=Severity.ERROR,
    docs=__doc__,
    check=check,
    bad=(
        Example({"rollouts/demo/judge.py": f'def client(make):\n    return make(api_key=«"{_OPENAI}"»)\n'}),
        Example({"rollouts/demo/tools.py": f"HEADERS = {{'Authorization': «'Bearer {_GITHUB}'»}}\n"}),
        Example({"rollouts/demo/store.py": f'ADDRESS = «"{_IN_ADDRESS}"»\n'}),
        Example({"rollouts/demo/judge.py": f'def header(name):\n    return f"{{name}}«: Bearer {_GITHUB}»"\n'}),
        Example({"rollouts/demo/judge.py": f"# it was «{_OPENAI}»\nKEY = None\n"}),
        Example({"rollouts/demo/judge.py": f'KEY = None\nKEY = "«{_OPENAI}»\n'}),
    ),
    good=(
        Example(
            {"rollouts/demo/judge.py": 'KEY = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"\nOTHER = "sk-your-key-goes-in-here"\n'}
        ),
        Example({"rollouts/demo/judge.py": 'import os\n\nKEY = os.environ["OPENAI_API_KEY"]\nPREFIX = "sk-"\n'}),
        Example({"rollouts/demo/store.py": 'ADDRESS = "postgresql://{user}:{password}@db.internal/rewards"\n'}),
        Example({"rollouts/demo/store.py": 'ADDRESS = "postgresql://me:my-password-1@db.internal/rewards"\n'}),
        Example({"rollouts/demo/prompts.py": 'STYLE = "sk-learn-style-estimators-are-fine"\n'}),
    ),
)
