"""The order of a class list is a contract: names are appended and numbers never move."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_label.dataset.classes import (
    ClassList,
    added,
    find_classes,
    read_names,
    save_classes,
)
from tui_label.errors import InputError, SaveError

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(
    lambda name: name.strip() == name and name.isprintable()
)


@settings(max_examples=25, deadline=None)
@given(st.lists(names, unique=True, max_size=8))
def test_a_saved_list_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str]
) -> None:
    root = tmp_path_factory.mktemp("classes")
    class_list = ClassList()
    for name in chosen:
        class_list = added(class_list, name)
    saved = save_classes(class_list, root)
    assert saved.source == root / "classes.txt"
    assert read_names(root / "classes.txt") == tuple(chosen)


def test_adding_never_moves_a_number() -> None:
    class_list = added(ClassList(("dog", "", "cat")), "ant")
    assert class_list.names == ("dog", "", "cat", "ant")


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "esc\x1b[2J", "line\u2028end", "dog"])
def test_a_name_must_be_one_new_line_of_text(name: str) -> None:
    with pytest.raises(InputError) as caught:
        added(ClassList(("dog",)), name)
    assert str(caught.value).isprintable()


def test_a_number_beyond_the_list_or_without_a_name_has_a_title() -> None:
    class_list = ClassList(("dog", ""))
    assert class_list.title(0) == "dog"
    assert class_list.title(1) == "class 1"
    assert class_list.title(7) == "class 7"
    assert class_list.title(-1) == "class -1"
    assert ClassList(("a\x1b[2J",)).title(0) == "a\\x1b[2J"


def test_blank_lines_keep_their_number_in_the_middle_and_vanish_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_bytes("\ufeffdog\r\n\r\ncat\r\n\r\n\r\n".encode())
    assert read_names(path) == ("dog", "", "cat")


def test_a_class_list_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_bytes(b"dog\n\xff\xfe\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_names(path)


@pytest.mark.parametrize("place", [".", "labels", "images", "images/train", "labels/train"])
@pytest.mark.parametrize("file", ["classes.txt", "obj.names"])
def test_the_list_is_found_beside_and_above_the_images(
    tmp_path: Path, place: str, file: str
) -> None:
    folder = tmp_path / "images" / "train"
    for made in (folder, tmp_path / place):
        made.mkdir(parents=True, exist_ok=True)
    (tmp_path / place / file).write_text("dog\ncat\n")
    if place == "images":
        folder = folder.parent
    found, notes = find_classes(folder)
    assert found == ClassList(("dog", "cat"), tmp_path / place / file, editable=True)
    assert notes == ()


def test_names_of_a_data_yaml_are_not_editable(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text("names: [dog]\n")
    found, _ = find_classes(tmp_path)
    assert not found.editable
    for refused in (lambda: added(found, "cat"), lambda: save_classes(found, tmp_path)):
        with pytest.raises(InputError, match=r"data\.yaml") as caught:
            refused()
        assert "Add the name to that file" in caught.value.hint
    assert (tmp_path / "data.yaml").read_text() == "names: [dog]\n"


def test_of_two_lists_that_disagree_the_one_of_training_counts(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("dog\n")
    (tmp_path / "data.yaml").write_text("names: [cat]\n")
    found, notes = find_classes(tmp_path)
    assert found.names == ("cat",)
    assert "differently" in notes[0]


def test_a_list_that_cannot_be_read_is_told_about_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_bytes(b"\xff\xff")
    (tmp_path / "data.yaml").write_text("names: [cat]\n")
    found, notes = find_classes(tmp_path)
    assert found.names == ("cat",)
    assert "not UTF-8" in notes[0]


def test_the_same_name_twice_is_kept_and_told_about(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("dog\ncat\ndog\n")
    found, notes = find_classes(tmp_path)
    assert found.names == ("dog", "cat", "dog")
    assert "dog" in notes[0]


def test_no_list_is_an_empty_editable_one(tmp_path: Path) -> None:
    assert find_classes(tmp_path) == (ClassList(), ())


def test_saving_goes_back_to_the_file_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "obj.names"
    path.write_text("dog\n")
    path.chmod(0o640)
    found, _ = find_classes(tmp_path)
    save_classes(added(found, "cat"), tmp_path)
    assert path.read_text() == "dog\ncat\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["obj.names"]


def test_a_list_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared.txt").write_text("dog\n")
    (tmp_path / "classes.txt").symlink_to("shared.txt")
    save_classes(added(find_classes(tmp_path)[0], "cat"), tmp_path)
    assert (tmp_path / "classes.txt").is_symlink()
    assert (tmp_path / "shared.txt").read_text() == "dog\ncat\n"


def test_a_write_protected_list_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_text("dog\n")
    path.chmod(0o444)
    with pytest.raises(SaveError, match="cannot be written: the file is write-protected"):
        save_classes(added(find_classes(tmp_path)[0], "cat"), tmp_path)
    assert path.read_text() == "dog\n"
    assert [file.name for file in tmp_path.iterdir()] == ["classes.txt"]


@pytest.mark.parametrize("written", [b"dog\r\ncat\r\n", b"\xef\xbb\xbfdog\ncat", b"dog\ncat\n\n"])
def test_names_that_stand_there_already_are_not_written_again(
    tmp_path: Path, written: bytes
) -> None:
    path = tmp_path / "classes.txt"
    path.write_bytes(written)
    path.chmod(0o444)
    before = path.stat()
    saved = save_classes(find_classes(tmp_path)[0], tmp_path)
    assert saved == ClassList(("dog", "cat"), path)
    assert path.read_bytes() == written
    assert path.stat().st_ino == before.st_ino


def test_a_list_that_another_program_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_text("dog\n")
    mine = added(find_classes(tmp_path)[0], "cat")
    path.write_text("dog\nbird\n")
    with pytest.raises(SaveError, match="changed by another program"):
        save_classes(mine, tmp_path)
    assert path.read_text() == "dog\nbird\n"


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="cannot be written"):
        save_classes(ClassList(("dog",)), tmp_path / "gone")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SaveError, match="permission denied"):
        save_classes(ClassList(("dog",)), tmp_path)
    tmp_path.chmod(0o700)
