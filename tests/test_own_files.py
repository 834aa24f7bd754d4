"""Files of a run's folder, where rollouts have planted something else."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from osmo_runtime import own_files
from osmo_runtime.journal import Journal


def plant_link(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


def plant_hard_link(place: Path, victim: Path) -> None:
    place.hardlink_to(victim)


def plant_pipe(place: Path, _victim: Path) -> None:
    os.mkfifo(place)


def plant_folder(place: Path, victim: Path) -> None:
    (place / "below").mkdir(parents=True)
    (place / "below" / "link").symlink_to(victim)


PLANTS = pytest.mark.parametrize("plant", [plant_link, plant_hard_link, plant_pipe, plant_folder])
Plant = Callable[[Path, Path], None]


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "precious"
    path.write_text("mine")
    return path


@PLANTS
@pytest.mark.parametrize("name", ["it.json", ".it.json.tmp"])
def test_what_is_planted_is_replaced_and_not_written_to(tmp_path: Path, victim: Path, plant: Plant, name: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    plant(folder / name, victim)
    own_files.write(folder / "it.json", b"ours")
    assert (folder / "it.json").read_bytes() == b"ours"
    assert sorted(path.name for path in folder.iterdir() if not path.name.endswith(".moved")) == ["it.json"]
    assert victim.read_text() == "mine"


@PLANTS
def test_a_log_takes_the_place_of_what_is_planted(tmp_path: Path, victim: Path, plant: Plant) -> None:
    plant(tmp_path / "log", victim)
    for said in (b"one", b"two"):
        with own_files.appended(tmp_path / "log", instead=True) as stream:
            stream.write(said)
    assert (tmp_path / "log").read_bytes() == b"onetwo"
    assert victim.read_text() == "mine"


def test_a_planted_folder_is_moved_beside_with_all_that_it_has(tmp_path: Path, victim: Path) -> None:
    plant_folder(tmp_path / "it.json", victim)
    own_files.write(tmp_path / "it.json", b"ours")
    assert (tmp_path / "it.json.moved" / "below" / "link").is_symlink()


def test_a_planted_folder_is_moved_where_there_is_room(tmp_path: Path, victim: Path) -> None:
    for name in ("it.json.moved", "it.json", "it.json.moved1"):
        plant_folder(tmp_path / name, victim)
    own_files.write(tmp_path / "it.json", b"ours")
    assert (tmp_path / "it.json").read_bytes() == b"ours"
    assert (tmp_path / "it.json.moved2" / "below" / "link").is_symlink()


def test_what_stands_in_the_way_is_named_with_its_folder(tmp_path: Path, victim: Path) -> None:
    plant_link(tmp_path / "it", victim)
    with pytest.raises(OSError, match="symbolic links") as raised:
        own_files.appended(tmp_path / "it")
    assert raised.value.filename == str(tmp_path / "it")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_device_stays(tmp_path: Path) -> None:
    path = tmp_path / "null"
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("no devices can be made here")
    with pytest.raises(FileExistsError):
        own_files.appended(path, instead=True)
    with pytest.raises(FileExistsError):
        own_files.write(path, b"ours")
    assert path.is_char_device()


@pytest.mark.parametrize("plant", [plant_link, plant_pipe, plant_folder])
def test_a_journal_is_not_begun_anew_in_place_of_what_is_planted(tmp_path: Path, victim: Path, plant: Plant) -> None:
    plant(tmp_path / "journal", victim)
    with pytest.raises(OSError, match="journal"), Journal(tmp_path / "journal"):
        pass
    assert victim.read_text() == "mine"


def test_a_journal_that_was_copied_by_a_hard_link_keeps_its_lines_and_leaves_the_copy_alone(tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("line\n")
    plant_hard_link(tmp_path / "journal", tmp_path / "copy")
    with Journal(tmp_path / "journal") as writing:
        writing.append(["more\n"])
    assert (tmp_path / "journal").read_text() == "line\nmore\n"
    assert (tmp_path / "copy").read_text() == "line\n"


def test_a_pipe_or_a_folder_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path):
        with pytest.raises(FileExistsError):
            own_files.read(place)


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "it.json"
    own_files.write(path, b"first")

    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_room)
    with pytest.raises(OSError, match="No space left"):
        own_files.write(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]
