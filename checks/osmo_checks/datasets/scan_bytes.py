"""Reads one JSON value from decoded text in which bytes that are not UTF-8 kept their place."""

from osmo_checks.datasets import codes
from osmo_checks.datasets.decoding import bad_byte_at, bad_byte_message, without_bad_bytes
from osmo_checks.datasets.scan import Flaw, Scan, scan


def scan_with_bad_bytes(text: str) -> Scan:
    """Read a text as ``scan`` does; bytes that are not UTF-8 are a flaw, and replaced."""
    bad = bad_byte_at(text)
    if bad is None:
        return scan(text)
    found = scan(without_bad_bytes(text))
    return Scan(found.root, [Flaw(codes.INVALID_UTF8, bad, bad + 1, bad_byte_message(text, bad)), *found.flaws])
