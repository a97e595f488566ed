"""A file is replaced whole or not at all, and stays what it was to everyone else."""

import errno
import os
import stat
from pathlib import Path

import pytest

from tui_label.labels.replacing import create_folder, replace_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "names.txt"
    path.write_bytes(b"old")
    return path


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "a", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_mode_and_owner_stay(file: Path) -> None:
    os.chown(file, 1234, 4321)
    file.chmod(0o664)
    replace_file(file, b"new")
    status = file.stat()
    assert (status.st_uid, status.st_gid) == (1234, 4321)
    assert stat.S_IMODE(status.st_mode) == 0o664


def test_of_a_symlink_the_target_is_replaced(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file.name)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("later")
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "later").read_bytes() == b"new"


def test_links_in_a_circle_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").is_symlink()


def test_a_write_protected_file_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(OSError, match="write-protected") as caught:
        replace_file(file, b"new")
    assert caught.value.errno == errno.EACCES
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fsync", "replace", "fchmod"])
def test_when_a_step_fails_the_old_file_stays_and_no_other_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        replace_file(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_content_and_the_entry_of_the_folder_are_flushed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush, flushed = os.fsync, []

    def notes(descriptor: int) -> None:
        flushed.append(stat.S_IFMT(os.fstat(descriptor).st_mode))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", notes)
    replace_file(file, b"new")
    assert flushed == [stat.S_IFREG, stat.S_IFDIR]


def test_folders_are_created_with_those_above_them(tmp_path: Path) -> None:
    create_folder(tmp_path / "a" / "b")
    create_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
