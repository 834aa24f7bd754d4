"""Reading JSON Lines in blocks of whole lines: quicker than line by line, in as little memory."""

from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO, Final

import msgspec

from osmo_checks.datasets.observe import Batch
from osmo_checks.datasets.rules import PROMPT
from osmo_checks.datasets.shortening import TooLongError, shortened

#: Bytes of a block, to the end of its last line.
_BLOCK: Final = 64 * 1024

#: Bytes; a line that is longer is not held in memory as a whole.
LONG_LINE: Final = 512 * 1024

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class BlockReader:
    """Reads a stream in blocks of lines; a block that was put back is read again line by line. It never seeks.

    Long lines come in pieces: their line end is only in the last one.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
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
            block += self._stream.readline(LONG_LINE)
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
    block = with_lf(block)
    if not block.endswith(b"\n"):
        block += b"\n"
    return BytesIO(block).readlines()  # half the time of splitting


def with_lf(block: bytes) -> bytes:
    """Return a block with LF where there was CR LF."""
    if b"\r" not in block:
        return block
    return without_cr(block) or block.replace(b"\r\n", b"\n")


def without_cr(block: bytes) -> bytes | None:
    """Return a block with LF where there was CR LF, if all its lines end so and it has no other CR.

    That takes a fraction of the time of replacing the pair.
    """
    if b"\r" not in block:
        return None
    without = block.replace(b"\r", b"")
    return without if without.replace(b"\n", b"\r\n") == block else None


class RestOfLine:
    """The text of a long line, read a piece at a time: the ``beginning`` that was read, and the rest."""

    def __init__(self, reader: BlockReader, beginning: bytes) -> None:
        self.ends_file = False
        self._reader = reader
        self._beginning = beginning
        self._is_over = False
        self._decode = getincrementaldecoder("utf-8")("surrogateescape").decode

    def read(self) -> str:
        """Return the next piece without the line end, and with bytes that are not UTF-8 as ``Decoded`` has them."""
        text = ""
        while not text and not self._is_over:
            piece, self._beginning = self._beginning or self._reader.line(_BLOCK), b""
            self.ends_file = not piece
            self._is_over = self.ends_file or piece.endswith(b"\n")
            text = self._decode(piece.removesuffix(b"\n"), self._is_over)
        return text

    def skip(self) -> None:
        """Read to the end of the line."""
        while self.read():
            pass


def read_again(stream: BinaryIO, start: int, *, with_prompts: bool) -> Iterator[Batch]:
    """Yield the lines of a file from byte ``start`` on, and their prompts if asked for."""
    stream.seek(start)
    reader = BlockReader(stream)
    number = 1
    while block := reader.block():
        if len(block) <= LONG_LINE:
            yield _batch(number, lines_of(block), with_prompts=with_prompts)
            number += block.count(b"\n")
            continue
        reader.put_back(BytesIO(block).readlines())
        while reader.has_lines:
            yield _batch(number, _next_line(reader), with_prompts=with_prompts)
            number += 1


def _batch(number: int, lines: list[bytes], *, with_prompts: bool) -> Batch:
    prompts = list(map(_prompt_of, lines)) if with_prompts else ()
    return Batch(range(number, number + len(lines)), lines, prompts)


def _next_line(reader: BlockReader) -> list[bytes]:
    """Return the next line, shortened if it is long; where that cannot be, nothing."""
    line = reader.line(LONG_LINE)
    if len(line) < LONG_LINE or line.endswith(b"\n"):
        return lines_of(line)
    rest = RestOfLine(reader, line)
    try:
        text = shortened(rest.read).text
    except TooLongError:
        rest.skip()
        return []
    return [text.encode("utf-8", "surrogateescape") + b"\n"]


def _prompt_of(line: bytes) -> str | None:
    try:
        prompt = _decode(line).get(PROMPT)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return prompt if isinstance(prompt, str) else None
