"""A label file is at every moment one of its complete versions, and nobody's rows are lost."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_label.errors import InputError, SaveError
from tui_label.labels.files import (
    read_label_file,
    remove_label_file,
    write_empty_label_file,
    write_label_file,
)
from tui_label.labels.yolo import parse_rows

OLD = b"0 0.5 0.5 0.2 0.1\n"
NEW = b"1 0.25 0.25 0.1 0.1\n"
THEIRS = b"2 0.75 0.75 0.1 0.1\n"


@pytest.fixture
def label(tmp_path: Path) -> Path:
    path = tmp_path / "labels" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


class TestReading:
    def test_no_file_is_not_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "empty.txt").touch()
        assert read_label_file(tmp_path / "none.txt").content is None
        assert read_label_file(tmp_path / "empty.txt").content == b""

    def test_rows_and_content_are_those_of_the_file(self, label: Path) -> None:
        file = read_label_file(label)
        assert (file.rows, file.content, file.merged) == (parse_rows(OLD), OLD, False)

    @pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
    def test_what_is_no_file_is_refused(self, tmp_path: Path, make: Callable[[Path], None]) -> None:
        path = tmp_path / "a\x1b.txt"
        make(path)
        with pytest.raises(InputError, match=r"a\\x1b\.txt cannot be read: it is not a regular"):
            read_label_file(path)

    def test_a_file_in_place_of_the_labels_folder_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "labels").touch()
        with pytest.raises(InputError) as caught:
            read_label_file(tmp_path / "labels" / "a.txt")
        assert "folder" in caught.value.hint


class TestWriting:
    def test_a_new_label_file_brings_its_folders(self, tmp_path: Path) -> None:
        path = tmp_path / "labels" / "train" / "a.txt"
        written = write_label_file(path, parse_rows(NEW), None)
        assert path.read_bytes() == written.content == NEW
        assert everything_in(tmp_path) == {"labels", "labels/train", "labels/train/a.txt"}

    def test_writing_again_with_the_known_content_overwrites(self, label: Path) -> None:
        written = write_label_file(label, parse_rows(NEW), OLD)
        assert (label.read_bytes(), written.merged) == (NEW, False)
        again = write_label_file(label, parse_rows(OLD), written.content)
        assert (label.read_bytes(), again.merged) == (OLD, False)

    def test_rows_come_back_as_they_stand_in_the_file(self, label: Path) -> None:
        written = write_label_file(label, (*parse_rows(NEW.rstrip()), *parse_rows(OLD)), OLD)
        assert written.rows == parse_rows(label.read_bytes())

    def test_a_file_that_others_changed_is_merged(self, label: Path) -> None:
        label.write_bytes(THEIRS + OLD)
        written = write_label_file(label, parse_rows(NEW), OLD)
        assert written.merged
        assert label.read_bytes() == written.content == THEIRS + NEW

    def test_a_file_that_appeared_meanwhile_is_merged(self, label: Path) -> None:
        written = write_label_file(label, parse_rows(NEW), None)
        assert (written.content, written.merged) == (OLD + NEW, True)

    def test_a_file_that_vanished_is_written_complete(self, label: Path) -> None:
        label.unlink()
        write_label_file(label, parse_rows(OLD + NEW), OLD)
        assert label.read_bytes() == OLD + NEW

    def test_an_unchanged_file_is_not_touched(self, label: Path) -> None:
        before = label.stat()
        write_label_file(label, parse_rows(OLD), OLD)
        assert label.stat().st_ino == before.st_ino

    @pytest.mark.parametrize("content", [b"", b"\n \n"])
    def test_no_rows_are_never_written_by_accident(self, label: Path, content: bytes) -> None:
        with pytest.raises(ValueError, match="background"):
            write_label_file(label, parse_rows(content), OLD)
        assert label.read_bytes() == OLD

    @pytest.mark.parametrize("mode", [0o600, 0o664, 0o644])
    def test_the_mode_stays(self, label: Path, mode: int) -> None:
        label.chmod(mode)
        write_label_file(label, parse_rows(NEW), OLD)
        assert stat.S_IMODE(label.stat().st_mode) == mode

    def test_a_new_file_has_the_mode_of_the_umask(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            write_label_file(tmp_path / "a.txt", parse_rows(NEW), None)
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640

    def test_a_write_protected_file_is_left_alone(self, label: Path) -> None:
        label.chmod(0o444)
        with pytest.raises(SaveError, match="write-protected"):
            write_label_file(label, parse_rows(NEW), OLD)
        assert label.read_bytes() == OLD

    def test_of_a_symlink_the_target_is_replaced(self, label: Path, tmp_path: Path) -> None:
        link = tmp_path / "links" / "a.txt"
        link.parent.mkdir()
        link.symlink_to(label)
        write_label_file(link, parse_rows(NEW), OLD)
        assert link.is_symlink()
        assert label.read_bytes() == NEW
        assert everything_in(tmp_path) == {"labels", "labels/a.txt", "links", "links/a.txt"}

    def test_names_may_be_as_long_as_the_file_system_allows(self, tmp_path: Path) -> None:
        path = tmp_path / ("x" * 251 + ".txt")
        write_label_file(path, parse_rows(NEW), None)
        assert path.read_bytes() == NEW


class TestBackground:
    def test_an_empty_file_is_written_on_purpose(self, tmp_path: Path) -> None:
        assert write_empty_label_file(tmp_path / "labels" / "a.txt").content == b""
        assert (tmp_path / "labels" / "a.txt").read_bytes() == b""

    def test_known_rows_go_and_those_of_others_stay(self, label: Path) -> None:
        label.write_bytes(OLD + THEIRS)
        written = write_empty_label_file(label, OLD)
        assert (label.read_bytes(), written.merged) == (THEIRS, True)

    def test_without_knowing_the_file_nothing_is_emptied(self, label: Path) -> None:
        assert write_empty_label_file(label).content == label.read_bytes() == OLD


class TestRemoving:
    def test_the_known_file_goes(self, label: Path) -> None:
        assert remove_label_file(label, OLD).content is None
        assert everything_in(label.parent) == set()

    def test_rows_of_others_stay(self, label: Path) -> None:
        label.write_bytes(OLD + THEIRS)
        left = remove_label_file(label, OLD)
        assert (left.content, left.merged) == (THEIRS, True)
        assert label.read_bytes() == THEIRS

    def test_removing_what_is_not_there_is_no_error(self, tmp_path: Path) -> None:
        assert remove_label_file(tmp_path / "labels" / "a.txt", None).content is None

    def test_of_a_symlink_the_target_stays(self, label: Path, tmp_path: Path) -> None:
        link = tmp_path / "a.txt"
        link.symlink_to(label)
        remove_label_file(link, OLD)
        assert not link.is_symlink()
        assert label.read_bytes() == OLD


class TestFailing:
    @pytest.mark.parametrize("call", ["fsync", "replace", "fchmod"])
    @pytest.mark.parametrize(
        ("code", "hint"), [(errno.ENOSPC, "Free some space"), (errno.EIO, "Check the disk")]
    )
    def test_the_old_file_stays_and_no_other_is_left(
        self, label: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, hint: str
    ) -> None:
        def fails(*_arguments: object, **_options: object) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, call, fails)
        with pytest.raises(SaveError) as caught:
            write_label_file(label, parse_rows(NEW), OLD)
        assert str(label) in caught.value.what
        assert caught.value.hint.startswith(hint)
        assert label.read_bytes() == OLD
        assert everything_in(label.parent) == {"a.txt"}

    def test_an_interrupt_leaves_no_temporary_file(
        self, label: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_descriptor: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_label_file(label, parse_rows(NEW), OLD)
        assert everything_in(label.parent) == {"a.txt"}

    def test_when_only_the_folder_is_not_flushed_the_new_file_is_complete(
        self, label: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flush = os.fsync

        def fails_for_folders(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            flush(descriptor)

        monkeypatch.setattr(os, "fsync", fails_for_folders)
        with pytest.raises(SaveError):
            write_label_file(label, parse_rows(NEW), OLD)
        assert label.read_bytes() == NEW
        monkeypatch.undo()
        assert write_label_file(label, parse_rows(NEW), OLD).content == NEW

    def test_file_systems_that_cannot_flush_a_folder_are_accepted(
        self, label: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flush = os.fsync

        def unsupported_for_folders(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            flush(descriptor)

        monkeypatch.setattr(os, "fsync", unsupported_for_folders)
        assert write_label_file(label, parse_rows(NEW), OLD).content == NEW

    def test_a_file_in_place_of_the_labels_folder_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "labels").write_bytes(b"mine")
        for path in (tmp_path / "labels" / "a.txt", tmp_path / "labels" / "train" / "a.txt"):
            with pytest.raises(SaveError) as caught:
                write_label_file(path, parse_rows(NEW), None)
            assert "stands where the folder" in caught.value.hint
        assert (tmp_path / "labels").read_bytes() == b"mine"

    def test_a_folder_in_place_of_the_label_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SaveError, match="not a regular file"):
            write_label_file(tmp_path, parse_rows(NEW), None)

    def test_links_in_a_circle_are_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").symlink_to("b.txt")
        (tmp_path / "b.txt").symlink_to("a.txt")
        with pytest.raises(SaveError) as caught:
            write_label_file(tmp_path / "a.txt", parse_rows(NEW), None)
        assert "circle" in caught.value.hint


# Starts a process that writes without end for every line on its input, and names its pid:
# forked from one warm interpreter, for starting thirty would take longer than the test.
WRITERS = """
import os, sys
from pathlib import Path
from tui_label.labels.files import read_label_file, write_label_file
from tui_label.labels.yolo import parse_rows

