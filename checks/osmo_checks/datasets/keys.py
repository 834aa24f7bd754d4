"""What makes two rows the same: their prompt, or all that they hold."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from osmo_checks.datasets.rules import PROMPT

LABELS: Final = ("ground_truth", "label")

Data = Mapping[str, Any]

_encode = msgspec.json.Encoder(order="sorted").encode


def digest(content: bytes, salt: str = "") -> int:
    """Return 64 bits that stand for ``content``, the same in every process; another ``salt`` gives other ones."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8, key=salt.encode()[-64:]).digest(), "big")


def whole_row(row: Data) -> bytes:
    """Return what is the same for equal rows, in whatever order their fields are. 1, 1.0 and true are not equal."""
    try:
        return _encode(row)
    except (OverflowError, ValueError):  # numbers that only Python holds
        return json.dumps(row, sort_keys=True, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def prompt_or_row(row: Data) -> bytes:
    """Return the prompt of a row; of one that has none, the whole row."""
    prompt = row.get(PROMPT)
    if isinstance(prompt, str) and prompt:
        return b"prompt " + prompt.encode("utf-8", errors="surrogatepass")
    return b"row " + whole_row(row)


def label_of(row: Data) -> Any:
    """Return the label of a row; ``None`` where it has none."""
    return next((row[name] for name in LABELS if row.get(name) is not None), None)


def as_text(value: Any) -> str:
    """Return a value as one text: texts as they are, others as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
