"""What makes two rows the same: their prompt, or all that they hold."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

PROMPT: Final = "user_prompt"
LABELS: Final = ("ground_truth", "label")

Data = Mapping[str, Any]


def digest(text: str, salt: str = "") -> int:
    """Return 64 bits that stand for ``text``, the same in every process; another ``salt`` gives other ones."""
    content = f"{salt}\0{text}".encode("utf-8", errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def whole_row(row: Data) -> str:
    """Return a text that is the same for equal rows, in whatever order their fields are."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def prompt_or_row(row: Data) -> str:
    """Return the prompt of a row; of one that has none, the whole row."""
    prompt = row.get(PROMPT)
    return f"prompt {prompt}" if isinstance(prompt, str) and prompt else f"row {whole_row(row)}"


def label_of(row: Data) -> Any:
    """Return the label of a row; ``None`` where it has none."""
    return next((row[name] for name in LABELS if row.get(name) is not None), None)


def as_text(value: Any) -> str:
    """Return a value as one text: texts as they are, others as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
