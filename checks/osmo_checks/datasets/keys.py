"""What makes two rows the same: what they ask, or all that they hold."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from osmo_checks.datasets.rules import METADATA, PROMPT

LABELS: Final = ("ground_truth", "label")

Data = Mapping[str, Any]

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="sorted").encode


def digest(content: bytes, salt: str = "") -> int:
    """Return 64 bits that stand for ``content``, the same in every process; another ``salt`` gives other ones."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8, key=salt.encode()[-64:]).digest(), "big")


def whole_row(row: Data) -> bytes:
    """Return what is the same for equal rows, in whatever order their fields are. 1, 1.0 and true are not equal.

    Metadata is the same as an object and as a text that holds one, as the platform takes it.
    """
    metadata = metadata_of(row)
    row = row if metadata is None else {**row, METADATA: metadata}
    try:
        return _encode(row)
    except (OverflowError, ValueError):  # numbers that only Python holds
        return json.dumps(row, sort_keys=True, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def question_of(row: Data) -> bytes:
    """Return what is the same for rows that ask the same, whatever the right answer is said to be.

    That is the prompt, of the row or in its metadata; without one, the metadata, and without that the row, each but for
    its label. Where nothing is left, it is the whole row.
    """
    metadata = metadata_of(row)
    for holder in (row, metadata or {}):
        prompt = holder.get(PROMPT)
        if isinstance(prompt, str) and prompt:
            return b"prompt " + prompt.encode("utf-8", errors="surrogatepass")
    for kind, holder in ((b"metadata ", metadata or {}), (b"row ", row)):
        asked = {name: value for name, value in holder.items() if name not in LABELS}
        if asked:
            return kind + whole_row(asked)
    return b"row " + whole_row(row)


def metadata_of(row: Data) -> Data | None:
    """Return the metadata of a row, also where it is written as a text; ``None`` where it is no object."""
    value = row.get(METADATA)
    if isinstance(value, str):
        try:
            value = _decode(value)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def label_of(row: Data) -> Any:
    """Return the label of a row; ``None`` where it has none."""
    return next((row[name] for name in LABELS if row.get(name) is not None), None)


def as_text(value: Any) -> str:
    """Return a value as one text: texts as they are, others as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
