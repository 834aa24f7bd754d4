"""What processes print, in a file that does not grow without end."""

import asyncio
import os
from pathlib import Path

from osmo_runtime.log import Log

LIMIT = 1000


def keep(path: Path, *pieces: bytes) -> None:
    async def keeping() -> None:
        stream = asyncio.StreamReader()
        for piece in pieces:
            stream.feed_data(piece)
        stream.feed_eof()
        await Log(path, str, LIMIT).keep(stream)
        assert stream.at_eof()  # whoever prints is never kept waiting

    asyncio.run(keeping())


def test_it_ends_at_its_limit_and_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for _ in range(3):
        keep(path, b"x" * 99 + b"\n", *[b"y" * 299 + b"\n"] * 2)
    text = path.read_text(encoding="utf-8")
    assert text.count("[the rest is left out: this log ends after 1000 bytes]") == 1
    assert text.index("\n[the rest") == LIMIT
    assert text.startswith("x" * 99 + "\n" + "y" * 299)
    assert len(text) < LIMIT + 100


def test_a_single_line_is_cut_as_well(tmp_path: Path) -> None:
    keep(tmp_path / "log", b"\xff" * 10_000)
    assert (tmp_path / "log").stat().st_size < LIMIT + 100


def test_nothing_that_is_not_a_file_takes_a_log(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    keep(tmp_path / "pipe", b"said\n")
    keep(tmp_path / "missing" / "log", b"said\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    keep(tmp_path / "link" / "log", b"said\n")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_says_nothing_has_no_log(tmp_path: Path) -> None:
    keep(tmp_path / "log")
    assert not list(tmp_path.iterdir())
