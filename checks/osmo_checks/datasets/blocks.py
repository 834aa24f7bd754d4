"""Reading JSON Lines in blocks of whole lines: quicker than line by line, in as little memory."""

from collections import deque
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO, Final

import msgspec

from osmo_checks.datasets.observe import Batch
from osmo_checks.datasets.rules import PROMPT

#: Bytes of a block, to the end of its last line.
_BLOCK: Final = 64 * 1024

#: Bytes of a line that are read again to find its copies.
_MAX_LINE: Final = 8 * 1024 * 1024

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class BlockReader:
    """Reads a stream in blocks of lines; a block that was put back is read again line by line. It never seeks.

    Lines longer than ``max_line`` bytes come in pieces: their line end is only in the last one.
    """

    def __init__(self, stream: BinaryIO, max_line: int) -> None:
        self._stream = stream
        self._max_line = max_line
        self._put_back: deque[bytes] = deque()

    @property
    def has_lines(self) -> bool:
        """Tell whether there are lines of a block that was put back."""
        return bool(self._put_back)

    def block(self, end: int | None = None) -> bytes:
        """Read some lines, or the beginning of one that is too long; nothing at the end, or from byte ``end`` on."""
        most = _BLOCK if end is None else max(0, min(_BLOCK, end - self._stream.tell()))
        block = self._stream.read(most)
        if block and not block.endswith(b"\n"):
            block += self._stream.readline(self._max_line)
        return block

    def put_back(self, lines: Sequence[bytes]) -> None:
        self._put_back.extendleft(reversed(lines))

    def line(self, most: int) -> bytes:
        """Read a line, or ``most`` bytes of one; nothing at the end."""
        line = b""
        while self._put_back and not line.endswith(b"\n"):
            line += self._put_back.popleft()
        if not line.endswith(b"\n") and len(line) < most:
            line += self._stream.readline(most - len(line))
        if len(line) > most:
            self._put_back.appendleft(line[most:])
        return line[:most]


def lines_of(block: bytes) -> list[bytes]:
    """Return the lines of a block, each with LF as its line end, also the last one, and where there was CR LF."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    if not block.endswith(b"\n"):
        block += b"\n"
    return BytesIO(block).readlines()  # half the time of splitting


def read_again(stream: BinaryIO, start: int, *, with_prompts: bool) -> Iterator[Batch]:
    """Yield the lines of a file from byte ``start`` on, and their prompts if asked for."""
    stream.seek(start)
    reader = BlockReader(stream, _MAX_LINE)
    number = 1
    while block := reader.block():
        lines = lines_of(block)
        prompts = list(map(_prompt_of, lines)) if with_prompts else ()
        yield Batch(range(number, number + len(lines)), lines, prompts)
        number += block.count(b"\n")


def _prompt_of(line: bytes) -> str | None:
    try:
        prompt = _decode(line).get(PROMPT)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return prompt if isinstance(prompt, str) else None
