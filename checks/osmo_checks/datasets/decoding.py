"""UTF-8 text a piece at a time, where bytes that are no UTF-8 keep their place instead of ending the reading."""

import codecs
import re
from typing import BinaryIO, Final

#: Bytes read at a time.
_PIECE: Final = 64 * 1024

#: Bytes.
_LONGEST_CHARACTER: Final = 4

#: Stands for the byte 0xNN that is not UTF-8, as U+DCNN. Text has no such character otherwise.
_BAD: Final = re.compile("[\udc80-\udcff]")


class Decoded:
    """The text of ``stream`` from where it stands."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rest = b""
        self._is_at_end = False

    def read(self) -> str:
        """Return the next piece; an empty one at the end."""
        text = ""
        while not text and not self._is_at_end:
            if len(self._rest) < _LONGEST_CHARACTER:
                more = self._stream.read(_PIECE)
                self._is_at_end = not more
                self._rest += more
            text = self._decode()
        return text

    def undecoded(self, unused: str, size: int) -> bytes:
        """Return what comes next as bytes: ``unused``, which was read last, and about ``size`` bytes in whole lines.

        Nothing is taken by that, see ``skip``. Returns nothing at the end.
        """
        self._is_at_end = False
        self._rest = unused.encode("utf-8", "surrogateescape") + self._rest
        if len(self._rest) < size:
            self._rest += self._stream.read(size - len(self._rest))
            if not self._rest.endswith(b"\n"):
                self._rest += self._stream.readline(size)
        end = self._rest.find(b"\n", size - 1) + 1
        return self._rest[:end] if end else self._rest

    def skip(self, size: int) -> None:
        """Take so many of the bytes that are ``undecoded``."""
        self._rest = self._rest[size:]

    def _decode(self) -> str:
        raw = self._rest[:_PIECE]
        try:
            text, used = codecs.utf_8_decode(raw, "strict", self._is_at_end)
        except UnicodeDecodeError:
            text, used = codecs.utf_8_decode(raw, "surrogateescape", self._is_at_end)
        self._rest = self._rest[used:]
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
