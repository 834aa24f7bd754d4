"""What keys, tokens and passwords look like. What is recognised is never repeated in a message."""

import re
from collections.abc import Iterator
from typing import NamedTuple

#: What people write where a key will go.
_STAND_INS = re.compile(
    r"x{4,}|\*{3,}|\.{3}|your|example|placeholder|dummy|fake|sample|changeme|redacted|password|secret", re.IGNORECASE
)
#: Keys are random: so few different characters are a stand-in as well.
_FEWEST_CHARACTERS = 10

KINDS = {
    "an Anthropic key": r"sk-ant-[A-Za-z0-9_-]{20,}",
    "an OpenRouter key": r"sk-or-v1-[0-9a-f]{32,}",
    "an OpenAI key": r"sk-(?=[\w-]{0,99}\d)(?=[\w-]{0,99}[A-Z])[A-Za-z0-9_-]{20,}",
    "a Google key": r"AIza[0-9A-Za-z_-]{35}",
    "a Hugging Face token": r"hf_[A-Za-z0-9]{30,}",
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}",
    "a GitLab token": r"glpat-[A-Za-z0-9_-]{20,}",
    "an AWS key": r"A(?:KIA|SIA)[0-9A-Z]{16}",
    "a Groq key": r"gsk_[A-Za-z0-9]{40,}",
    "a Slack token": r"xox[abprs]-[A-Za-z0-9-]{20,}",
    "a Tavily key": r"tvly-[A-Za-z0-9-]{20,}",
    "a Replicate token": r"r8_[A-Za-z0-9]{30,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s\\]{40,}",
    "a password in an address": r"\b[a-z][a-z0-9+]{1,15}://[^\s:/@]+:[^\s:/@{}$<>]{10,}@(?!localhost|127\.)[\w.-]+",
}
#: One of these stands in every key: most texts have none, and are not searched further.
_MARKS = (
    *("sk-", "AIza", "hf_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "AKIA", "ASIA", "gsk_"),
    *("xox", "tvly-", "r8_", "-----BEGIN ", "://"),
)
_KNOWN = re.compile("|".join(f"(?P<k{number}>{pattern})" for number, pattern in enumerate(KINDS.values())))
_NOUNS = list(KINDS)

_SECRET_NAME = re.compile(r"(^|_)(api_?key|key|token|secret|password|passwd|credentials?)$", re.IGNORECASE)


class Secret(NamedTuple):
    """What kind of secret it is, with its article, and where in the text it stands."""

    kind: str
    start: int
    end: int


def secrets_in(text: str) -> Iterator[Secret]:
    """Yield the secrets of known kinds in ``text``, stand-ins left out."""
    if not any(mark in text for mark in _MARKS):
        return
    for match in _KNOWN.finditer(text):
        if not _STAND_INS.search(match[0]) and len(set(match[0])) >= _FEWEST_CHARACTERS:
            yield Secret(_NOUNS[int(str(match.lastgroup)[1:])], *match.span())


def kind_of_secret(text: str) -> str | None:
    """Return what kind of secret ``text`` holds, with its article, or ``None``."""
    return next((secret.kind for secret in secrets_in(text)), None)


def masked(text: str) -> str:
    """Return ``text`` with asterisks for its secrets: as many, so that columns and rows stay."""
    for secret in secrets_in(text):
        hidden = re.sub(r"\S", "*", text[secret.start : secret.end])
        text = text[: secret.start] + hidden + text[secret.end :]
    return text


def is_name_of_secret(name: str) -> bool:
    """Tell whether a variable is called like a secret: ``OPENAI_API_KEY``, but not ``MAX_TOKENS``."""
    return _SECRET_NAME.search(name) is not None
