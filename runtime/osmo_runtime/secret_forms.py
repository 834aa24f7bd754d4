"""The forms in which a secret can come back: as it is, or as JSON, Python, HTML, URLs and base64 write it."""

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

_URL_SAFE = str.maketrans("+/", "-_")
_BITS_OF_BYTE = 8
_BITS_OF_CHARACTER = 6


def forms(text: str) -> set[str]:
    """Return ``text`` itself and what it becomes where it is encoded whole, or escaped: twice at most.

    The arguments of a tool call are JSON in a JSON document, so what stands escaped in them is escaped once more.
    """
    escaped = {twice for once in _escaped(text) for twice in _escaped(once)}
    return (escaped | set(_percent_encoded(text)) | set(_base64(text))) - {""}


def lines(text: str, shortest: int) -> list[str]:
    """Return the lines of a ``text`` that has several, without those that are shorter than ``shortest``."""
    parts = [line.strip() for line in text.splitlines()]
    return [part for part in parts if len(part) >= shortest] if len(parts) > 1 else []


def _escaped(text: str) -> Iterator[str]:
    yield text
    yield repr(text)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)
    for is_ascii in (True, False):
        escaped = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        yield escaped
        yield escaped.replace("/", r"\/")


def _percent_encoded(text: str) -> Iterator[str]:
    data = text.encode("utf-8", "surrogateescape")
    for encoded in (quote(data), quote(data, safe=""), quote_plus(data)):
        yield encoded
        yield re.sub("%..", lambda found: found[0].lower(), encoded)


def _base64(text: str) -> Iterator[str]:
    """Yield the base64 of ``text``, and what it is within that of a longer text, such as ``user:password``."""
    data = text.encode("utf-8", "surrogateescape")
    whole = base64.b64encode(data).decode()
    for encoded in (whole, whole.rstrip("="), *(_inside(data, before) for before in range(3))):
        yield encoded
        yield encoded.translate(_URL_SAFE)


def _inside(data: bytes, before: int) -> str:
    """Return the characters that ``data`` alone decides where ``before`` other bytes precede it."""
    encoded = base64.b64encode(bytes(before) + data).decode()
    first = -(-before * _BITS_OF_BYTE // _BITS_OF_CHARACTER)
    return encoded[first : (before + len(data)) * _BITS_OF_BYTE // _BITS_OF_CHARACTER]
