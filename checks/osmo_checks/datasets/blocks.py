"""Reading JSON Lines in blocks of whole lines: quicker than line by line, in as little memory."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec

from osmo_checks.datasets.observe import Batch
from osmo_checks.datasets.rules import PROMPT

#: Bytes of a block, to the end of its last line.
_BLOCK: Final = 128 * 1024

#: Bytes of a line that are read again to find its copies.
_MAX_LINE: Final = 8 * 1024 * 1024

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def read_block(stream: BinaryIO, max_line: int) -> bytes:
    """Read some lines, or the beginning of one that goes on for more than ``max_line`` bytes."""
    block = stream.read(_BLOCK)
    if block and not block.endswith(b"\n"):
        block += stream.readline(max_line)
    return block


def lines_of(block: bytes) -> list[bytes]:
    """Return the lines of a block without their line ends."""
    lines = (block.replace(b"\r\n", b"\n") if b"\r" in block else block).split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def read_again(stream: BinaryIO, start: int, *, with_prompts: bool) -> Iterator[Batch]:
    """Yield the lines of a file from byte ``start`` on, and their prompts if asked for."""
    stream.seek(start)
    number = 1
    while block := read_block(stream, _MAX_LINE):
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
