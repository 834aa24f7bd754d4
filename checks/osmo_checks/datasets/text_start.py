"""How text files begin: not with the marks of other formats, nor with a byte order mark."""

from typing import BinaryIO

from osmo_checks.datasets import codes
from osmo_checks.datasets.report import FileReport
from osmo_checks.datasets.sniff import BYTE_ORDER_MARK, HEAD_BYTES, what_instead


def go_to_text(stream: BinaryIO, report: FileReport) -> bool:
    """Go to the first character of a stream that is at its start, and report what is no text before it.

    Returns whether it is worth while to read on.
    """
    head = stream.read(HEAD_BYTES)
    instead = what_instead(head)
    if instead:
        report.add(codes.NOT_TEXT, f"This is {instead}, not UTF-8 text: convert or unpack it first.")
        return False
    stream.seek(0)
    if head.startswith(BYTE_ORDER_MARK):
        report.add(codes.BYTE_ORDER_MARK, "The file starts with a byte order mark: save it as UTF-8 without one.")
        stream.seek(len(BYTE_ORDER_MARK))
    return True
