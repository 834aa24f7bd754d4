"""UTF-8 text a piece at a time, where bytes that are no UTF-8 keep their place instead of ending the reading."""

import codecs
import re
from typing import BinaryIO, Final

#: Bytes read at a time.
_PIECE: Final = 64 * 1024

#: Stands for the byte 0xNN that is not UTF-8, as U+DCNN. Text has no such character otherwise.
_BAD: Final = re.compile("[\udc80-\udcff]")


class Decoded:
    """The text of ``stream`` from where it stands. ``is_damaged`` once there was a byte that is not UTF-8."""

    def __init__(self, stream: BinaryIO) -> None:
        self.is_damaged = False
        self._stream = stream
        self._rest = b""
        self._is_at_end = False

    def read(self) -> str:
        """Return the next piece; an empty one at the end."""
        text = ""
        while not text and not self._is_at_end:
            more = self._stream.read(_PIECE)
            self._is_at_end = not more
            text = self._decode(self._rest + more)
        return text

    def _decode(self, raw: bytes) -> str:
        try:
            text, used = codecs.utf_8_decode(raw, "strict", self._is_at_end)
        except UnicodeDecodeError:
            self.is_damaged = True
            text, used = codecs.utf_8_decode(raw, "surrogateescape", self._is_at_end)
        self._rest = raw[used:]
        return text


def bad_byte_at(text: str) -> int | None:
    """Return where the first byte that is not UTF-8 stands in a decoded text, if there is one."""
    found = _BAD.search(text)
    return found.start() if found else None


def bad_byte_message(text: str, at: int) -> str:
    return f"The byte 0x{ord(text[at]) & 0xFF:02X} is not UTF-8: convert the file to UTF-8."


def without_bad_bytes(text: str) -> str:
    """Return a text of the same length that can be written again."""
    return _BAD.sub("\N{REPLACEMENT CHARACTER}", text)