path = Path(sys.argv[1])
versions = [parse_rows(b"%d 0.5 0.5 0.2 0.1\\n" % count * count) for count in (2000, 1, 500)]
for _ in sys.stdin:
    writer = os.fork()
    if writer == 0:
        known = read_label_file(path).content
        while True:
            for rows in versions:
                known = write_label_file(path, rows, known).content
    print(writer, flush=True)
    os.waitpid(writer, 0)
"""


def test_a_killed_process_leaves_a_complete_version(label: Path) -> None:
    versions = {OLD} | {b"%d 0.5 0.5 0.2 0.1\n" % count * count for count in (2000, 1, 500)}
    seen = []
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(label)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writers:
        assert writers.stdin is not None and writers.stdout is not None
        for attempt in range(30):
            print(file=writers.stdin, flush=True)
            writer = int(writers.stdout.readline())
            time.sleep(0.003 + 0.0013 * attempt)
            os.kill(writer, signal.SIGKILL)
            seen.append(label.read_bytes())
        writers.stdin.close()
    assert set(seen) <= versions
    assert set(seen) - {OLD}, "no writer got as far as writing"
    leftovers = everything_in(label.parent) - {"a.txt"}
    assert all(name.startswith(".") and name.endswith(".tmp") for name in leftovers)
