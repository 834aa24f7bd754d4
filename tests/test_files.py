"""Files come into being whole or not at all, also several together, and nothing is left beside them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from osmo_checks.files import atomic_files, atomic_writer, remove_abandoned, write_atomically


def write_together(*paths: Path) -> None:
    with atomic_files() as files:
        for path in paths:
            files.open(path).write(b"new")


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") if path.is_file() else "" for path in folder.iterdir()}


def test_several_files_come_into_being_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("old", encoding="utf-8")
    first.chmod(0o600)
    with atomic_files() as files:
        for path in (first, second):
            files.open(path).write(b"new")
        assert first.read_text(encoding="utf-8") == "old"
        assert not second.exists()
    assert contents(tmp_path) == {"a": "new", "b": "new"}
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("obstacle", range(3))
def test_where_one_cannot_be_had_all_are_as_before(obstacle: int, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "c").symlink_to("nowhere")
    paths = [tmp_path / name for name in ("a", "b", "c")]
    paths.insert(obstacle, tmp_path / "folder")
    paths[obstacle].mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_together(*paths)
    assert caught.value.filename2 == str(tmp_path / "folder")
    assert contents(tmp_path) == {"a": "old", "c": "", "folder": ""}
    assert (tmp_path / "c").readlink() == Path("nowhere")


def test_what_was_there_is_put_back_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a").write_text("old", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_together(tmp_path / "a", tmp_path / "folder")
    assert contents(tmp_path) == {"a": "old", "folder": ""}
    write_together(tmp_path / "a", tmp_path / "b")
    assert contents(tmp_path) == {"a": "new", "b": "new", "folder": ""}


WRITER = """
import sys
from pathlib import Path
from osmo_checks.files import atomic_writer
with atomic_writer(Path(sys.argv[1])):
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_writer_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a[1].csv"
    mine = [tmp_path / f".{path.name}.{name}" for name in ("download.tmp", "other.osmo.tmp", "swp")]
    for other in mine:
        other.write_bytes(b"mine")
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"writing\n"
        remove_abandoned(path)
        assert len(list(tmp_path.iterdir())) == len(mine) + 1, "a living process writes it"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(list(tmp_path.iterdir())) == len(mine) + 1
    remove_abandoned(path)
    assert sorted(tmp_path.iterdir()) == sorted(mine)


def test_a_file_that_this_process_writes_is_not_abandoned(tmp_path: Path) -> None:
    with atomic_writer(tmp_path / "a") as stream:
        stream.write(b"first")
        remove_abandoned(tmp_path / "a")
        write_atomically(tmp_path / "a", b"second")
    assert contents(tmp_path) == {"a": "first"}
