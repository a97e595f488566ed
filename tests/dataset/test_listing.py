"""Images are found once each, in the order in which people count."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_label.dataset.listing import list_file, list_folder, natural_key
from tui_label.errors import InputError


def touched(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in list_folder(folder).images]


def test_numbers_in_names_count_as_numbers(tmp_path: Path) -> None:
    touched(tmp_path, "f10.jpg", "f2.jpg", "F1.jpg", "a.png", "007.jpg", "7.jpg")
    assert found(tmp_path) == ["007.jpg", "7.jpg", "a.png", "F1.jpg", "f2.jpg", "f10.jpg"]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_any_names_can_be_sorted_and_equal_keys_are_equal_names(names: list[str]) -> None:
    keys = [natural_key(name) for name in sorted(names, key=natural_key)]
    assert keys == sorted(keys)
    assert all((natural_key(a) == natural_key(b)) == (a == b) for a in names for b in names)


def test_a_folder_comes_before_its_subfolders_and_these_in_order(tmp_path: Path) -> None:
    touched(tmp_path, "b10/x.jpg", "b2/y.JPG", "z.webp", "b2/deep/w.tiff")
    assert found(tmp_path) == ["z.webp", "b2/y.JPG", "b2/deep/w.tiff", "b10/x.jpg"]


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg", "._a.jpg", ".tui-label/x.jpg", ".git/y.jpg")
    assert found(tmp_path) == ["a.jpg"]


def test_loops_and_doubles_of_links_are_walked_once(tmp_path: Path) -> None:
    touched(tmp_path, "d/a.jpg")
    (tmp_path / "d" / "loop").symlink_to(tmp_path)
    (tmp_path / "e").symlink_to(tmp_path / "d")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert found(tmp_path) == ["d/a.jpg"]


def test_links_to_folders_elsewhere_are_followed(tmp_path: Path) -> None:
    touched(tmp_path / "store", "a.jpg")
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "images").symlink_to(tmp_path / "store")
    assert found(tmp_path / "dataset") == ["images/a.jpg"]


def test_formats_without_a_decoder_are_told_about(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg", "b.heic", "c.HEIC", "d.dng", "e.mp4")
    listing = list_folder(tmp_path)
    assert len(listing.images) == 1
    assert listing.notes == ("Left out, because they cannot be decoded here: 1 .dng, 2 .heic.",)


def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    touched(tmp_path, os.fsdecode(b"caf\xe9.jpg"), "line\nbreak.jpg")
    assert len(list_folder(tmp_path).images) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_subfolder_is_told_about_and_an_unreadable_folder_refused(
    tmp_path: Path,
) -> None:
    touched(tmp_path, "a.jpg", "secret/b.jpg")
    secret = tmp_path / "secret"
    secret.chmod(0)
    listing = list_folder(tmp_path)
    assert len(listing.images) == 1
    assert "secret" in listing.notes[0]
    with pytest.raises(InputError, match="permission denied"):
        list_folder(secret)
    secret.chmod(0o700)


def test_lines_are_looked_up_from_here_then_from_beside_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, beside = tmp_path / "here", tmp_path / "beside"
    touched(here, "a.jpg", "b.jpg")
    touched(beside, "a.jpg", "b.jpg", "c.jpg")
    monkeypatch.chdir(here)
    source = beside / "list.txt"
    source.write_bytes(f"\ufeff./a.jpg\r\nb.jpg\r\n\r\nc.jpg\r\n{here}/../here/b.jpg\n".encode())
    listing = list_file(source)
    assert listing.images == (beside / "a.jpg", here / "b.jpg", beside / "c.jpg")
    assert listing.notes == ()


def test_missing_lines_are_counted_and_the_rest_opens(tmp_path: Path) -> None:
    touched(tmp_path, "a.jpg", "notes.md")
    source = tmp_path / "list.txt"
    source.write_text("a.jpg\n" + "".join(f"gone{i}.jpg\n" for i in range(5)) + "notes.md\n")
    listing = list_file(source)
    assert listing.images == (tmp_path / "a.jpg",)
    assert "6 of 7 lines" in listing.notes[0]
    assert "gone0.jpg, gone1.jpg, gone2.jpg and 3 more" in listing.notes[0]


@pytest.mark.parametrize(
    "text", ["", "\n \n", "0 0.5 0.5 0.1 0.1\n", "a\0b.jpg\n", "\x1b[2J.jpg\n"]
)
def test_a_list_without_images_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "list.txt"
    source.write_text(text)
    with pytest.raises(InputError) as caught:
        list_file(source)
    assert str(caught.value).isprintable()
